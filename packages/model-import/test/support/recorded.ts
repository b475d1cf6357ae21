import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Dtype, Evaluation, ModelGraph, ModelTensor } from "../../src/index.ts";

/** A tensor as the recordings hold it. */
export interface RecordedTensor {
  readonly name?: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: readonly (number | string | boolean)[];
}

/** Inputs, parameters and outputs of a model as its own framework computed them. */
export interface Recording {
  readonly inputs: readonly RecordedTensor[];
  readonly params?: Readonly<Record<string, RecordedTensor>>;
  readonly outputs: readonly RecordedTensor[];
}

const dtypes: Readonly<Record<string, Dtype>> = {
  float32: "f32",
  float64: "f64",
  int64: "i64",
  int32: "i32",
  bool: "bool",
};

/** Reads `PATH.io.json` or its gzipped form below `test/data`. */
export function recording(path: string): Recording {
  const plain = new URL(`../data/${path}.io.json`, import.meta.url);
  const text = existsSync(plain) ? readFileSync(plain) : gunzipSync(readFileSync(new URL(`${plain.href}.gz`)));
  return JSON.parse(text.toString());
}

export function tensorOf({ dtype, shape, data }: RecordedTensor): ModelTensor {
  return { dtype: dtypes[dtype.replace("torch.", "")] ?? "f32", shape, values: Float64Array.from(data, Number) };
}

/** The largest difference between outputs and recorded outputs; infinite where a shape differs. */
export function largestError({ outputs }: Pick<Evaluation, "outputs">, recorded: readonly RecordedTensor[]): number {
  let most = outputs.length === recorded.length ? 0 : Infinity;
  for (const [index, { shape, data }] of recorded.entries()) {
    const output = outputs[index];
    if (output === undefined || output.shape.join() !== shape.join()) return Infinity;
    for (const [at, expected] of data.entries()) {
      const [found, wanted] = [output.values[at] as number, Number(expected)];
      if (Object.is(found, wanted)) continue;
      const error = Math.abs(found - wanted);
      most = Math.max(most, Number.isNaN(error) ? Infinity : error);
    }
  }
  return most;
}

/** The operators of a graph, in order. */
export function operators(graph: ModelGraph): string[] {
  return graph.nodes.map(({ op }) => op);
}
