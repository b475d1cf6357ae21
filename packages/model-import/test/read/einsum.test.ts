import { gunzipSync } from "node:zlib";
import { evaluateDense, parseAssignment } from "@millrace/tensor";
import { describe, expect, it } from "vitest";
import { evaluate, importEinsum, type ModelTensor } from "../../src/index.ts";
import { sample } from "../support/samples.ts";

interface Case {
  readonly expr: string;
  readonly ok: boolean;
  readonly shapes: readonly number[][];
  readonly operands: readonly number[][];
  readonly outputShape: readonly number[];
  readonly output: readonly number[];
}
const cases: readonly Case[] = JSON.parse(Buffer.from(gunzipSync(sample("einsum/einsum.json.gz"))).toString());
const right = cases.filter(({ ok }) => ok);
const wrong = cases.filter(({ ok }) => !ok);

describe("an einsum string", () => {
  it.each(right)("$expr gives the recorded result", async ({ expr, shapes, operands, outputShape, output }) => {
    const tensors = operands.map(
      (data, index): ModelTensor => ({ dtype: "f64", shape: shapes[index] ?? [], values: Float64Array.from(data) }),
    );
    const { outputs } = await evaluate(importEinsum(expr, { shapes }), tensors);
    expect([outputs[0]?.shape, [...(outputs[0]?.values ?? [])]]).toEqual([outputShape, output]);
  });

  it.each(wrong)('"$expr" is refused with its column', ({ expr }) => {
    expect(() => importEinsum({ name: "e", text: expr })).toThrow(/^e:1:\d+: error: /);
  });

  it("agrees with the dense evaluator of index notation", async () => {
    const shapes = [
      [3, 4],
      [4, 5],
      [5, 2],
    ];
    const operands = shapes.map(([rows = 0, columns = 0], which) =>
      Float64Array.from({ length: rows * columns }, (_, at) => ((at * 7 + which) % 11) - 5),
    );
    const dense = evaluateDense(parseAssignment("Y(i,l) = A(i,j) * B(j,k) * C(k,l)"), {
      A: { shape: [3, 4], values: operands[0] ?? new Float64Array() },
      B: { shape: [4, 5], values: operands[1] ?? new Float64Array() },
      C: { shape: [5, 2], values: operands[2] ?? new Float64Array() },
    });
    const tensors = operands.map(
      (values, index): ModelTensor => ({ dtype: "f64", shape: shapes[index] ?? [], values }),
    );
    const { outputs } = await evaluate(importEinsum("ij,jk,kl->il"), tensors);
    expect([...(outputs[0]?.values ?? [])]).toEqual([...dense.values]);
  });

  it("carries formats", () => {
    expect(importEinsum("ij,jk->ik", { formats: ["CSR", undefined] }).values.get("A")?.format?.levels).toEqual([
      { kind: "dense" },
      { kind: "compressed" },
    ]);
  });
});
