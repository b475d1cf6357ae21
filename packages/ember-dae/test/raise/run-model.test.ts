import { describe, expect, test } from "vitest";
import { interpret, operationNest, raise, runModel, valuesOf } from "../../src/index.ts";
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
  ["sparse_dense_matmul.graphdef.pb", ["bag"]],
  ["sparse_segment_sum.graphdef.pb", ["bag"]],
  ["sddmm_two_ops.mlir", ["sddmm"]],
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
    for (const [place, { shape, values }] of outputs.entries()) {
      expect(results[place]?.shape).toEqual(shape);
      const errors = Array.from(values, (value, at) => Math.abs(value - results[place]!.values[at]!));
      expect(Math.max(...errors)).toBeLessThan(1e-6);
    }
  });

  test("no ids are made unique first", async () => {
    for (const file of ["embedding_lookup_sparse_sqrtn.graphdef.pb", "safe_embedding_lookup_sparse_sum.graphdef.pb"]) {
      const { lookups, graph } = raise((await recordedModel(file)).graph);
      const unique = graph.nodes.find(({ op }) => op === "unique");
      expect(lookups[0]?.nodes).toContain(unique?.name);
    }
  });
});
