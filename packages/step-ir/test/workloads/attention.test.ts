import { describe, expect, it } from "vitest";
import {
  type AttentionOptions,
  attention,
  attentionTrace,
  interpret,
  parseProgram,
  printProgram,
  simulateProgram,
} from "../../src/index.ts";
import { numbers } from "../support/moe-reference.ts";

const sizes = { batch: 9, queries: 2, headSize: 4, cacheTiles: 3, tileRows: 4, regions: 3, block: 2 };
// Caches that are empty, end with a tile, and fill what there is but one row.
const lengths = [0, 3, 4, 11, 7, 1, 8, 5, 10];
const { batch, queries, headSize } = sizes;
const rows = sizes.cacheTiles * sizes.tileRows;

const tensors = {
  query: numbers(batch * queries, headSize, 1),
  key: numbers(batch, headSize, 2),
  value: numbers(batch, headSize, 3),
  key_cache: cache(4),
  value_cache: cache(5),
};

/** Rows beyond the length hold numbers that must not matter. */
function cache(seed: number): Float64Array {
  return numbers(batch * rows, headSize, seed);
}

/** Softmax of the scores of each query, times the values. */
function dense(): Float64Array {
  const out = new Float64Array(batch * queries * headSize);
  for (let request = 0; request < batch; request++) {
    const row = (of: Float64Array, added: Float64Array, at: number): Float64Array =>
      at < lengths[request]!
        ? of.subarray((request * rows + at) * headSize, (request * rows + at + 1) * headSize)
        : added.subarray(request * headSize, (request + 1) * headSize);
    for (let query = 0; query < queries; query++) {
      const q = tensors.query.subarray(
        (request * queries + query) * headSize,
        (request * queries + query + 1) * headSize,
      );
      const weights = Array.from({ length: lengths[request]! + 1 }, (_, at) => {
        const key = row(tensors.key_cache, tensors.key, at);
        return Math.exp(q.reduce((sum, x, place) => sum + x * key[place]!, 0));
      });
      const total = weights.reduce((a, b) => a + b);
      for (const [at, weight] of weights.entries()) {
        const value = row(tensors.value_cache, tensors.value, at);
        for (let place = 0; place < headSize; place++)
          out[(request * queries + query) * headSize + place]! += (weight / total) * value[place]!;
      }
    }
  }
  return out;
}

function optionsFor(strategy: AttentionOptions["strategy"]): AttentionOptions {
  return { ...sizes, strategy, bandwidth: 64 };
}

describe("decode attention", () => {
  const expected = dense();

  it.each(["coarse", "interleaved", "dynamic"] as const)("is the dense one when it is %s", (strategy) => {
    const options = optionsFor(strategy);
    const program = attention(options);
    const { sources } = attentionTrace(lengths, options);
    const { orders, report } = simulateProgram(program, { sources });
    expect(report.deadlock).toBeNull();
    const { tensors: after } = interpret(program, { sources, tensors, orders });
    for (const [at, value] of after.out!.entries()) expect(value).toBeCloseTo(expected[at]!, 10);
    // The new key and value are behind the cached ones.
    for (const [request, length] of lengths.entries()) {
      const at = (request * rows + length) * headSize;
      expect([...after.key_cache!.subarray(at, at + headSize)]).toEqual([
        ...tensors.key.subarray(request * headSize, (request + 1) * headSize),
      ]);
    }
  });

  it("gives each request a region when there are no more of them", () => {
    const options = { ...optionsFor("dynamic"), batch: 2 };
    const { sources } = attentionTrace([3, 4], options);
    const { report } = simulateProgram(attention(options), { sources });
    expect(report.deadlock).toBeNull();
  });

  it("is the same program after it was printed and read", () => {
    for (const strategy of ["coarse", "interleaved", "dynamic"] as const) {
      const text = printProgram(attention(optionsFor(strategy)));
      expect(printProgram(parseProgram({ name: "attention.step", text }))).toBe(text);
    }
  });

  it("refuses lengths that do not fit", () => {
    const options = optionsFor("dynamic");
    expect(() => attentionTrace([1, 2], options)).toThrow("there are 2 lengths for 9 requests");
    expect(() => attentionTrace([...lengths.slice(1), 12], options)).toThrow(
      "request 8 has length 12; expected an integer from 0 to 11, so that the cache of 3 tiles has room for one more key",
    );
    expect(() => attention({ ...options, strategy: "lazy" as never })).toThrow(
      "strategy must be coarse, interleaved or dynamic, not lazy",
    );
  });
});
