/** Small tasks for single operators. */
import { readTasks, type Task } from "../../src/index.ts";

/** A task from a few fields; everything else is empty, and there is one output, a number stream of the input's shape. */
export function smallTask(fields: Record<string, unknown>): Task {
  const inputs = (fields.inputs ?? [{ name: "E0", elem: "f32", shape: ["A"], gen: "normal" }]) as { shape: string[] }[];
  return readTasks({
    id: "small",
    dims: { A: 3, B: 2, C: 2 },
    fns: [],
    outputs: [{ elem: "f32", shape: inputs[0]!.shape }],
    ...fields,
    inputs,
  })[0]!;
}

/** Sums numbers, starting at 0. */
export const addUp = { name: "addUp", kind: "fold", in: "f32", out: "f32", init: [0], expr: ["s[0]+x[0]"] };

/** Numbers as a tensor. */
export function tensor(...values: readonly number[]): { shape: number[]; values: Float64Array } {
  return { shape: [values.length], values: Float64Array.from(values) };
}
