import { importModel, normalise } from "@millrace/model-import";
import { describe, expect, test } from "vitest";
import { parseProgram } from "../../src/program/parse-program.ts";
import { printProgram } from "../../src/program/print-program.ts";
import { raiseModel } from "../../src/raise/raise-model.ts";
import { checkedRun, denseOf } from "../support/compile-runs.ts";
import { modelFile, raisedFile } from "../support/raised-models.ts";

const models = [
  "bigbird_attention",
  "gpt_decoder_bigbird",
  "mttkrp",
  "nested_matmul",
  "sddmm",
  "gcn2_dense",
  "graphsage2_pyg",
  "masked_sddmm_softmax_spmm",
  "gcn_layer_dynamic",
  "two_views",
  "chain3_einsum",
];

describe.each(models)("%s", (name) => {
  test.each(["pt2", "onnx"])("gives PyTorch's outputs from .%s, statement by statement", async (extension) => {
    const { model, operands, recorded } = await raisedFile(`${name}.${extension}`);
    const regions = model.program.statements.map(({ tensor }) => ({ name: tensor, tensors: [tensor] }));
    const { run, error } = checkedRun(model.program, operands, { regions });
    expect(error).toBeLessThan(1e-9);
    for (const [at, { tensor }] of model.outputs.entries()) {
      const found = denseOf(run.tensors.get(tensor)!);
      const expected = recorded.outputs[at]!.data.flat(9) as number[];
      expect(found).toHaveLength(expected.length);
      for (const [place, value] of expected.entries()) expect(Math.abs(found[place]! - value)).toBeLessThan(1e-5);
    }
  });

  test("prints as a program text that reads back", async () => {
    const { model } = await raisedFile(`${name}.pt2`);
    const text = printProgram(model.program);
    expect(printProgram(parseProgram(text))).toBe(text);
  });
});

test("sums over an edge list become products with the matrix of the edges", async () => {
  const { model } = await raisedFile("graphsage2_pyg.pt2");
  const edges = model.operands.filter(({ source }) => source.kind === "edges");
  expect(edges.map(({ shape }) => shape)).toEqual([[34, 34]]);
  expect(printProgram(model.program)).toContain("e_edges(i,k) * x(k,j)");
});

test("a file that is no model is refused with its place", async () => {
  const text = 'input: "f32[4]"';
  await expect(importModel(new TextEncoder().encode(text), { name: "x.aten.txt" })).rejects.toThrow("x.aten.txt");
});

test("an archive in the layout of PyTorch 2.4 and older is raised", async () => {
  const name = "oldlayout_mlp.pt2";
  const { program } = raiseModel(normalise(await importModel(new Uint8Array(modelFile(name)), { name })));
  expect(program.statements.map(({ tensor }) => tensor).at(-1)).toBe("softmax_1");
});

test("an archive without its program, as PyTorch leaves one of CSR inputs, is refused with what to do", async () => {
  const name = "gcn2_csr.pt2";
  const refused = importModel(new Uint8Array(modelFile(name)), { name });
  await expect(refused).rejects.toThrow(
    /gcn2_csr\.pt2!gcn2_csr\/models\/model\.json: the archive has weights but no program/,
  );
});
