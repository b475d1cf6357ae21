// Lines come in chunks of bytes that end anywhere.
import { expect, test } from "vitest";
import { eachLine } from "../../src/dram/trace-lines.ts";

async function* chunksOf(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function requestsIn(text: string, size: number): Promise<(readonly [boolean, number])[]> {
  const requests: (readonly [boolean, number])[] = [];
  await eachLine("t", chunksOf(text, size), (line) => {
    requests.push([line.access("LD", "ST"), line.address()]);
    line.finish();
  });
  return requests;
}

const sizes = Array.from({ length: 40 }, (_, i) => i + 1);

test.each(["", "\n", "\r\n"])("where chunks end changes nothing, with %j at the end", async (end) => {
  const text = `LD 0x40\n\n  \t\nST\t128\r\n LD 0X1fFFfF  \nST 0x0${end}`;
  for (const size of sizes) {
    const requests = await requestsIn(text, size);
    expect([size, requests]).toEqual([
      size,
      [
        [false, 64],
        [true, 128],
        [false, 0x1fffff],
        [true, 0],
      ],
    ]);
  }
});

test.each([
  ["LD 0x40\n\n LD 0x4g\nLD 0x0\n", 't:3:5: expected an address, not "0x4g"'],
  ["LD 0x40\nLD\nLD 0x0\n", "t:2:3: expected an address"],
  ["LD 0x40\nLD 0x80 7\n", 't:2:9: expected the end of the line, not "7"'],
  ["LD 0x40\nLDX 0x80", 't:2:1: expected LD or ST, not "LDX"'],
  ["LD 0x40\nST", "t:2:3: expected an address"],
])("nor the place of a fault: %j", async (text, message) => {
  for (const size of sizes) await expect(requestsIn(text, size), `${size}`).rejects.toThrow(message);
});

test("a line without an end is refused once it is longer than any request", async () => {
  for (const size of [100, 5000]) {
    await expect(requestsIn(`LD 0x40\n${"0".repeat(5000)}`, size)).rejects.toThrow(/^t:2:1025: a line is at most 1024/);
  }
});
