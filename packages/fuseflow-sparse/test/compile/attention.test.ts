import { pack, parseFormat, type Tensor, uniformTensor, unpack } from "@millrace/tensor";
import { expect, test } from "vitest";
import { attentionMask } from "../../src/models/attention-mask.ts";
import { checkedRun, oneRegion, programOver } from "../support/compile-runs.ts";

const drawn = (shape: readonly number[], entries: number, format: string): Tensor =>
  pack(uniformTensor({ shape, entries, seed: entries, values: "quarters" }), parseFormat(format, shape.length));

test("attention under a BigBird mask multiplies at the mask's entries alone, also where all scores are negative", () => {
  const [sequence, size] = [64, 8];
  const mask = attentionMask({ sequence, heads: 1, blockSize: 8, randomBlocks: 1, seed: 2 });
  const M: Tensor = pack(
    {
      shape: [sequence, sequence],
      coordinates: [0, 2].map((mode) => Int32Array.from(coordinatesOf(mask)[mode]!)),
      valueType: "float64",
      values: new Float64Array(mask.values.length).fill(1),
    },
    parseFormat("ss", 2),
  );
  const sign = (tensor: Tensor, by: 1 | -1): Tensor => ({
    ...tensor,
    values: Float64Array.from(tensor.values, (value) => by * Math.abs(value)),
  });
  const full = (rows: number): Tensor => drawn([rows, size], rows * size, "dd");
  const inputs = { M, Q: sign(full(sequence), 1), K: sign(full(sequence), -1), V: full(sequence) };
  const statements = "S(i,j)=Q(i,k)*K(j,k)\nB(i,j)=M(i,j)*S(i,j)\nP(i,j)=softmax[j](B(i,j))\nO(i,l)=P(i,j)*V(j,l)";
  const program = programOver(inputs, statements);
  const regions = [{ ...oneRegion(program)[0]!, order: ["i", "j", "k", "l"] }];
  const { run, error } = checkedRun(program, inputs, { regions });
  expect(error).toBeLessThan(1e-12);
  const [{ kernel, simulation }] = run.regions[0]!.kernels as [(typeof run.regions)[0]["kernels"][0]];
  const products = kernel.graph.blocks.find((block) => block.type === "alu" && block.label === "S")!;
  expect(simulation.counts.byBlock[products.id]).toBe(M.values.length * size);
  expect(M.values.length).toBeLessThan(sequence * sequence * 0.7);
});

/** Coordinates of every entry, by mode. */
function coordinatesOf(tensor: Tensor): readonly Int32Array[] {
  return unpack(tensor).coordinates as readonly Int32Array[];
}
