import { accum2 } from "../ops/compute/accum.ts";
import { linearLoad } from "../ops/memory/linear-load.ts";
import { linearStore } from "../ops/memory/linear-store.ts";
import { Program } from "../program/program.ts";
import { expectDivides, expectSizes } from "./sizes.ts";

/** Sizes and tiles of a matrix product of [m, k] and [k, n]. */
export interface GemmOptions {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly tileM: number;
  readonly tileK: number;
  readonly tileN: number;
  /** Operations per cycle. */
  readonly bandwidth?: number;
}

/**
 * A matrix product, tiled in all three dimensions, with each tile of the result finished before the next; tensors `a`,
 * `b` and `out`.
 *
 * @throws {StepError} `workload-options` unless the sizes are positive and the tiles divide them.
 */
export function gemm({ m, k, n, tileM, tileK, tileN, bandwidth }: GemmOptions): Program {
  expectSizes({ m, k, n, tileM, tileK, tileN });
  expectDivides("tileM", tileM, m);
  expectDivides("tileK", tileK, k);
  expectDivides("tileN", tileN, n);
  const program = new Program("gemm");
  program.tensor("a", { scalar: "f32", rows: m, columns: k });
  program.tensor("b", { scalar: "f32", rows: k, columns: n });
  program.tensor("out", { scalar: "f32", rows: m, columns: n });
  const shape = [m / tileM, n / tileN, k / tileK];
  const a = linearLoad(program, { id: "a", tensor: "a", tile: [tileM, tileK], shape, stride: [k / tileK, 0, 1] });
  const b = linearLoad(program, { id: "b", tensor: "b", tile: [tileK, tileN], shape, stride: [0, 1, n / tileN] });
  const compute = bandwidth === undefined ? {} : { bandwidth };
  linearStore(accum2(a, b, { id: "product", fn: "matmul", rank: 1, ...compute }), { id: "out", tensor: "out" });
  return program;
}
