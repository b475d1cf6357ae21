import { describe, expect, it } from "vitest";
import { homeSlot } from "../../src/index.ts";
import { probe, slotsFor } from "../../src/storage/hash-table.ts";

describe("a table", () => {
  it("has a power of two of slots, at least twice the children", () => {
    expect([0, 1, 2, 3, 4, 5, 8, 9, 2 ** 29].map(slotsFor)).toEqual([0, 2, 4, 8, 8, 16, 16, 32, 2 ** 30]);
  });

  it("starts its searches where stored tensors rely on it", () => {
    expect([0, 1, 2, 3, 100, 2 ** 31 - 2].map((c) => homeSlot(c, 16))).toEqual([0, 9, 3, 13, 12, 4]);
    expect([0, 1, 2, 3].map((c) => homeSlot(c, 2))).toEqual([0, 1, 0, 1]);
    expect(homeSlot(7, 1)).toBe(0);
  });

  it("is searched upwards and around from there, and never for ever", () => {
    // Home of 3 among 4 slots is 3; 1 has taken it, so 3 went around to 0.
    const table = Int32Array.of(3, -1, 1, 1);
    expect(homeSlot(3, 4)).toBe(3);
    expect(probe(table, 0, 4, 3)).toBe(0);
    expect(probe(Int32Array.of(9, 9, 9, 9), 0, 4, 3)).toBe(-1);
    expect(probe(table, 0, 0, 3)).toBe(-1);
  });
});
