import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { importModel, type ModelGraph, normalise, readWeight } from "@millrace/model-import";
import { type CoordinateList, pack, parseFormat, type Tensor } from "@millrace/tensor";
import { describe, expect, test } from "vitest";
import { parseProgram } from "../../src/program/parse-program.ts";
import { printProgram } from "../../src/program/print-program.ts";
import { constantsToRead, raiseModel } from "../../src/raise/raise-model.ts";
import { type RaisedModel, raisedOperand } from "../../src/raise/raised-model.ts";
import { checkedRun, denseOf } from "../support/compile-runs.ts";

interface Recorded {
  readonly inputs: readonly { readonly shape: readonly number[]; readonly data: readonly unknown[] }[];
  readonly outputs: readonly { readonly data: readonly unknown[] }[];
}

function file(name: string): Buffer {
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

async function raised(
  name: string,
): Promise<{ model: RaisedModel; operands: Record<string, Tensor>; recorded: Recorded }> {
  const recorded = JSON.parse(file(`${name}.io.json`).toString("utf8")) as Recorded;
  const graph: ModelGraph = normalise(await importModel(new Uint8Array(file(`${name}.pt2`)), { name: `${name}.pt2` }));
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
      const letter = list.values.length < 0.5 * places ? "s" : "d";
      const order = operand.shape.length;
      return [operand.name, pack(list, parseFormat(letter.repeat(order), order))];
    }),
  );
  return { model, operands, recorded };
}

const models = [
  ["gcn2_dense", 8],
  ["graphsage2_pyg", 16],
  ["masked_sddmm_softmax_spmm", 8],
  ["gcn_layer_dynamic", 2],
  ["two_views", 3],
  ["chain3_einsum", 1],
] as const;

describe.each(models)("%s", (name) => {
  test("gives PyTorch's outputs, statement by statement", async () => {
    const { model, operands, recorded } = await raised(name);
    const regions = model.program.statements.map(({ tensor }) => ({ name: tensor, tensors: [tensor] }));
    const { run, error } = checkedRun(model.program, operands, { regions });
    expect(error).toBeLessThan(1e-9);
    for (const [at, { tensor }] of model.outputs.entries()) {
      const found = denseOf(run.tensors.get(tensor)!);
      const expected = recorded.outputs[at]!.data.flat(9) as number[];
      expect(found).toHaveLength(expected.length);
      for (const [place, value] of expected.entries()) expect(Math.abs(found[place]! - value)).toBeLessThan(1e-5);
    }
  });

  test("prints as a program text that reads back", async () => {
    const { model } = await raised(name);
    const text = printProgram(model.program);
    expect(printProgram(parseProgram(text))).toBe(text);
  });
});

test("sums over an edge list become products with the matrix of the edges", async () => {
  const { model } = await raised("graphsage2_pyg");
  const edges = model.operands.filter(({ source }) => source.kind === "edges");
  expect(edges.map(({ shape }) => shape)).toEqual([[34, 34]]);
  expect(printProgram(model.program)).toContain("e_edges(i,k) * x(k,j)");
});

test("a file that is no model is refused with its place", async () => {
  const text = 'input: "f32[4]"';
  await expect(importModel(new TextEncoder().encode(text), { name: "x.aten.txt" })).rejects.toThrow("x.aten.txt");
});
