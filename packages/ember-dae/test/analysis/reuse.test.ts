import { describe, expect, test } from "vitest";
import { analyzeReuse, readTrace, stackDistances } from "../../src/index.ts";
import { randomFrom } from "../support/random-instance.ts";

describe("stack distances", () => {
  test("of a small trace are those of its published profile", () => {
    const trace = [1, 2, 3, 4, 5, 3, 4, 1, 1, 6, 3];
    expect([...stackDistances(trace).distances]).toEqual([0, 0, 0, 0, 0, 3, 3, 5, 1, 0, 4]);
    const { cdf, unique, histogram } = analyzeReuse(trace, []);
    expect(unique).toBe(6);
    expect(cdf.map(({ distance }) => distance)).toEqual([0, 1, 3, 4, 5]);
    expect(cdf.map(({ fraction }) => fraction.toFixed(2))).toEqual(["0.55", "0.64", "0.82", "0.91", "1.00"]);
    expect(histogram).toEqual([
      { uses: 1, rows: 3 },
      { uses: 2, rows: 1 },
      { uses: 3, rows: 2 },
    ]);
  });

  test("are those of a list that is searched and reordered, for 50 random traces", () => {
    const random = randomFrom(5);
    for (let round = 0; round < 50; round++) {
      const rows = 1 + Math.floor(random() * 60);
      const trace = Array.from({ length: 300 }, () => Math.floor(random() * rows) * 2 ** 33);
      const recent: number[] = [];
      const expected = trace.map((row) => {
        const at = recent.indexOf(row);
        if (at >= 0) recent.splice(at, 1);
        recent.unshift(row);
        return at + 1;
      });
      expect([...stackDistances(trace).distances]).toEqual(expected);
    }
  });

  test("say what a cache of any size hits", () => {
    const { hits } = analyzeReuse([1, 2, 1, 2, 3, 1], [1, 2, 3, 100]);
    expect(hits.map(({ fraction }) => fraction * 6)).toEqual([0, 2, 3, 3]);
  });

  test("of nothing are nothing", () => {
    expect(analyzeReuse([], [4])).toMatchObject({ lookups: 0, unique: 0, cdf: [], hits: [{ rows: 4, fraction: 0 }] });
  });
});

describe("a trace in a file", () => {
  test("is 32-bit or 64-bit ids, or a text", () => {
    expect([...readTrace(Uint8Array.of(1, 0, 0, 0, 0, 1, 0, 0), "u32le", "t")]).toEqual([1, 256]);
    expect([...readTrace(Uint8Array.of(1, 0, 0, 0, 0, 1, 0, 0), "u64le", "t")]).toEqual([2 ** 40 + 1]);
    expect([...readTrace(new TextEncoder().encode("1, 2\n[3]"), "text", "t")]).toEqual([1, 2, 3]);
  });

  test("is refused by its place", () => {
    expect(() => readTrace(Uint8Array.of(1, 0, 0), "u32le", "t.u32le")).toThrow("t.u32le: 3 bytes");
    expect(() => readTrace(new TextEncoder().encode("1\n-2"), "text", "t.log")).toThrow("t.log:2: expected a row id");
  });
});
