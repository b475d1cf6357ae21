import { unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { evaluate, importModel, printSize } from "../../src/index.ts";
import { sample } from "../support/samples.ts";
import { zip } from "../support/zip-writer.ts";

const read = (name: string) => importModel(sample(`torch/${name}`), { name });

describe("a .pt2 archive", () => {
  it("gives nodes, parameters and types, with places", async () => {
    const graph = await read("gcn2_dense.pt2");
    expect(graph.inputNames).toEqual(["A", "X"]);
    expect(graph.nodes.map(({ op }) => op)).toEqual([
      "matmul",
      "matmul",
      "add",
      "relu",
      "matmul",
      "matmul",
      "add",
      "softmax",
    ]);
    expect([...graph.params.values()].map(({ name }) => name)).toEqual(["w1", "b1", "w2", "b2"]);
    expect(graph.values.get("softmax")).toMatchObject({ dtype: "f32", shape: [34, 4], layout: "strided" });
    expect(graph.nodes[0]?.place).toMatchObject({
      member: "gcn2_dense/models/model.json",
      path: "graph_module.graph.nodes[0]",
      originalName: "matmul",
    });
  });

  it("keeps symbolic sizes with their ranges, hints and guards", async () => {
    const graph = await read("gcn_layer_dynamic.pt2");
    expect(graph.values.get("matmul_1")?.shape?.map(printSize)).toEqual(["s29", "8"]);
    expect(graph.symbols.get("s29")).toEqual({
      name: "s29",
      minimum: 2,
      maximum: 4096,
      hint: 34,
      equalTo: ["A.size(1) == X.size(0)", "X.size(0) == A.size(0)"],
    });
    expect(graph.symbols.get("s27")).toMatchObject({ minimum: 1, maximum: 512, equalTo: ["X.size(1) == W.size(0)"] });
  });

  it("of PyTorch 2.1 to 2.4 has its weights in pickles", async () => {
    const graph = await read("oldlayout_mlp.pt2");
    expect(graph.source.version).toBe("schema 2");
    const weight = graph.params.get("p_a_weight")?.weight;
    expect(weight).toMatchObject({ dtype: "f32", shape: [8, 12], strides: [12, 1] });
    const bytes = await weight!.storage.load();
    expect(new Float32Array(bytes.slice(0, 4).buffer)[0]).toBeCloseTo(0.18423, 4);
  });

  it("of PyTorch 2.5 to 2.7 is known by its members, its state called .pt and its schema in two numbers", async () => {
    const old = unzipSync(sample("torch/oldlayout_mlp.pt2"));
    const text = new TextDecoder().decode(old["serialized_exported_program.json"]);
    const program = JSON.stringify({
      ...JSON.parse(text),
      schema_version: { major: 7, minor: 3 },
      torch_version: "2.5.1",
    });
    const bytes = zip([
      { name: "version", bytes: new TextEncoder().encode("7.3") },
      { name: "serialized_exported_program.json", bytes: new TextEncoder().encode(program) },
      { name: "serialized_state_dict.pt", bytes: old["serialized_state_dict.json"]! },
      { name: "serialized_constants.pt", bytes: old["serialized_constants.json"]! },
      { name: "serialized_example_inputs.pt", bytes: old["serialized_constants.json"]! },
    ]);
    const graph = await importModel(bytes, { name: "mlp.pt2" });
    expect(graph.source).toMatchObject({ version: "schema 7.3", producer: "PyTorch 2.5.1" });
    const weight = graph.params.get("p_a_weight")?.weight;
    expect(weight?.place.member).toMatch(/^serialized_state_dict\.pt/);
    const before = await read("oldlayout_mlp.pt2");
    const { shape } = before.values.get(before.inputs[0]!)!;
    const extents = shape!.map((size) => (typeof size === "number" ? size : 3));
    const count = extents.reduce((product, extent) => product * extent, 1);
    const x = {
      dtype: "f32" as const,
      shape: extents,
      values: Float64Array.from({ length: count }, (_, k) => (k % 7) - 3),
    };
    const [now, then] = [await evaluate(graph, [x]), await evaluate(before, [x])];
    expect(now.outputs).toEqual(then.outputs);
    expect(then.outputs[0]!.values.some((value) => value !== 0)).toBe(true);
  });

  it("in-place operators become pure ones", async () => {
    const graph = await read("graphsage2_pyg.pt2");
    expect(graph.nodes.filter(({ op }) => op === "scatter-elements")).toHaveLength(4);
  });

  it("without a program is refused with the way out", async () => {
    await expect(read("gcn2_csr.pt2")).rejects.toMatchObject({
      code: "program-missing",
      message: expect.stringContaining("gcn2_csr.pt2!gcn2_csr/models/model.json"),
      help: expect.stringContaining("COO"),
    });
  });
});
