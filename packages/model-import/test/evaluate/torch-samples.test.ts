import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { evaluate, type ImportOptions, importModel, type ModelTensor } from "../../src/index.ts";
import { largestError, operators, type Recording, recording, tensorOf } from "../support/recorded.ts";
import { sample } from "../support/samples.ts";

const files = (folder: string, ending: string) =>
  readdirSync(new URL(`../data/${folder}`, import.meta.url))
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length));

function givenInputs({ inputs, params }: Recording, names: readonly string[]): Record<string, ModelTensor> {
  const given = Object.fromEntries(inputs.map((tensor, index) => [names[index] ?? "", tensorOf(tensor)]));
  for (const [name, tensor] of Object.entries(params ?? {})) given[name] = tensorOf(tensor);
  return given;
}

async function errorOf(path: string, ending: string, options: Partial<ImportOptions> = {}): Promise<number> {
  const graph = await importModel(sample(`${path}${ending}`), { name: `${path}${ending}`, ...options });
  const recorded = recording(path);
  return largestError(await evaluate(graph, givenInputs(recorded, graph.inputNames)), recorded.outputs);
}

const withOutputs = (folder: string, ending: string) =>
  files(folder, ending).filter((name) => name !== "gcn2_csr" && name !== "oldlayout_mlp");

describe("a .pt2 gives the outputs that PyTorch recorded", () => {
  it.each(withOutputs("torch", ".pt2"))("%s", async (name) => {
    expect(await errorOf(`torch/${name}`, ".pt2")).toBeLessThan(1e-5);
  });

  it.each(withOutputs("ember", ".pt2"))("%s", async (name) => {
    expect(await errorOf(`ember/${name}`, ".pt2")).toBeLessThan(1e-6);
  });
});

describe("a printed ATen graph with the recorded weights gives the recorded outputs", () => {
  it.each(withOutputs("torch", ".aten.txt"))("%s", async (name) => {
    expect(await errorOf(`torch/${name}`, ".aten.txt")).toBeLessThan(1e-5);
  });

  it.each(withOutputs("ember", ".aten.txt"))("%s", async (name) => {
    expect(await errorOf(`ember/${name}`, ".aten.txt")).toBeLessThan(1e-6);
  });
});

describe("a printed core ATen graph, which takes its weights as arguments, gives the recorded outputs", () => {
  it.each([
    ...withOutputs("torch", ".coreaten.txt").map((name) => `torch/${name}`),
    ...withOutputs("ember", ".coreaten.txt").map((name) => `ember/${name}`),
  ])("%s", async (path) => {
    const graph = await importModel(sample(`${path}.coreaten.txt`), { name: path });
    const { inputs, params, outputs } = recording(path);
    // Arguments are the parameters, the buffers, then the inputs; the recording lists buffers first.
    const order = new Map([...graph.inputs.entries()].map(([index, name]) => [name, index]));
    const given: ModelTensor[] = [];
    for (const [name, tensor] of Object.entries(params ?? {})) {
      const flat = name.replaceAll(".", "_");
      const at = order.get(`p_${flat}`) ?? order.get(`b_${flat}`);
      if (at !== undefined) given[at] = tensorOf(tensor);
    }
    const first = graph.inputs.length - inputs.length;
    for (const [index, tensor] of inputs.entries()) given[first + index] = tensorOf(tensor);
    expect(largestError(await evaluate(graph, given), outputs)).toBeLessThan(1e-5);
  });
});

const linear = "linear" as const;
const layerNorm = "layer-norm" as const;
const attention = { q: linear, k: linear, v: linear, o: linear };
const decoder = { l1: layerNorm, l2: layerNorm, f1: linear, f2: linear };
const modules = {
  ...attention,
  ...decoder,
  ...Object.fromEntries(Object.keys(attention).map((name) => [`a.${name}`, linear])),
};

describe("a traced graph", () => {
  it.each(withOutputs("torch", ".fx.txt"))("%s gives the recorded outputs, as text and as rows", async (name) => {
    expect(await errorOf(`torch/${name}`, ".fx.txt", { modules })).toBeLessThan(1e-5);
    expect(await errorOf(`torch/${name}`, ".fx.json", { modules })).toBeLessThan(1e-5);
  });

  it.each(files("torch", ".fx.txt"))("%s is the same graph as text and as rows", async (name) => {
    const text = await importModel(sample(`torch/${name}.fx.txt`), { name, modules });
    const rows = await importModel(sample(`torch/${name}.fx.json`), { name, modules });
    expect(operators(text)).toEqual(operators(rows));
    expect(text.nodes.map(({ inputs, attributes }) => [inputs, attributes])).toEqual(
      rows.nodes.map(({ inputs, attributes }) => [inputs, attributes]),
    );
  });

  it("that calls a module whole is refused unless the module is named", async () => {
    const path = "torch/bigbird_attention.fx.txt";
    await expect(importModel(sample(path), { name: "a.fx.txt" })).rejects.toThrow(
      /a\.fx\.txt:7:6: error: calls module q/,
    );
  });
});

describe("inputs", () => {
  const dynamic = () => importModel(sample("torch/gcn_layer_dynamic.pt2"), { name: "dynamic.pt2" });
  const ones = (...shape: number[]): ModelTensor => ({
    dtype: "f32",
    shape,
    values: new Float64Array(shape.reduce((a, b) => a * b, 1)).fill(1),
  });

  it("decide the symbolic sizes", async () => {
    const { outputs, sizes } = await evaluate(await dynamic(), { A: ones(3, 3), X: ones(3, 5), W: ones(5, 8) });
    expect(Object.fromEntries(sizes)).toEqual({ s29: 3, s27: 5 });
    expect(outputs[0]?.shape).toEqual([3, 8]);
    expect(outputs[0]?.values[0]).toBe(15);
  });

  it("of a size outside the exported range, of another shape, or missing are refused", async () => {
    const graph = await dynamic();
    await expect(evaluate(graph, { A: ones(1, 1), X: ones(1, 5), W: ones(5, 8) })).rejects.toMatchObject({
      code: "size-range",
    });
    await expect(evaluate(graph, { A: ones(3, 4), X: ones(3, 5), W: ones(5, 8) })).rejects.toMatchObject({
      code: "input-mismatch",
      message: expect.stringContaining("input A is 3 x 4, the model takes s29 x s29"),
    });
    await expect(evaluate(graph, { A: ones(3, 3), X: ones(3, 5) })).rejects.toMatchObject({ code: "input-missing" });
  });
});
