import { describe, expect, it } from "vitest";
import { compileInterpreter, compileWasm, Heap } from "../src/index.ts";
import { outcomeOf, RandomNest, randomArguments } from "./support/random-nest.ts";

const nests = Number(process.env.NESTS ?? 400);

describe("random nests", () => {
  it("do the same on every back end, bit by bit", () => {
    const heap = new Heap({ maximumBytes: 2 ** 24 });
    let finished = 0;
    for (let seed = 1; seed <= nests; seed++) {
      const nest = new RandomNest(seed).build();
      const expected = randomArguments(seed);
      const oracle = outcomeOf(() => compileInterpreter(nest).bind(expected).run({ units: 2 }), expected);
      if (oracle.startsWith("finished")) finished++;
      const given = randomArguments(seed);
      const bound = compileWasm(nest, heap).bind(given);
      expect(
        outcomeOf(() => bound.run({ units: 2 }), given),
        `seed ${seed}`,
      ).toBe(oracle);
      bound.release();
    }
    expect(finished).toBeGreaterThan(nests / 2);
  });
});
