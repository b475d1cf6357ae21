import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterAll, describe, expect, it } from "vitest";
import { compileC, compileInterpreter, compileWasm, findCompiler, Heap, type Kernel, nodeHost } from "../src/index.ts";
import { outcomeOf, RandomNest, randomArguments } from "./support/random-nest.ts";

/** How many nests are tried: more by hand, as in `NESTS=2000 npx vitest run test/agreement.test.ts`. */
const nests = Number(process.env.NESTS ?? 60);
/** Nests that are compiled at once. */
const batch = 20;

const folder = mkdtempSync(join(tmpdir(), "millrace-agreement-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function outcome(kernel: Kernel, seed: number): string {
  const given = randomArguments(seed);
  const bound = kernel.bind(given);
  const text = outcomeOf(() => bound.run({ units: 2 }), given);
  if ("release" in bound && typeof bound.release === "function") bound.release();
  return text;
}

// Vectors of two parts that were written over what the second part had still to read.
const found = [143, 521];

describe("random nests", () => {
  const host = nodeHost(process, { cacheFolder: folder });
  const native = findCompiler(host) !== undefined;
  const heap = new Heap({ maximumBytes: 2 ** 24 });

  it.each(Array.from({ length: nests / batch }, (_, place) => 1 + place * batch))(
    "from seed %i on do the same on every back end, bit by bit",
    (first) => {
      const chosen = Array.from({ length: batch }, (_, place) => new RandomNest(first + place).build());
      const compiled = native ? compileC(chosen, host) : [];
      let finished = 0;
      chosen.forEach((nest, place) => {
        const seed = first + place;
        const oracle = outcome(compileInterpreter(nest), seed);
        if (oracle.startsWith("finished")) finished++;
        expect(outcome(compileWasm(nest, heap), seed), `seed ${seed}, wasm`).toBe(oracle);
        if (native) expect(outcome(compiled[place]!, seed), `seed ${seed}, C`).toBe(oracle);
      });
      expect(finished).toBeGreaterThan(batch / 2);
    },
    120_000,
  );

  it.each(found)("number %i, which once differed, is the same in WebAssembly", (seed) => {
    const nest = new RandomNest(seed).build();
    expect(outcome(compileWasm(nest, heap), seed)).toBe(outcome(compileInterpreter(nest), seed));
  });
});
