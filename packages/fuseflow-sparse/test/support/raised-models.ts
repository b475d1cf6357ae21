import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { importModel, type ModelGraph, normalise, readWeight } from "@millrace/model-import";
import { type CoordinateList, pack, parseFormat, type Tensor } from "@millrace/tensor";
import { constantsToRead, raiseModel } from "../../src/raise/raise-model.ts";
import { type RaisedModel, raisedOperand } from "../../src/raise/raised-model.ts";

/** Inputs and outputs of a model, as recorded. */
export interface RecordedModel {
  readonly inputs: readonly { readonly shape: readonly number[]; readonly data: readonly unknown[] }[];
  readonly outputs: readonly { readonly data: readonly unknown[] }[];
}

/** A recorded file. */
export function modelFile(name: string): Buffer {
  return gunzipSync(readFileSync(join(import.meta.dirname, "../data/models", `${name}.gz`)));
}

function entries(shape: readonly number[], values: readonly number[]): CoordinateList {
  const places = [...values.keys()].filter((place) => values[place] !== 0);
  const coordinates = shape.map((extent, mode) => {
    const stride = shape.slice(mode + 1).reduce((product, each) => product * each, 1);
    return Int32Array.from(places, (place) => Math.floor(place / stride) % extent);
  });
  return { shape, coordinates, valueType: "float64", values: Float64Array.from(places, (place) => values[place]!) };
}

/** A recorded model file, `NAME.pt2` or `NAME.onnx`, raised, with its operands; what has few entries is stored compressed. */
export async function raisedFile(
  name: string,
): Promise<{ model: RaisedModel; operands: Record<string, Tensor>; recorded: RecordedModel }> {
  const recorded = JSON.parse(modelFile(`${name.replace(/\.\w+$/, "")}.io.json`).toString("utf8")) as RecordedModel;
  const graph: ModelGraph = normalise(await importModel(new Uint8Array(modelFile(name)), { name }));
  const lists = new Map<string, CoordinateList>();
  const sizes = new Map<string, number>();
  for (const [at, input] of graph.inputs.entries()) {
    const { shape, data } = recorded.inputs[at]!;
    lists.set(input, entries(shape, data.flat(9) as number[]));
    for (const [mode, size] of graph.values.get(input)!.shape!.entries())
      if (typeof size === "object" && "symbol" in size) sizes.set(size.symbol, shape[mode]!);
  }
  const uniform = new Map<string, number>();
  for (const [value, { weight }] of graph.params) {
    const { shape, values } = await readWeight(weight!);
    lists.set(value, entries(shape, [...values]));
    if (constantsToRead(graph).includes(value)) uniform.set(value, values[0]!);
  }
  const model = raiseModel(graph, { sizes, uniform });
  const operands = Object.fromEntries(
    model.operands.map((operand) => {
      const list = raisedOperand(operand, lists.get(operand.source.from)!);
      const places = operand.shape.reduce((product, extent) => product * extent, 1);
      const order = operand.shape.length;
      // Masks are stored compressed however many entries they have: a softmax runs over those.
      const own = model.program.inputs.find(({ name: input }) => input === operand.name)!.format;
      const format = list.values.length < 0.5 * places ? "s".repeat(order) : own;
      return [operand.name, pack(list, parseFormat(format, order))];
    }),
  );
  return { model, operands, recorded };
}
