import { describe, expect, test } from "vitest";
import { hitFractions, stackDistances } from "../../src/index.ts";
import { LruCache } from "../../src/machine/lru-cache.ts";
import { randomFrom } from "../support/random-instance.ts";

describe("a cache that drops the least recently used line", () => {
  test("hits exactly the uses whose stack distance it holds", () => {
    const random = randomFrom(17);
    for (const capacity of [0, 1, 2, 5, 40, 200]) {
      const trace = Array.from({ length: 2000 }, () => Math.floor(90 * random() ** 2));
      const { distances } = stackDistances(trace);
      const cache = new LruCache(capacity);
      const hits = trace.map((line) => cache.use(line));
      expect(hits).toEqual(Array.from(distances, (distance) => distance > 0 && distance <= capacity));
    }
  });

  test("serves, stacked, the parts that the distances say", () => {
    const trace = [1, 2, 3, 1, 1, 2];
    expect(hitFractions(trace, [1, 2, 3])).toEqual([1 / 6, 0, 2 / 6, 3 / 6]);
    expect(hitFractions([], [1])).toEqual([0, 0]);
  });
});
