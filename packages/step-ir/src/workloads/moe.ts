/**
 * A mixture of SwiGLU experts: rows go to the experts that the router chose, are packed into tiles, and come back weighted.
 *
 * Source: "Streaming Tensor Programs", arXiv 2511.07776, §5.2 (dynamic tiling) and §5.3 (configuration time-multiplexing).
 */
import { source } from "../ops/boundary/source.ts";
import { accum } from "../ops/compute/accum.ts";
import { flatMap } from "../ops/compute/flat-map.ts";
import { map2 } from "../ops/compute/map.ts";
import { linearLoad } from "../ops/memory/linear-load.ts";
import { linearStore } from "../ops/memory/linear-store.ts";
import { partition } from "../ops/routing/partition.ts";
import { reassemble } from "../ops/routing/reassemble.ts";
import { flatten } from "../ops/shape/flatten.ts";
import { promote } from "../ops/shape/promote.ts";
import { reshape } from "../ops/shape/reshape.ts";
import { Program, type Stream } from "../program/program.ts";
import { multihot } from "../stream/element-type.ts";
import { shapeOf } from "../stream/shape.ts";
import { compute, ownPipelines, sharedPipelines } from "./expert-pipeline.ts";
import { checkMoeOptions, type MoeOptions } from "./moe-options.ts";

/**
 * The program of a mixture of experts. Tensors: `rows` [batch, hidden], `weights` [batch, chosen], `out`, and `gate3`,
 * `up3`, `down3` for expert 3, or for region 3 with the matrices of its experts one below the other. Sources: `route` and
 * `route_back` [1, batch], all experts of a token, and `route_each` [1, batch, chosen], one expert each. `route.n3` is the number of
 * rows of expert 3.
 *
 * @throws {StepError} `workload-options`.
 */
export function moe(options: MoeOptions): Program {
  checkMoeOptions(options);
  const { batch, hidden } = options;
  const program = new Program("moe");
  program.tensor("rows", { scalar: "f32", rows: batch, columns: hidden });
  const load = { id: "rows", tensor: "rows", tile: [1, hidden], shape: [batch, 1], stride: [1, 1] } as const;
  const rows = flatten(linearLoad(program, load), { min: 0, max: 1 });
  const sums = addMoe(rows, options);
  program.tensor("out", { scalar: "f32", rows: batch, columns: hidden });
  linearStore(sums, { id: "out", tensor: "out" });
  return program;
}

/** Adds experts to the program of `tokens`, [1, batch] of [1, hidden]; the result has their weighted sums. */
export function addMoe(tokens: Stream, options: MoeOptions): Stream {
  checkMoeOptions(options);
  const { batch, experts, chosen } = options;
  const { program } = tokens;
  program.tensor("weights", { scalar: "f32", rows: batch, columns: chosen });
  const route = source(program, { id: "route", shape: shapeOf(1, batch), element: multihot(experts) });
  const each = source(program, { id: "route_each", shape: shapeOf(1, batch, chosen), element: multihot(experts) });
  const rows = partition(tokens, route, { id: "to_experts", rank: 0 });
  const packed = rows.map((stream, expert) => packRows(stream, expert, options));
  const results = options.regions === undefined ? ownPipelines(packed, options) : sharedPipelines(packed, options);
  const weights = linearLoad(program, {
    id: "weights",
    tensor: "weights",
    tile: [1, 1],
    shape: [batch, chosen],
    stride: [chosen, 1],
  });
  const scales = partition(weights, each, { id: "scales", rank: 0 });
  const weighted = results.map((result, expert) => {
    const unpacked = flatMap(result, { id: `unpack${expert}`, fn: "split-valid-rows" });
    const count = rows[expert]!.shape[0]!.extent;
    program.assertSame(unpacked.shape[0]!.extent, count);
    program.assertSame(scales[expert]!.shape[0]!.extent, count);
    return map2(scales[expert]!, unpacked, { id: `weighted${expert}`, fn: "multiply", ...compute(options) });
  });
  // A source of its own: one that also feeds the partition would have to hold the whole batch until the first row is back.
  const back = source(program, { id: "route_back", shape: shapeOf(1, batch), element: multihot(experts) });
  const collected = reassemble(weighted, back, { id: "collected" });
  return accum(collected, { id: "sums", fn: "add", rank: 1, ...compute(options) });
}

/** Rows as tiles: [rows] of [1, hidden] to [tiles] of [rows of a tile, hidden]. */
function packRows(rows: Stream, expert: number, { tiling }: MoeOptions): Stream {
  const packing = { id: `packed${expert}`, fn: "retile-rows", rank: 1 };
  if (tiling.kind === "dynamic") return accum(promote(rows, { id: `all${expert}`, rank: 1 }), packing);
  return accum(reshape(rows, { id: `chunks${expert}`, chunk: tiling.rows }).chunks, packing);
}
