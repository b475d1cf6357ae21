import { describe, expect, it } from "vitest";
import { Interpreter, type StreamNumbers, typecheck } from "../../src/index.ts";
import { goldenOf, tasks } from "../support/recorded.ts";

describe("reference programs on recorded inputs", () => {
  it("give the recorded outputs to 1e-5 of their size, on both sets of every task", () => {
    let sets = 0;
    for (const task of tasks) {
      const typed = typecheck(task.reference!, task);
      if ("fault" in typed) throw new Error(typed.fault.message);
      for (const set of goldenOf(task)) {
        const run = new Interpreter(task, set).run(task.reference!, typed.types);
        if ("fault" in run) throw new Error(run.fault.message);
        for (const [output, name] of task.reference!.returns.entries()) {
          const found = (run.values.get(name) as StreamNumbers)[0]!;
          const expected = set.outputs[output]![0]!.values;
          const worst = found.reduce((most, value, at) => Math.max(most, Math.abs(value - expected[at]!)), 0);
          const size = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
          expect(worst / size, `${task.id} ${set.name}`).toBeLessThan(1e-5);
        }
        sets++;
      }
    }
    expect(sets).toBe(34);
  });

  it("give the published sums", () => {
    const sums = Object.fromEntries(
      tasks.map((task) => {
        const typed = typecheck(task.reference!, task);
        if ("fault" in typed) throw new Error(typed.fault.message);
        const run = new Interpreter(task, goldenOf(task)[0]!).run(task.reference!, typed.types);
        if ("fault" in run) throw new Error(run.fault.message);
        const values = (run.values.get(task.reference!.returns[0]!) as StreamNumbers)[0]!;
        return [task.id, values.reduce((sum, value) => sum + value, 0)];
      }),
    );
    const published = {
      "bmm/bmm_1": 58.26975,
      "bmm/bmm_0": -18.26311,
      "gemm/G_0_7_01": 70.73863,
      "attn/G_0_4_01": 53.80071,
      "expert/G_0_6_05": 106.46414,
      "etoe/G_0_9_01": -81.53032,
      "etoe/G_0_10": 157.01715,
    };
    for (const [id, sum] of Object.entries(published)) expect(Math.abs(sums[id]! - sum), id).toBeLessThan(1e-3);
  });
});
