import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { bytesSource, evaluate, importModel, type ModelTensor } from "../../src/index.ts";
import { largestError, operators, recording, tensorOf } from "../support/recorded.ts";
import { sample } from "../support/samples.ts";

const beside = (folder: string) => (name: string) => bytesSource(sample(`${folder}/${name}`));
const graphs = [
  "gather",
  "sparse_segment_sum",
  "embedding_lookup_sparse_sqrtn",
  "safe_embedding_lookup_sparse_sum",
  "sparse_dense_matmul",
];

describe.each(graphs)("%s", (name) => {
  const forms = [".graphdef.pb", ".graphdef.pbtxt", ".model.json"];
  const read = (form: string) => importModel(sample(`tf/${name}${form}`), { name, files: beside("tf") });

  it.each(forms)("as %s gives the outputs that TensorFlow recorded", async (form) => {
    const graph = await read(form);
    const { inputs, outputs } = recording(`tf/${name}`);
    const given = Object.fromEntries(inputs.map((tensor) => [tensor.name ?? "", tensorOf(tensor)]));
    expect(largestError(await evaluate(graph, given), outputs)).toBeLessThan(1e-6);
  });

  it("is the same graph in all three forms", async () => {
    const [binary, text, json] = await Promise.all(forms.map(read));
    const essence = (graph: typeof binary) =>
      graph?.nodes.map(({ op, inputs, attributes, outputs }) => [op, inputs, attributes, outputs]);
    expect(essence(text)).toEqual(essence(binary));
    expect(essence(json)).toEqual(essence(binary));
  });
});

describe("a TensorFlow.js model", () => {
  const folder = (name: string) => ({
    bytes: sample(`tfjs/${name}/model.json`),
    options: { name: `${name}/model.json`, files: beside(`tfjs/${name}`) },
  });
  const floats = (shape: number[], ...values: number[]): ModelTensor => ({
    dtype: "f32",
    shape,
    values: Float64Array.from(values),
  });

  it("of one product evaluates with its weights", async () => {
    const { bytes, options } = folder("graph_model_add");
    const graph = await importModel(bytes, options);
    const w = new Float32Array(new Uint8Array(sample("tfjs/graph_model_add/weights.bin")).buffer);
    const { outputs } = await evaluate(graph, [floats([2, 2], 1, 0, 0, 1)]);
    expect([...(outputs[0]?.values ?? [])]).toEqual([...w]);
  });

  it("with a fused product, bias and activation evaluates", async () => {
    const { bytes, options } = folder("dense_model");
    const graph = await importModel(bytes, options);
    const [first = 0, second = 0] = new Float32Array(
      new Uint8Array(sample("tfjs/dense_model/group1-shard1of1.bin")).buffer,
    );
    const { outputs } = await evaluate(graph, [floats([2, 1], 1, 2)]);
    const [a = 0, b = 0] = outputs[0]?.values ?? [];
    expect([Math.fround(b - a), Math.fround(2 * a - b)].sort()).toEqual([first, second].sort());
  });

  it.each([
    ["movenet_topology", ["conv", "tf.StatelessWhile"]],
    ["universal_sentence_encoder_topology", ["conv", "scatter-nd"]],
  ])("%s imports without its weights", async (name, some) => {
    const bytes = new Uint8Array(
      gunzipSync(readFileSync(new URL(`../data/tfjs/${name}.model.json.gz`, import.meta.url))),
    );
    const graph = await importModel(bytes, { name });
    expect(operators(graph)).toEqual(expect.arrayContaining(some));
    await expect(evaluate(graph, [])).rejects.toMatchObject({ code: "input-missing" });
  });

  it("of layers is refused with the conversion that helps", async () => {
    const { bytes, options } = folder("layers_model");
    await expect(importModel(bytes, options)).rejects.toMatchObject({
      code: "format-unknown",
      help: expect.stringContaining("tfjs_graph_model"),
    });
  });

  it("with weights cut off is refused", async () => {
    const { bytes } = folder("graph_model_add");
    const short = { name: "a", files: () => bytesSource(new Uint8Array(8)) };
    await expect(importModel(bytes, short)).rejects.toMatchObject({ code: "weight-truncated" });
  });
});

it("a SavedModel with variables is refused with the way to freeze it", async () => {
  const bytes = sample("tfjs/saved_model_times_three_float/saved_model.pb");
  await expect(importModel(bytes, { name: "saved_model.pb" })).rejects.toMatchObject({
    code: "operator-unknown",
    help: expect.stringContaining("freeze"),
  });
});

it("a fault in the text form shows its line", async () => {
  const text = 'node {\n  name: "a\n}\n';
  await expect(importModel(new TextEncoder().encode(text), { name: "a.pbtxt" })).rejects.toThrow(/a\.pbtxt:2:9/);
});
