/** The matrix products around attention: a lane for each head, and one for each block of columns of the output. */
import { source } from "../../ops/boundary/source.ts";
import { flatMap } from "../../ops/compute/flat-map.ts";
import { map, map2 } from "../../ops/compute/map.ts";
import { linearLoad, linearLoadPer } from "../../ops/memory/linear-load.ts";
import { randomStore } from "../../ops/memory/random-store.ts";
import type { Stream } from "../../program/program.ts";
import { addressType } from "../../stream/element-type.ts";
import { shapeOf } from "../../stream/shape.ts";
import type { DecoderSettings } from "./decoder-options.ts";
import { afterAll, both } from "./signals.ts";

/** Queries, keys or values. */
export interface ProjectionOptions {
  /** Tensor of the results, [batch·heads, headSize], of which row batch·heads + head is one; its weights are `w_` and this. */
  readonly name: "query" | "key" | "value";
  readonly heads: number;
  /** What results are multiplied with. */
  readonly scale?: number;
}

/** Projects `rows`, one tile [batch, hidden], to heads; the result is a signal that all of them are stored. */
export function projectHeads(
  rows: Stream,
  { name, heads, scale }: ProjectionOptions,
  settings: DecoderSettings,
): Stream {
  const { model, batch, bandwidth } = settings;
  const { hidden, headSize } = model;
  const { program } = rows;
  const tensor = program.tensor(`w_${name}`, { scalar: "f32", rows: hidden, columns: heads * headSize });
  const signals = Array.from({ length: heads }, (_, head) => {
    const id = (part: string): string => `${name}_${part}_head${head}`;
    const tile = [hidden, headSize] as const;
    const weights = linearLoad(program, { id: id("weights"), tensor, tile, shape: [1], stride: [1], base: head });
    const product = map2(rows, weights, { id: id("product"), fn: "matmul", bandwidth });
    const scaled =
      scale === undefined ? product : map(product, { id: id("scaled"), fn: "scale", parameter: scale, bandwidth });
    const split = flatMap(scaled, { id: id("rows"), fn: "split-rows" });
    const places = source(program, { id: id("places"), shape: shapeOf(1, batch), element: addressType });
    return afterAll(randomStore(places, split, { id: id("store"), tensor: name }), id("stored"));
  });
  return both(signals as [Stream, ...Stream[]], `${name}_done`);
}

/**
 * Projects what attention left in `attended` back to tokens and adds the tokens themselves, tensor `x`; the result, in tensor
 * `middle`, is announced by a signal. `ready` says that attention is done.
 */
export function projectBack(ready: Stream, settings: DecoderSettings): Stream {
  const { model, batch, bandwidth, tileOut } = settings;
  const { hidden, queryHeads, headSize } = model;
  const { program } = ready;
  const width = queryHeads * headSize;
  program.tensor("w_out", { scalar: "f32", rows: width, columns: hidden });
  program.tensor("middle", { scalar: "f32", rows: batch, columns: hidden });
  const tile = [batch * queryHeads, headSize] as const;
  const heads = linearLoadPer(ready, { id: "attended_rows", tensor: "attended", tile, shape: [1], stride: [1] });
  const rows = map(heads, { id: "attended_tokens", fn: "refold", parameter: batch });
  const signals = Array.from({ length: hidden / tileOut }, (_, lane) => {
    const id = (part: string): string => `out_${part}${lane}`;
    const load = (tensor: string, sizes: readonly [number, number]): Stream =>
      linearLoad(program, { id: id(tensor), tensor, tile: sizes, shape: [1], stride: [1], base: lane });
    const product = map2(rows, load("w_out", [width, tileOut]), { id: id("product"), fn: "matmul", bandwidth });
    const sum = map2(product, load("x", [batch, tileOut]), { id: id("sum"), fn: "add", bandwidth });
    const place = source(program, { id: id("place"), shape: shapeOf(1, 1), element: addressType });
    return afterAll(randomStore(place, sum, { id: id("store"), tensor: "middle" }), id("stored"));
  });
  return both(signals as [Stream, ...Stream[]], "middle_done");
}
