import { accum2 } from "../ops/compute/accum.ts";
import { map, map2 } from "../ops/compute/map.ts";
import { linearLoad } from "../ops/memory/linear-load.ts";
import { linearStore } from "../ops/memory/linear-store.ts";
import { Program } from "../program/program.ts";
import { expectDivides, expectSizes } from "./sizes.ts";

/** Sizes and tiles of one SwiGLU layer. */
export interface SwigluOptions {
  readonly batch: number;
  /** Size of a token. */
  readonly hidden: number;
  /** Size of a token inside the layer. */
  readonly inner: number;
  /** Rows of a tile of tokens. */
  readonly tileBatch: number;
  /** Columns of a tile of the inner size. */
  readonly tileInner: number;
  /** Operations per cycle of each node that computes. */
  readonly bandwidth?: number;
  /** Bursts a load asks for per cycle. */
  readonly dispatch?: number;
}

/**
 * (silu(x·gate) * x·up)·down for one dense layer; tensors `x`, `gate`, `up`, `down` and `out`.
 *
 * Source: "Streaming Tensor Programs", arXiv 2511.07776, §4.3 (the layer of Fig. 8).
 *
 * @throws {StepError} `workload-options` unless the sizes are positive and the tiles divide them.
 */
export function swiglu(options: SwigluOptions): Program {
  const { batch, hidden, inner, tileBatch, tileInner, bandwidth, dispatch } = options;
  expectSizes({ batch, hidden, inner, tileBatch, tileInner });
  expectDivides("tileBatch", tileBatch, batch);
  expectDivides("tileInner", tileInner, inner);
  const program = new Program("swiglu");
  const tensor = (name: string, rows: number, columns: number): string =>
    program.tensor(name, { scalar: "f32", rows, columns });
  tensor("x", batch, hidden);
  tensor("gate", hidden, inner);
  tensor("up", hidden, inner);
  tensor("down", inner, hidden);
  tensor("out", batch, hidden);
  const loads = dispatch === undefined ? {} : { dispatch };
  const compute = bandwidth === undefined ? {} : { bandwidth };
  const [rows, columns] = [batch / tileBatch, inner / tileInner];
  const shape = [rows, columns, 1];
  const weight = { tile: [hidden, tileInner], shape, stride: [0, 1, columns], ...loads } as const;
  const x = linearLoad(program, {
    id: "x",
    tensor: "x",
    tile: [tileBatch, hidden],
    shape,
    stride: [1, 0, 1],
    ...loads,
  });
  const gate = linearLoad(program, { id: "gate", tensor: "gate", ...weight });
  const up = linearLoad(program, { id: "up", tensor: "up", ...weight });
  const gated = accum2(x, gate, { id: "gated", fn: "matmul", rank: 1, ...compute });
  const raised = accum2(x, up, { id: "raised", fn: "matmul", rank: 1, ...compute });
  const active = map(gated, { id: "active", fn: "silu", ...compute });
  const product = map2(active, raised, { id: "product", fn: "multiply", ...compute });
  const down = linearLoad(program, {
    id: "down",
    tensor: "down",
    tile: [tileInner, hidden],
    shape: [rows, columns],
    stride: [0, 1],
    ...loads,
  });
  const result = accum2(product, down, { id: "result", fn: "matmul", rank: 1, store: true, ...compute });
  linearStore(result, { id: "out", tensor: "out", ...loads });
  return program;
}
