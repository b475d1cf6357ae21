import { describe, expect, it } from "vitest";
import { annotateFormats, describeFormat, importModel, type ModelTensor, proposeFormats } from "../../src/index.ts";
import { recording, tensorOf } from "../support/recorded.ts";
import { sample } from "../support/samples.ts";

const read = (name: string) => importModel(sample(`torch/${name}`), { name });

async function proposalsFor(name: string): Promise<Record<string, string>> {
  const graph = await read(`${name}.pt2`);
  const { inputs } = recording(`torch/${name}`);
  const given = Object.fromEntries(
    inputs.map((tensor, index): [string, ModelTensor] => [graph.inputNames[index] ?? "", tensorOf(tensor)]),
  );
  const proposals = await proposeFormats(graph, given);
  return Object.fromEntries(proposals.map((proposal) => [proposal.name, describeFormat(proposal.format)]));
}

describe("a proposal of formats", () => {
  it("stores the adjacency of a graph network sparse and its weights dense", async () => {
    expect(await proposalsFor("gcn2_dense")).toMatchObject({ A: "CSR", w1: "dense", w2: "dense" });
  });

  it("finds the blocks of a BigBird mask", async () => {
    expect((await proposalsFor("bigbird_attention")).mask).toMatch(/^BCSR\(\d+x\d+\)$/);
  });

  it("counts", async () => {
    const graph = await read("nested_matmul.pt2");
    const [value = ""] = graph.inputs;
    const shape = graph.values.get(value)?.shape as number[];
    const tensor: ModelTensor = { dtype: "f32", shape, values: new Float64Array(shape.reduce((a, b) => a * b, 1)) };
    tensor.values[0] = 1;
    const given = graph.inputs.map((name) => ({ ...tensor, shape: graph.values.get(name)?.shape as number[] }));
    const others = given.map((other) => ({
      ...other,
      values: new Float64Array(other.shape.reduce((a, b) => a * b, 1)),
    }));
    const [proposal] = await proposeFormats(graph, [tensor, ...others.slice(1)]);
    expect(proposal).toMatchObject({
      facts: { entries: 1, emptyRows: (shape[0] ?? 0) - 1, density: 1 / tensor.values.length },
    });
    expect(describeFormat(proposal!.format)).toBe("DCSR");
  });
});

describe("an annotation", () => {
  it("names inputs and weights as the model does, and is kept", async () => {
    const graph = annotateFormats(await read("gcn2_dense.pt2"), { A: "CSR", w1: "dd" });
    expect(describeFormat(graph.values.get("a")!.format!)).toBe("CSR");
    expect(graph.values.get("p_w1")?.format?.levels).toEqual([{ kind: "dense" }, { kind: "dense" }]);
    const { inputs } = recording("torch/gcn2_dense");
    const proposals = await proposeFormats(graph, inputs.map(tensorOf));
    expect(proposals.map(({ name }) => name)).toEqual(["X", "w2"]);
  });

  it("of a tensor that the model lacks is refused", async () => {
    const graph = await read("gcn2_dense.pt2");
    expect(() => annotateFormats(graph, { B: "CSR" })).toThrow(
      expect.objectContaining({ code: "format-annotation", help: "it has A, X, w1, b1, w2, b2" }),
    );
  });
});
