import { describe, expect, test } from "vitest";
import { simulateSam } from "../../src/simulate/simulate-sam.ts";
import { comalRuns } from "../support/reference-data.ts";

/** Values were recorded in single precision. */
const SINGLE = 2e-6;

describe.each([...comalRuns()])("the recorded run of Comal on %s", (_, run) => {
  const { report, outputs, counts } = simulateSam(run.graph, run.operands, { profile: "comal" });

  test("takes the same cycles", () => {
    expect(report.deadlock).toBe(null);
    expect(report.cycles).toBe(run.cycles);
  });

  test("gives the same values", () => {
    const [output] = Object.values(outputs);
    expect(output!.values).toHaveLength(run.values.length);
    run.values.forEach((value, place) => {
      expect(Math.abs(output!.values[place]! - value)).toBeLessThanOrEqual(SINGLE * Math.max(1, Math.abs(value)));
    });
  });

  test("counts the same reads, operations and writes", () => {
    const recorded = (key: string): number => (run.counts[key] ?? []).reduce((sum, count) => sum + count, 0);
    expect(counts.arrayReads).toBe(recorded("Num reads"));
    expect(counts.aluOperations).toBe(recorded("Op count"));
    expect(counts.valuesWritten).toBe(recorded("Write count"));
    // Comal does not print what its maximum blocks take in.
    const maxima = run.graph.blocks.filter((block) => block.type === "reduce" && block.operation === "max");
    const unprinted = maxima.reduce((sum, { id }) => sum + counts.byBlock[id]!, 0);
    expect(counts.reduced - unprinted).toBe(recorded("Reduce count"));
  });

  test("takes the recorded cycles within 2 % with the burst memory", () => {
    const timed = simulateSam(run.graph, run.operands, { profile: "comal", memory: "hbm-burst", mode: "timing" });
    expect(Math.abs(timed.report.cycles / run.cyclesHbm[0]! - 1)).toBeLessThanOrEqual(0.02);
  });
});
