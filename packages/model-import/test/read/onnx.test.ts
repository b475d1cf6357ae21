import { readdirSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { messageOf, messagesOf, readMessage } from "../../src/archive/protobuf.ts";
import {
  bytesSource,
  evaluate,
  importModel,
  type ModelTensor,
  passes,
  printSize,
  readWeight,
  type Value,
} from "../../src/index.ts";
import { modelSchema, tensorSchema } from "../../src/read/onnx/onnx-schema.ts";
import { onnxWeight } from "../../src/read/onnx/onnx-tensor.ts";
import { SideFiles } from "../../src/read/side-files.ts";
import { field, messageBytes, text, varint } from "../support/protobuf-writer.ts";
import { largestError, recording, tensorOf } from "../support/recorded.ts";
import { sample } from "../support/samples.ts";

function backendTensor(path: string): Promise<ModelTensor> {
  const context = { files: new SideFiles(undefined), place: { file: path } };
  return readWeight(onnxWeight(readMessage(sample(path), tensorSchema, { file: path }), context));
}

const backend = readdirSync(new URL("../data/onnx", import.meta.url)).filter((name) => name.startsWith("test_"));

describe("a backend test of ONNX gives its expected output", () => {
  it.each(backend)("%s", async (name) => {
    const folder = `onnx/${name}/test_data_set_0`;
    const files = readdirSync(new URL(`../data/${folder}`, import.meta.url)).filter((file) =>
      file.startsWith("input_"),
    );
    const inputs = await Promise.all(files.sort().map((file) => backendTensor(`${folder}/${file}`)));
    const graph = await importModel(sample(`onnx/${name}/model.onnx`), { name });
    const { outputs } = await evaluate(graph, inputs);
    const expected = await backendTensor(`${folder}/output_0.pb`);
    expect(largestError({ outputs }, [{ dtype: "", shape: expected.shape, data: [...expected.values] }])).toBeLessThan(
      1e-5,
    );
  });
});

const exported = (folder: string) =>
  readdirSync(new URL(`../data/${folder}`, import.meta.url))
    .filter((name) => name.endsWith(".onnx"))
    .map((name) => name.slice(0, -5));

describe("a model that PyTorch exported gives the recorded outputs", () => {
  it.each([
    ...exported("torch").map((name) => [`torch/${name}`, 1e-5] as const),
    ...exported("ember").map((name) => [`ember/${name}`, 1e-6] as const),
  ])("%s within %d", async (path, tolerance) => {
    const graph = await importModel(sample(`${path}.onnx`), { name: path });
    const { inputs, outputs } = recording(path);
    expect(largestError(await evaluate(graph, inputs.map(tensorOf)), outputs)).toBeLessThan(tolerance);
  });

  it("an embedding bag is a loop with a body, which sees the values around it", async () => {
    const graph = await importModel(sample("ember/bag_sum.onnx"), { name: "bag_sum.onnx" });
    const loop = graph.nodes.find(({ op }) => op === "loop");
    expect(loop?.regions[0]?.nodes.map(({ op }) => op)).toContain("if");
  });
});

describe("models of the zoo without weights", () => {
  it.each([
    ["light_squeezenet", "1 x 1000 x 1 x 1"],
    ["light_resnet50", "1 x 1000"],
  ])("%s imports with its nodes and shapes", async (name, shape) => {
    const bytes = new Uint8Array(gunzipSync(sample(`onnx/${name}.onnx.gz`)));
    const graph = await importModel(bytes, { name });
    const message = messageOf(readMessage(bytes, modelSchema, { file: name }), "graph") ?? {};
    // The softmax of old operator sets works on a matrix, so two nodes reshape around it.
    expect(graph.nodes.length - 2).toBe(
      messagesOf(message, "node").filter((node) => node.opType !== "Constant").length,
    );
    expect(
      graph.values
        .get(graph.outputs[0] ?? "")
        ?.shape?.map(printSize)
        .join(" x "),
    ).toBe(shape);
  });
});

describe("shapes of a whole network follow from those of its input and weights", () => {
  it.each(["light_squeezenet", "light_resnet50"])("%s", async (name) => {
    const read = await importModel(new Uint8Array(gunzipSync(sample(`onnx/${name}.onnx.gz`))), { name });
    const given = new Set([...read.inputs, ...read.params.keys()]);
    const values = [...read.values].map(([key, value]) => [
      key,
      given.has(key) ? value : { ...value, shape: undefined },
    ]);
    const graph = passes["infer-shapes"]!({ ...read, values: new Map(values as [string, Value][]) });
    const last = graph.nodes.findLast(({ op }) => op === "mean-pool" || op === "conv")!;
    expect(graph.values.get(last.outputs[0]!)?.shape?.slice(2)).toEqual([1, 1]);
    const unknown = graph.nodes.filter((node) => graph.values.get(node.outputs[0]!)?.shape === undefined);
    expect(unknown.map(({ op }) => op)).toEqual([]);
  });
});

// y = A x with A given as COO, or as a file beside the model.
function product(initializer: Uint8Array, sparse: boolean): Uint8Array {
  const type = (...dims: number[]) =>
    field(
      1,
      messageBytes(varint(1, 1), field(2, messageBytes(...dims.map((dim) => field(1, messageBytes(varint(1, dim))))))),
    );
  const value = (name: string, ...dims: number[]) => messageBytes(text(1, name), field(2, type(...dims)));
  const node = messageBytes(text(1, "A"), text(1, "x"), text(2, "y"), text(4, "MatMul"));
  const graph = messageBytes(
    field(1, node),
    field(sparse ? 15 : 5, initializer),
    field(11, value("x", 3)),
    field(12, value("y", 2)),
  );
  return messageBytes(varint(1, 8), field(7, graph), field(8, messageBytes(varint(2, 20))));
}

const dims = (...sizes: number[]) => messageBytes(...sizes.map((size) => varint(1, size)));
const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
const longs = (...values: number[]) => new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer);
const x: ModelTensor = { dtype: "f32", shape: [3], values: Float64Array.of(1, 10, 100) };

