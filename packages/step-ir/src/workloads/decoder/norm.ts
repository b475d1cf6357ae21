import { map, map2 } from "../../ops/compute/map.ts";
import { linearLoad } from "../../ops/memory/linear-load.ts";
import type { Stream } from "../../program/program.ts";

/** Sizes of a normalisation. */
export interface NormOptions {
  /** Begins the ids of its nodes, and is the tensor of its gains, [1, hidden]. */
  readonly name: string;
  readonly hidden: number;
  readonly bandwidth: number;
}

/** Root-mean-square normalisation of the rows of one tile [batch, hidden], without an epsilon; the stream is [1, 1]. */
export function rmsNorm(rows: Stream, { name, hidden, bandwidth }: NormOptions): Stream {
  const { program } = rows;
  program.tensor(name, { scalar: "f32", rows: 1, columns: hidden });
  const gains = linearLoad(program, { id: `${name}_gains`, tensor: name, tile: [1, hidden], shape: [1], stride: [1] });
  const squares = map(rows, { id: `${name}_squares`, fn: "square", bandwidth });
  const sums = map(squares, { id: `${name}_sums`, fn: "row-sum", bandwidth });
  const means = map(sums, { id: `${name}_means`, fn: "scale", parameter: 1 / hidden, bandwidth });
  const scales = map(means, { id: `${name}_scales`, fn: "rsqrt", bandwidth });
  const plain = map2(rows, scales, { id: `${name}_plain`, fn: "multiply", bandwidth });
  return map2(plain, gains, { id: `${name}_rows`, fn: "multiply", bandwidth });
}
