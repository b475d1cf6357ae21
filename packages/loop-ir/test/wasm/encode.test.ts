import { describe, expect, it } from "vitest";
import { ByteWriter } from "../../src/wasm/encode.ts";

const hex = (writer: ByteWriter) => [...writer.finish()].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");

describe("LEB128", () => {
  it.each([
    [0, "00"],
    [127, "7f"],
    [128, "80 01"],
    [16256, "80 7f"],
    [624485, "e5 8e 26"],
    [2 ** 31, "80 80 80 80 08"],
    [2 ** 32 - 1, "ff ff ff ff 0f"],
  ])("writes unsigned %i", (value, bytes) => {
    expect(hex(new ByteWriter().unsigned(value))).toBe(bytes);
  });

  it.each([
    [0, "00"],
    [63, "3f"],
    [64, "c0 00"],
    [-1, "7f"],
    [-64, "40"],
    [-65, "bf 7f"],
    [-123456, "c0 bb 78"],
    [2 ** 31 - 1, "ff ff ff ff 07"],
    [-(2 ** 31), "80 80 80 80 78"],
    [2n ** 63n - 1n, "ff ff ff ff ff ff ff ff ff 00"],
    [-(2n ** 63n), "80 80 80 80 80 80 80 80 80 7f"],
  ])("writes signed %s", (value, bytes) => {
    expect(hex(new ByteWriter().signed(value))).toBe(bytes);
  });

  it("keeps what was written when it grows", () => {
    const writer = new ByteWriter();
    for (let value = 0; value < 1000; value++) writer.byte(value & 0xff);
    expect([...writer.finish()]).toEqual(Array.from({ length: 1000 }, (_, value) => value & 0xff));
  });
});
