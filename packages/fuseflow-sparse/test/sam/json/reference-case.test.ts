import { describe, expect, test } from "vitest";
import { printGraphJson, readGraphJson } from "../../../src/sam/json/graph-json.ts";
import { readReferenceCase } from "../../../src/sam/json/reference-case.ts";
import { validateGraph } from "../../../src/sam/validate/validate.ts";
import { graphFiles, messageOf, readText } from "../../support/graph-files.ts";

const cases = graphFiles("cases", ".json.gz");
const read = (name: string) => readReferenceCase({ name: `${name}.json`, text: readText(`cases/${name}.json.gz`) });

test("a case of every kernel is here", () => {
  expect(cases).toHaveLength(19);
});

describe.each(cases)("%s", (name) => {
  const { graph, streams, inputs, output, expected } = read(name);

  test("is a graph that can be run", () => {
    expect(validateGraph(graph).filter(({ severity }) => severity === "error")).toEqual([]);
    expect(readGraphJson({ name, text: printGraphJson(graph) }).graph).toEqual(graph);
  });

  test("keeps the names of its nodes, and every recorded stream has its edges", () => {
    const ids = new Set(graph.edges.map(({ id }) => id));
    for (const stream of streams) {
      for (const edge of stream.edges) expect(ids.has(edge)).toBe(true);
      expect(stream.tokens).toHaveLength(stream.edges.length);
      for (const tokens of stream.tokens) expect(tokens.at(-1)).toBe("D");
    }
    const recorded = new Set(streams.flatMap((stream) => stream.edges));
    if (streams.length > 0) {
      const carrying = graph.edges.filter(
        ({ from, to }) => !from.block.startsWith("root-") && !to.block.startsWith("broadcast-"),
      );
      expect(carrying.filter(({ id }) => !recorded.has(id))).toEqual([]);
    }
  });

  test("says how its operands and its result are stored", () => {
    expect(graph.tensors[output]?.levels).toHaveLength(expected.levels.length);
    for (const [tensor, { levels, modeOrder, dims }] of Object.entries(inputs)) {
      expect(graph.tensors[tensor]).toEqual({ levels, modeOrder });
      expect(modeOrder.toSorted()).toEqual(dims.map((_, mode) => mode));
    }
  });
});

test("a pair of streams through one setter is two edges, and its tokens are taken apart", () => {
  const { streams, graph } = read("matmul_ikj--tiny-a");
  const stream = streams.find(({ name }) => name.endsWith("-> intersectk_13.set_in2"));
  expect(stream?.edges).toEqual([
    "fiberlookup_Bk_14.ref->intersectk_13.ref1",
    "fiberlookup_Bk_14.crd->intersectk_13.crd1",
  ]);
  expect(stream?.tokens[0]?.slice(0, 4)).toEqual(["0", "1", "S0", "2"]);
  expect(stream?.tokens[1]?.slice(0, 4)).toEqual(["0", "2", "S0", "2"]);
  expect(graph.blocks.find(({ type }) => type === "spacc")).toMatchObject({ form: "points", order: 1 });
});

test("the storage order of a transposed operand is that of the expression's modes", () => {
  const name = cases.find((file) => file.startsWith("mat_mattransmul")) ?? "";
  expect(read(name).inputs.C?.modeOrder).toEqual([1, 0]);
  expect(read(name).inputs.b).toMatchObject({ dims: [], levels: [], value: 3 });
});

test("coordinates may stand in for references to a dense first level", () => {
  const { graph } = read(cases.find((file) => file.startsWith("mat_sddmm_locate")) ?? "");
  expect(graph.edges.filter(({ kind, to }) => kind === "crd" && to.port === "ref")).toHaveLength(2);
});

test("faults are shown at their place in the JSON", () => {
  const text = readText("cases/spmv_ij--tiny-a.json.gz")
    .replace('"kind":"mul"', '"kind":"mull"')
    .replace('["repsiggen_i","out_repsig"]', '["repsiggen_i","out_sig"]');
  const shown = messageOf(() => readReferenceCase({ name: "case.json", text })).split("\n");
  expect(
    shown.filter((line) => line.startsWith("case.json:")).map((line) => line.replace(/^case.json:1:\d+/, "at")),
  ).toEqual([
    "at: error: mul_0 has the unknown kind 'mull'",
    "at: error: repsiggen_i (repsiggen) has no output out_sig",
  ]);
});
