import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { importModel, type ModelGraph, modelToJson, normalise } from "../../src/index.ts";
import { sample } from "../support/samples.ts";

const folder = new URL("../data/", import.meta.url);
const inFolder = (name: string, ending: RegExp): string[] =>
  readdirSync(new URL(`${name}/`, folder))
    .filter((file) => ending.test(file))
    .map((file) => `${name}/${file}`);

const samples = [
  ...inFolder("torch", /(?<!gcn2_csr)\.pt2$|aten\.txt$/),
  ...inFolder("ember", /\.(pt2|onnx)$/),
  ...inFolder("mlir", /\.mlir$/),
  ...inFolder("ember-mlir", /(scf|linalg)\.mlir$/),
  ...inFolder("onnx", /\.onnx\.gz$/),
  ...inFolder("tf", /\.graphdef\.pb$/),
];

async function read(path: string): Promise<ModelGraph> {
  const bytes = path.endsWith(".gz") ? new Uint8Array(gunzipSync(readFileSync(new URL(path, folder)))) : sample(path);
  return normalise(await importModel(bytes, { name: path.replace(/\.gz$/, "") }));
}

/** The graph with the bytes of its weights gone, which JSON leaves behind. */
const withoutWeights = (graph: ModelGraph): ModelGraph => ({
  ...graph,
  params: new Map([...graph.params].map(([value, param]) => [value, { ...param, weight: undefined }])),
});

describe("the JSON of a graph", () => {
  it.each(samples)("of %s reads back to the same graph", async (path) => {
    const graph = await read(path);
    const text = JSON.stringify(modelToJson(graph));
    const back = await importModel(new TextEncoder().encode(text), { name: "graph.json" });
    expect(back).toEqual(withoutWeights(graph));
    expect(JSON.stringify(modelToJson(await read(path)))).toBe(text);
    expect(JSON.stringify(modelToJson(back))).toBe(text.replaceAll('"hasWeight":true', '"hasWeight":false'));
  });

  it("keeps numbers that JSON lacks", async () => {
    const graph = await read("torch/gcn2_dense.pt2");
    const [first, ...rest] = graph.nodes;
    const attributes = { a: Number.POSITIVE_INFINITY, b: Number.NaN, c: -0, d: "Infinity", e: [null, true, 1.5] };
    const odd = { ...graph, nodes: [{ ...first!, attributes }, ...rest] };
    const bytes = new TextEncoder().encode(JSON.stringify(modelToJson(odd)));
    const back = await importModel(bytes, { name: "graph.json" });
    expect(back.nodes[0]?.attributes).toEqual(attributes);
    expect(Object.is(back.nodes[0]?.attributes.c, -0)).toBe(true);
  });

  it.each([
    ['"modelJson":1', '"modelJson":2', "version 2 of the JSON form; version 1 is read"],
    ['"op":"relu"', '"op":7', "nodes[3].op: expected a string, found 7"],
    ['"inputs":["a","relu"]', '"inputs":["a","relo"]', "did you mean relu?"],
    ['"layout":"strided"', '"layout":"heap"', "expected one of strided, coo"],
  ])("with %s turned into %s is refused at its place", async (from, to, message) => {
    const text = JSON.stringify(modelToJson(await read("torch/gcn2_dense.pt2")));
    expect(text).toContain(from);
    const changed = importModel(new TextEncoder().encode(text.replace(from, to)), { name: "graph.json" });
    await expect(changed.catch((error) => Promise.reject(new Error(`${error.message} ${error.help}`)))).rejects.toThrow(
      message,
    );
  });
});
