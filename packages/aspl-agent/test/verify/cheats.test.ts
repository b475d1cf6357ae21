import { describe, expect, it } from "vitest";
import {
  drawExpectedSets,
  type ExpectedSet,
  findBlindSpot,
  type Op,
  readTasks,
  type Task,
  Verifier,
} from "../../src/index.ts";
import { rawTasks, taskOf, tasks } from "../support/recorded.ts";

/** A task whose functions also include one that gives zeros: what a program that answers with zeros would need. */
function withZeros(task: Task, raw: Record<string, unknown>): Task {
  const fns = raw.fns as readonly Record<string, unknown>[];
  const zeros = fns.map((fn) => ({ ...fn, expr: (fn.expr as string[]).map((text) => `(${text})*0`) }));
  return { ...readTasks({ ...raw, fns: zeros })[0]!, reference: task.reference };
}

describe("programs that cheat", () => {
  it("one that returns zeros fails on every task", () => {
    for (const [index, task] of tasks.entries()) {
      const honest = drawExpectedSets(task, 1);
      // Where a formula divides by zero the zeros become NaN; either is refused.
      const verdict = new Verifier(
        { ...withZeros(task, rawTasks[index]!), reference: undefined },
        { recorded: honest },
      );
      expect(verdict.verify(task.reference!).verdict, task.id).toBe("numeric");
    }
  });

  it("one that returns its inputs fails on every task", () => {
    for (const task of tasks) {
      const names = task.inputs.map(({ name }) => name);
      const returns = task.outputs.map((_, index) => names[index % names.length]!);
      const { verdict } = new Verifier(task).verify({ ops: [], returns });
      expect(["outputType", "numeric"], task.id).toContain(verdict);
    }
  });

  it("one that is right at the default sizes alone fails", () => {
    // M=5 and X=5: repeating X times is right there and nowhere else.
    const raw = { ...rawTasks.find(({ id }) => id === "bmm/bmm_1")! };
    const task = readTasks({ ...raw, dims: { ...(raw.dims as object), X: 7 } })[0]!;
    const ops = task.reference!.ops.map((op): Op => (op.op === "Repeat" ? { ...op, n: "X" } : op));
    expect(new Verifier(task).verify({ ...task.reference!, ops }).verdict).toBe("type");
  });
});

describe("sets that cannot tell right from wrong", () => {
  it("are found out if an expert is never chosen", () => {
    const task = taskOf("expert/G_0_7_01");
    const sets = drawExpectedSets(task, 1);
    expect(findBlindSpot(task, sets)).toBeUndefined();
    const allToFirst = sets.map((set): ExpectedSet => {
      const [choices] = set.inputs.E1!;
      const values = choices!.values.map((_, at) => (at % 2 === 0 ? 1 : 0));
      return { ...set, inputs: { ...set.inputs, E1: [{ ...choices!, values }] } };
    });
    expect(findBlindSpot(task, allToFirst)).toBe("expert 1 is never chosen: a program that is wrong there would pass");
  });

  it("are found out if everything expected is zero", () => {
    const task = taskOf("bmm/bmm_0");
    const zeros = drawExpectedSets(task, 1).map((set): ExpectedSet => {
      const outputs = set.outputs.map((parts) =>
        parts.map(({ shape, values }) => ({ shape, values: values.map(() => 0) })),
      );
      return { ...set, outputs };
    });
    expect(findBlindSpot(task, zeros)).toContain("is zero everywhere");
  });

  it("refuse a task without anything to judge against", () => {
    const task = { ...taskOf("bmm/bmm_0"), reference: undefined };
    expect(() => new Verifier(task)).toThrow("has no reference program: give recorded outputs to judge against");
  });
});
