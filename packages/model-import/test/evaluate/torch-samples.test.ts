import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  evaluate,
  type ImportOptions,
  importModel,
  type ModelGraph,
  type ModelTensor,
  normalise,
  printType,
} from "../../src/index.ts";
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

  it.each(withOutputs("torch", ".fx.txt"))(
    "%s has the shapes that ATen's graph has, once those of its inputs are given",
    async (name) => {
      const aten = normalise(await importModel(sample(`torch/${name}.aten.txt`), { name: `${name}.aten.txt` }));
      const types = Object.fromEntries([
        ...aten.inputs.map((value, at) => [aten.inputNames[at]!, printType(aten.values.get(value))]),
        ...[...aten.params].map(([value, param]) => [param.name, printType(aten.values.get(value))]),
      ]);
      const read = await importModel(sample(`torch/${name}.fx.txt`), { name: `${name}.fx.txt`, modules, types });
      // Tensors of whole modules have the names of the model, but no instruction that says what they are.
      const values = new Map(read.values);
      for (const [value, { name: param }] of read.params) {
        const type = [...aten.params].find(([, known]) => known.name === param)?.[0];
        if (type !== undefined) values.set(value, aten.values.get(type)!);
      }
      const traced = normalise({ ...read, values });
      const shapes = ({ outputs, values: all }: ModelGraph) => outputs.map((value) => printType(all.get(value)));
      expect(shapes(traced)).toEqual(shapes(aten));
    },
  );

  it("with its modules printed in front of it gives the recorded outputs, at the places of the file", async () => {
    const heads = ["q", "k", "v", "o"].map((name) => `  (${name}): Linear(in_features=32, out_features=32, bias=True)`);
    const tree = `GraphModule(\n${heads.join("\n")}\n)\n\n`;
    const text = new TextDecoder().decode(sample("torch/bigbird_attention.fx.txt"));
    const graph = await importModel(new TextEncoder().encode(tree + text), { name: "a.fx.txt" });
    expect(graph.nodes.find(({ op }) => op === "linear")?.place).toMatchObject({ line: 7 + 7, originalName: "q" });
    const recorded = recording("torch/bigbird_attention");
    const { outputs } = await evaluate(graph, givenInputs(recorded, graph.inputNames));
    expect(largestError({ outputs }, recorded.outputs)).toBeLessThan(1e-5);
  });

  it("calls convolutions, norms and pools as they are printed, with their tensors as parameters", async () => {
    const tree = `Net(
  (features): Sequential(
    (0): Conv2d(1, 2, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), bias=False)
    (1): BatchNorm2d(2, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)
    (2): MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)
  )
  (drop): Dropout(p=0.5, inplace=False)
  (flat): Flatten(start_dim=1, end_dim=-1)
  (norm): LayerNorm((8,), eps=1e-05, elementwise_affine=False)
  (out): Softmax(dim=-1)
)
`;
    const chain = ["features.0", "features.1", "features.2", "drop", "flat", "norm", "out"];
    const rows = chain.map((target, at) => {
      const from = at === 0 ? "x" : chain[at - 1]!.replace(".", "_");
      return `    %${target.replace(".", "_")} : [num_users=1] = call_module[target=${target}](args = (%${from},), kwargs = {})`;
    });
    const text = `${tree}graph():\n    %x : [num_users=1] = placeholder[target=x]\n${rows.join("\n")}\n    return out\n`;
    const graph = await importModel(new TextEncoder().encode(text), { name: "net.fx.txt" });
    expect(operators(graph)).toEqual([
      "conv",
      "batch-norm",
      "max-pool",
      "identity",
      "flatten",
      "layer-norm",
      "softmax",
    ]);
    const names = [...graph.params.values()].map(({ name }) => name);
    expect(names).toEqual([
      "features.0.weight",
      ...["weight", "bias", "running_mean", "running_var"].map((each) => `features.1.${each}`),
    ]);
    const f32 = (shape: number[], of: (k: number) => number): ModelTensor => {
      const count = shape.reduce((product, extent) => product * extent, 1);
      return { dtype: "f32", shape, values: Float64Array.from({ length: count }, (_, k) => of(k)) };
    };
    const { outputs } = await evaluate(graph, {
      x: f32([1, 1, 4, 4], (k) => k),
      "features.0.weight": f32([2, 1, 3, 3], (k) => (k % 9 === 4 ? 1 : 0)),
      "features.1.weight": f32([2], () => 1),
      "features.1.bias": f32([2], (k) => k),
      "features.1.running_mean": f32([2], () => 0),
      "features.1.running_var": f32([2], () => 1),
    });
    // The filters pass on what they see, so the pool gives 5, 7, 13, 15, and one more in the second channel.
    const seen = [5, 7, 13, 15, 6, 8, 14, 16];
    const mean = seen.reduce((a, b) => a + b, 0) / 8;
    const deviation = Math.sqrt(seen.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 8);
    const powers = seen.map((value) => Math.exp((value - mean) / deviation));
    const total = powers.reduce((a, b) => a + b, 0);
    for (const [at, power] of powers.entries()) expect(outputs[0]!.values[at]).toBeCloseTo(power / total, 4);
  });

  it.each([
    ["Conv2d(1, 2, kernel_size=(3, 3), stride=(1, 1), padding_mode=circular)", "padding mode circular is not modelled"],
    ["Linaer(in_features=8, out_features=8)", "the nearest known module is Linear"],
    ["Linear(in_features=8", "is no printed module"],
  ])("with a module %s is refused", async (q, message) => {
    const bytes = sample("torch/bigbird_attention.fx.txt");
    const read = importModel(bytes, { name: "a.fx.txt", modules: { ...modules, q } });
    await expect(read).rejects.toThrow(message);
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
