/** Models with recorded inputs and outputs. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { bytesSource, importModel, type ModelGraph, type ModelTensor } from "@millrace/model-import";

interface RecordedTensor {
  readonly name?: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** A model, inputs for it, and what the framework that wrote it gave. */
export interface Recorded {
  readonly graph: ModelGraph;
  readonly inputs: Readonly<Record<string, ModelTensor>>;
  readonly outputs: readonly ModelTensor[];
}

const folder = new URL("../data/", import.meta.url);
const recorded = JSON.parse(gunzipSync(readFileSync(new URL("recorded.json.gz", folder))).toString("utf8")) as Record<
  string,
  { readonly inputs: readonly RecordedTensor[]; readonly outputs: readonly RecordedTensor[] }
>;

/** Reads a model of the test data by its file name. */
export async function recordedModel(file: string): Promise<Recorded> {
  const bytes = (name: string) => readFileSync(new URL(`models/${name}`, folder));
  const graph = await importModel(bytes(file), { name: file, files: (beside) => bytesSource(bytes(beside)) });
  const record = recorded[file.slice(0, file.indexOf("."))]!;
  const inputs = record.inputs.map((tensor, place) => [tensor.name ?? graph.inputNames[place]!, read(tensor)] as const);
  return { graph, inputs: Object.fromEntries(inputs), outputs: record.outputs.map(read) };
}

/** Reads a loop nest of the test data. */
export function nestModel(file: string): Promise<ModelGraph> {
  return importModel(readFileSync(new URL(`mlir/${file}`, folder)), { name: file });
}

function read({ dtype, shape, data }: RecordedTensor): ModelTensor {
  const short = { int64: "i64", int32: "i32", float32: "f32", float64: "f64", bfloat16: "bf16" } as const;
  return { dtype: short[dtype as keyof typeof short], shape, values: Float64Array.from(data) };
}