describe("constants", () => {
  it("that are sparse stay sparse, and mean zero elsewhere", async () => {
    const values = messageBytes(dims(2), varint(2, 1), text(8, "A"), field(9, floats(5, 7)));
    const indices = messageBytes(dims(2, 2), varint(2, 7), field(9, longs(0, 2, 1, 0)));
    const graph = await importModel(
      product(messageBytes(field(1, values), field(2, indices), varint(3, 2), varint(3, 3)), true),
      { name: "a.onnx" },
    );
    expect(graph.values.get("A")).toMatchObject({ shape: [2, 3], layout: "coo" });
    expect(graph.params.get("A")?.weight?.sparse).toMatchObject({ entries: 2, linear: false });
    expect([...((await evaluate(graph, { x })).outputs[0]?.values ?? [])]).toEqual([500, 7]);
  });

  const external = (location: string, length = "24") => {
    const entry = (key: string, value: string) => field(13, messageBytes(text(1, key), text(2, value)));
    return messageBytes(
      dims(2, 3),
      varint(2, 1),
      text(8, "A"),
      entry("location", location),
      entry("offset", "8"),
      entry("length", length),
      varint(14, 1),
    );
  };

  it("in a file beside the model are read when they are asked for", async () => {
    let reads = 0;
    const bytes = new Uint8Array(32);
    bytes.set(floats(1, 2, 3, 4, 5, 6), 8);
    const source = {
      size: 32,
      read: (offset: number, length: number) => bytes.subarray(offset, offset + length + 0 * reads++),
    };
    const graph = await importModel(product(external("weights.bin"), false), { name: "a.onnx", files: () => source });
    expect(reads).toBe(0);
    expect([...((await evaluate(graph, { x })).outputs[0]?.values ?? [])]).toEqual([321, 654]);
    expect(reads).toBe(1);
  });

  it("outside the model's folder, missing, or cut off are refused", async () => {
    const read = (location: string, length?: string) =>
      importModel(product(external(location, length), false), {
        name: "a.onnx",
        files: (name) => (name === "w" ? bytesSource(new Uint8Array(16)) : undefined),
      });
    await expect(read("../secret")).rejects.toMatchObject({ code: "archive-path" });
    await expect(read("/etc/passwd")).rejects.toMatchObject({ code: "archive-path" });
    await expect(read("other")).rejects.toMatchObject({ code: "weight-missing" });
    await expect(read("w")).rejects.toMatchObject({ code: "weight-truncated" });
  });
});

describe("an operator", () => {
  it("that is not modelled is refused with its place and the nearest one", async () => {
    const node = messageBytes(text(1, "x"), text(2, "y"), text(3, "n1"), text(4, "MatMull"));
    const model = messageBytes(
      varint(1, 8),
      field(7, messageBytes(field(1, node))),
      field(8, messageBytes(varint(2, 20))),
    );
    await expect(importModel(model, { name: "a.onnx" })).rejects.toMatchObject({
      code: "operator-unknown",
      message: "a.onnx, graph.node[0] (n1): operator MatMull is not modelled",
      help: expect.stringContaining("MatMul"),
    });
  });
});
