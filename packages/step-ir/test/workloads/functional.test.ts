import { describe, expect, it } from "vitest";
import {
  analyze,
  evaluate,
  gemm,
  interpret,
  type MoeOptions,
  moe,
  type Program,
  routingTrace,
  swiglu,
} from "../../src/index.ts";
import { denseSwiglu, numbers, product, routing } from "../support/moe-reference.ts";

function expectClose(actual: Float64Array, expected: Float64Array): void {
  const scale = Math.max(...expected.map(Math.abs));
  const error = Math.max(...actual.map((value, at) => Math.abs(value - expected[at]!)));
  expect(error / scale).toBeLessThan(1e-9);
}

describe("gemm", () => {
  it("is the product of its matrices for any tiles", () => {
    const [m, k, n] = [8, 12, 6];
    const tensors = { a: numbers(m, k, 1), b: numbers(k, n, 2) };
    for (const [tileM, tileK, tileN] of [
      [8, 12, 6],
      [2, 4, 3],
      [1, 1, 1],
    ] as const) {
      const { tensors: after } = interpret(gemm({ m, k, n, tileM, tileK, tileN }), { tensors });
      expectClose(after.out!, product(tensors.a, tensors.b, [m, k, n]));
    }
  });
});

describe("swiglu", () => {
  it("is the dense layer for any tiles", () => {
    const [batch, hidden, inner] = [8, 6, 12];
    const tensors = {
      x: numbers(batch, hidden, 1),
      gate: numbers(hidden, inner, 2),
      up: numbers(hidden, inner, 3),
      down: numbers(inner, hidden, 4),
    };
    const expected = denseSwiglu(tensors.x, tensors, [batch, hidden, inner]);
    for (const [tileBatch, tileInner] of [
      [8, 12],
      [4, 3],
      [1, 1],
    ] as const) {
      const program = swiglu({ batch, hidden, inner, tileBatch, tileInner });
      expectClose(interpret(program, { tensors }).tensors.out!, expected);
    }
  });
});

describe("a mixture of experts", () => {
  const sizes = { batch: 12, experts: 6, chosen: 2, hidden: 4, inner: 6, tileInner: 3 };
  // The last expert gets nothing.
  const chosen = routing(sizes.batch, sizes.chosen, 5, 7);
  const trace = routingTrace(chosen, sizes.experts);
  const rows = numbers(sizes.batch, sizes.hidden, 11);
  const scales = numbers(sizes.batch, sizes.chosen, 12);
  const weightsOf = (expert: number) => ({
    gate: numbers(sizes.hidden, sizes.inner, 100 + expert),
    up: numbers(sizes.hidden, sizes.inner, 200 + expert),
    down: numbers(sizes.inner, sizes.hidden, 300 + expert),
  });

  function tensorsFor(regions: number): Record<string, Float64Array> {
    const tensors: Record<string, Float64Array> = { rows, weights: scales };
    const members = sizes.experts / regions;
    for (let region = 0; region < regions; region++) {
      const all = Array.from({ length: members }, (_, member) => weightsOf(region * members + member));
      for (const name of ["gate", "up", "down"] as const) {
        tensors[`${name}${region}`] = Float64Array.from(all.flatMap((one) => [...one[name]]));
      }
    }
    return tensors;
  }

  function dense(): Float64Array {
    const out = new Float64Array(sizes.batch * sizes.hidden);
    for (const [token, experts] of chosen.entries()) {
      const row = rows.slice(token * sizes.hidden, (token + 1) * sizes.hidden);
      for (const [place, expert] of experts.entries()) {
        const result = denseSwiglu(row, weightsOf(expert), [1, sizes.hidden, sizes.inner]);
        for (const [at, value] of result.entries())
          out[token * sizes.hidden + at]! += scales[token * sizes.chosen + place]! * value;
      }
    }
    return out;
  }

  const run = (options: Partial<MoeOptions>): { program: Program; result: ReturnType<typeof interpret> } => {
    const program = moe({ ...sizes, tiling: { kind: "dynamic" }, ...options });
    const tensors = tensorsFor(options.regions ?? sizes.experts);
    return { program, result: interpret(program, { sources: trace.sources, tensors }) };
  };

  it("is the dense one with static and dynamic tiles, and with shared pipelines", () => {
    const expected = dense();
    expect(trace.counts.at(-1)).toBe(0);
    for (const tiling of [{ kind: "dynamic" }, { kind: "static", rows: 4 }, { kind: "static", rows: 1 }] as const) {
      for (const regions of [undefined, 6, 3, 1]) {
        expectClose(run({ tiling, ...(regions === undefined ? {} : { regions }) }).result.tensors.out!, expected);
      }
    }
  });

  it("moves as many bytes as its formula says for what the run measured", () => {
    const { program, result } = run({ tiling: { kind: "static", rows: 4 } });
    const { offChipBytes } = analyze(program);
    const tiles = trace.counts.reduce((sum, count) => sum + Math.ceil(count / 4), 0);
    const { batch, hidden, inner, chosen: k } = sizes;
    const expected = tiles * 3 * hidden * inner * 4 + batch * hidden * 4 + batch * k * 4 + batch * hidden * 4;
    expect(evaluate(offChipBytes, result.measured)).toBe(expected);
    expect(evaluate(offChipBytes, trace.bindings)).toBe(expected);
  });

  it("refuses a routing trace and sizes that make no sense", () => {
    expect(() =>
      routingTrace(
        [
          [0, 1],
          [2, 2],
        ],
        4,
      ),
    ).toThrow("token 1 goes to experts [2, 2]; expected 2 distinct numbers below 4");
    expect(() => moe({ ...sizes, tiling: { kind: "dynamic" }, regions: 4 })).toThrow("regions 4 does not divide 6");
    expect(() => moe({ ...sizes, tiling: { kind: "static", rows: 0 } })).toThrow(
      "rows must be an integer of at least 1, not 0",
    );
  });
});
