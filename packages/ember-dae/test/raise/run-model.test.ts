import { describe, expect, test } from "vitest";
import {
  interpret,
  type Lookup,
  nameOfOperation,
  operationNest,
  operationOf,
  raise,
  runModel,
  valuesOf,
} from "../../src/index.ts";
import { valuesOfLookup } from "../../src/raise/operands-of.ts";
import { sliceGraph } from "../../src/raise/slice-graph.ts";
import { recordedModel } from "../support/recorded.ts";

const models: readonly (readonly [file: string, lookups: readonly string[]])[] = [
  ...["bag_sum", "bag_mean", "bag_sum_ilo", "bag_sum_w"].flatMap((name) => [
    [`${name}.pt2`, ["bag"]] as const,
    [`${name}.onnx`, ["bag"]] as const,
  ]),
  ...[".pt2", ".onnx"].flatMap((ending) => [
    [`bigbird_block_gather${ending}`, ["gather"]] as const,
    [`gnn_sage_sum${ending}`, ["bag"]] as const,
    [`kg_transe_distmult${ending}`, ["gather", "gather", "gather"]] as const,
  ]),
  ["dlrm_tiny.pt2", ["bag", "bag", "bag"]],
  ["embedding_lookup_sparse_sqrtn.graphdef.pb", ["bag"]],
  ["gather.graphdef.pb", ["gather"]],
  ["safe_embedding_lookup_sparse_sum.graphdef.pb", ["bag"]],
  ["safe_weighted_mean.model.json", ["bag"]],
  ["safe_weighted_sum.model.json", ["bag"]],
  ["sparse_dense_matmul.graphdef.pb", ["bag"]],
  ["sparse_segment_sum.graphdef.pb", ["bag"]],
  ["sddmm_two_ops.mlir", ["sddmm"]],
  ["sddmm_edges.pt2", ["sddmm"]],
  ["graph_attention.pt2", ["sddmm", "bag"]],
  ...["bag_max_pad", "bag_bf16", "bag_2d_pad", "bag_i32"].map((name) => [`${name}.pt2`, ["bag"]] as const),
  ...["fusedmm_sigmoid", "fusedmm_identity", "fusedmm_scatter"].map((name) => [`${name}.pt2`, ["fused"]] as const),
  ...["kg_max_plus", "kg_min_times", "kg_index_reduce"].map((name) => [`${name}.pt2`, ["bag"]] as const),
];

describe("models with recorded outputs", () => {
  test.each(models)("%s gives them, with one operation for each lookup", async (file, kinds) => {
    const { graph, inputs, outputs } = await recordedModel(file);
    const raised = raise(graph);
    expect(raised.lookups.map(({ kind }) => kind)).toEqual(kinds);
    const results = await runModel(raised, inputs, ({ operation, memories }) => {
      interpret(operationNest(operation), memories);
      return valuesOf(memories[memories.length - 1]!);
    });
    for (const [place, { dtype, shape, values }] of outputs.entries()) {
      expect(results[place]?.shape).toEqual(shape);
      const errors = Array.from(values, (value, at) => Math.abs(value - results[place]!.values[at]!));
      expect(Math.max(...errors)).toBeLessThan(dtype === "bf16" ? 2 ** -8 : 1e-6);
    }
  });

  test("no ids are made unique, and no empty rows are filled, to run what is around a lookup", async () => {
    const whole = ["embedding_lookup_sparse_sqrtn.graphdef.pb", "safe_embedding_lookup_sparse_sum.graphdef.pb"];
    for (const file of [...whole, "safe_weighted_sum.model.json"]) {
      const { lookups, graph } = raise((await recordedModel(file)).graph);
      const [lookup] = lookups as [Lookup];
      const around = [
        ...sliceGraph(graph, graph.outputs, [lookup.result]).nodes,
        ...sliceGraph(graph, valuesOfLookup(lookup), []).nodes,
      ].map(({ op }) => op);
      for (const op of ["unique", "sparse-fill-empty-rows", "nonzero", "where"]) expect(around).not.toContain(op);
    }
  });

  test("weights that are averaged are dropped with their ids where they are not above 0, and no row is read twice", async () => {
    const { lookups } = raise((await recordedModel("safe_weighted_mean.model.json")).graph);
    expect(lookups).toMatchObject([
      { source: { form: "rows-of-entries", indices: "v", weights: "w", dropNegative: true, dropWeights: true } },
    ]);
  });

  test("an embedding refuses ids below 0, where indexing counts them from the end", async () => {
    const { graph } = await recordedModel("kg_transe_distmult.pt2");
    const whole = raise(graph).lookups.map(({ source }) => source.form === "ids" && source.fromEnd);
    expect(whole).toEqual([false, false, false]);
    const indexed = raise((await recordedModel("bigbird_block_gather.pt2")).graph).lookups[0]!.source;
    expect(indexed).toMatchObject({ fromEnd: true });
  });

  test("knowledge graphs become bags in their semirings", async () => {
    const found = async (file: string) => {
      const { lookups, graph } = raise((await recordedModel(file)).graph);
      const operation = operationOf(lookups[0] as Lookup, graph);
      return [nameOfOperation(operation), operation.kind === "bag" && operation.weights, lookups[0]?.reduce];
    };
    expect(await found("kg_max_plus.pt2")).toEqual(["kg", "add", "maximum"]);
    expect(await found("kg_min_times.pt2")).toEqual(["kg", "multiply", "minimum"]);
  });
});
