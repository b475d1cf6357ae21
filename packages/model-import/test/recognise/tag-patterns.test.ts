import { describe, expect, it } from "vitest";
import { evaluate, importModel, type ModelGraph, normalise } from "../../src/index.ts";
import { largestError, recording, tensorOf } from "../support/recorded.ts";
import { sample } from "../support/samples.ts";

const read = async (path: string) => normalise(await importModel(sample(path), { name: path }));
const patterns = ({ tags }: ModelGraph) => tags.map(({ pattern }) => pattern);

const expected: Readonly<Record<string, readonly string[]>> = {
  bigbird_attention: ["linear", "linear", "linear", "mask", "softmax", "attention", "linear"],
  chain3_einsum: ["einsum"],
  gcn2_dense: ["linear", "linear", "softmax"],
  gcn_layer_dynamic: [],
  gpt_decoder_bigbird: [
    ...["layer-norm", "linear", "linear", "linear", "mask", "softmax", "attention", "linear"],
    ...["layer-norm", "linear", "linear"],
  ],
  graphsage2_pyg: ["sparse-product", "linear", "linear", "sparse-product", "linear", "linear", "log-softmax"],
  masked_sddmm_softmax_spmm: ["softmax"],
  mttkrp: ["einsum"],
  nested_matmul: [],
  sddmm: [],
  two_views: [],
};

describe.each(Object.entries(expected))("%s", (name, tags) => {
  it.each([".pt2", ".onnx", ".aten.txt"])(
    "as %s is tagged alike and still gives the recorded outputs",
    async (ending) => {
      const graph = await read(`torch/${name}${ending}`);
      expect(patterns(graph)).toEqual(tags);
      const { inputs, params, outputs } = recording(`torch/${name}`);
      const given = Object.fromEntries(
        inputs.map((tensor, index) => [graph.inputNames[index] ?? "", tensorOf(tensor)]),
      );
      for (const [key, tensor] of Object.entries(params ?? {})) given[key] = tensorOf(tensor);
      const { outputs: found, watched, sizes } = await evaluate(graph, given, { watch: [...graph.values.keys()] });
      expect(largestError({ outputs: found }, outputs)).toBeLessThan(1e-5);
      // Every inferred or declared shape is the shape that evaluation gives.
      for (const [value, tensor] of watched) {
        const shape = graph.values
          .get(value)
          ?.shape?.map((size) => (typeof size === "object" && "symbol" in size ? sizes.get(size.symbol) : size));
        if (shape !== undefined) expect([value, ...tensor.shape]).toEqual([value, ...shape]);
      }
    },
  );
});

describe("a pattern", () => {
  it("of mean aggregation names features, coordinates and result", async () => {
    const { tags } = await read("torch/graphsage2_pyg.pt2");
    expect(
      tags
        .filter(({ pattern }) => pattern === "sparse-product")
        .map(({ roles, attributes }) => ({ ...roles, ...attributes })),
    ).toEqual([
      { features: "x", source: "select_1", target: "select", result: "div", reduction: "mean" },
      { features: "relu", source: "select_1", target: "select", result: "div_1", reduction: "mean" },
    ]);
  });

  it("of softmax in five steps with a mask is one softmax", async () => {
    const { tags } = await read("torch/masked_sddmm_softmax_spmm.pt2");
    expect(tags[0]).toMatchObject({ pattern: "softmax", attributes: { axis: 1 }, roles: { mask: expect.any(String) } });
    expect(tags[0]?.nodes.length).toBeGreaterThan(4);
  });

  it("of a mask says which elements keep their values", async () => {
    const { tags } = await read("torch/bigbird_attention.pt2");
    expect(tags.find(({ pattern }) => pattern === "mask")).toMatchObject({
      roles: { data: "div", mask: "mask", result: "masked_fill" },
      attributes: { fill: -Infinity, keptWhere: "nonzero" },
    });
  });

  it.each([
    ["bag_sum", "sum", false, undefined],
    ["bag_mean", "mean", false, undefined],
    ["bag_sum_ilo", "sum", true, undefined],
    ["bag_sum_w", "sum", false, "w_0"],
  ])(
    "of an embedding bag is found whole in %s.pt2 and as a loop in its ONNX form",
    async (name, mode, includeLastOffset, weights) => {
      for (const [ending, table, form] of [
        [".pt2", "p_e_weight", "whole"],
        [".onnx", "e.weight", "loop"],
      ] as const) {
        const tag = (await read(`ember/${name}${ending}`)).tags.find(({ pattern }) => pattern === "embedding-bag");
        expect(tag?.roles).toMatchObject({
          table,
          indices: "i",
          offsets: "o",
          ...(weights === undefined ? {} : { weights }),
        });
        expect(tag?.attributes).toMatchObject({ mode, includeLastOffset, form });
      }
    },
  );

  it("of an embedding bag in TensorFlow looks through Unique", async () => {
    const { tags } = await read("tf/embedding_lookup_sparse_sqrtn.graphdef.pb");
    expect(tags).toMatchObject([
      { pattern: "embedding-bag", roles: { indices: "v" }, attributes: { mode: "sqrtn", form: "segments" } },
    ]);
  });
});
