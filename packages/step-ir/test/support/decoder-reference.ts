/** A dense decoder layer, for one new token of each request. */
import type { Model } from "../../src/index.ts";
import { denseSwiglu, product } from "./moe-reference.ts";

/** The tensors of the layer, by the names of the program. */
export type LayerTensors = Readonly<Record<string, Float64Array>>;

/** What a layer works on. */
export interface LayerInput {
  readonly model: Model;
  readonly lengths: readonly number[];
  readonly routing: readonly (readonly number[])[];
  /** Rows that the caches hold per request and head. */
  readonly cacheRows: number;
  readonly tensors: LayerTensors;
}

function norm(rows: Float64Array, gains: Float64Array, hidden: number): Float64Array {
  return rows.map((value, at) => {
    const row = rows.subarray(Math.floor(at / hidden) * hidden, (Math.floor(at / hidden) + 1) * hidden);
    const mean = row.reduce((sum, x) => sum + x * x, 0) / hidden;
    return (value / Math.sqrt(mean)) * gains[at % hidden]!;
  });
}

function attention(
  input: LayerInput,
  projected: Readonly<Record<"query" | "key" | "value", Float64Array>>,
): Float64Array {
  const { model, lengths, cacheRows, tensors } = input;
  const { queryHeads, keyHeads, headSize } = model;
  const result = new Float64Array(lengths.length * queryHeads * headSize);
  for (const [token, length] of lengths.entries()) {
    for (let head = 0; head < queryHeads; head++) {
      const request = token * keyHeads + Math.floor((head * keyHeads) / queryHeads);
      const query = projected.query.subarray((token * queryHeads + head) * headSize).subarray(0, headSize);
      const row = (cache: Float64Array, added: Float64Array, at: number): Float64Array =>
        (at < length
          ? cache.subarray((request * cacheRows + at) * headSize)
          : added.subarray(request * headSize)
        ).subarray(0, headSize);
      const weights = Array.from({ length: length + 1 }, (_, at) => {
        const key = row(tensors.key_cache!, projected.key, at);
        return Math.exp(query.reduce((sum, x, place) => sum + x * key[place]!, 0) / Math.sqrt(headSize));
      });
      const total = weights.reduce((a, b) => a + b);
      for (const [at, weight] of weights.entries()) {
        const value = row(tensors.value_cache!, projected.value, at);
        const to = (token * queryHeads + head) * headSize;
        for (let place = 0; place < headSize; place++) result[to + place]! += (weight / total) * value[place]!;
      }
    }
  }
  return result;
}

/** The tokens behind the layer. */
export function denseLayer(input: LayerInput): Float64Array {
  const { model, lengths, routing, tensors } = input;
  const { hidden, inner, queryHeads, keyHeads, headSize, chosen } = model;
  const batch = lengths.length;
  const before = norm(tensors.x!, tensors.norm_before!, hidden);
  const heads = (name: string, count: number): Float64Array =>
    product(before, tensors[`w_${name}`]!, [batch, hidden, count * headSize]);
  const projected = { query: heads("query", queryHeads), key: heads("key", keyHeads), value: heads("value", keyHeads) };
  const attended = attention(input, projected);
  const back = product(attended, tensors.w_out!, [batch, queryHeads * headSize, hidden]);
  const middle = tensors.x!.map((value, at) => value + back[at]!);
  const after = norm(middle, tensors.norm_after!, hidden);
  const out = middle.slice();
  for (const [token, experts] of routing.entries()) {
    const row = after.slice(token * hidden, (token + 1) * hidden);
    for (const [place, expert] of experts.entries()) {
      const weights = { gate: tensors[`gate${expert}`]!, up: tensors[`up${expert}`]!, down: tensors[`down${expert}`]! };
      const result = denseSwiglu(row, weights, [1, hidden, inner]);
      for (const [at, value] of result.entries())
        out[token * hidden + at]! += tensors.weights![token * chosen + place]! * value;
    }
  }
  return out;
}
