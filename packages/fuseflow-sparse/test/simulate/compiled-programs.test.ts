import { type Tensor, unpack } from "@millrace/tensor";
import { describe, expect, test } from "vitest";
import { simulateSam } from "../../src/simulate/simulate-sam.ts";
import { compiledPrograms } from "../support/reference-data.ts";

function dense(tensor: Tensor): Float64Array {
  const { shape } = tensor;
  const result = new Float64Array(shape.reduce((size, extent) => size * extent, 1));
  const { coordinates, values } = unpack(tensor);
  for (let entry = 0; entry < values.length; entry++) {
    const place = coordinates.reduce((at, column, mode) => at * shape[mode]! + column[entry]!, 0);
    result[place]! += values[entry]!;
  }
  return result;
}

describe.each([...compiledPrograms()])("the compiled program %s", (_, run) => {
  const { report, outputs, counts } = simulateSam(run.graph, run.operands, { profile: "comal" });

  test("takes the recorded cycles", () => {
    expect(report.deadlock).toBe(null);
    expect(report.cycles).toBe(run.cycles);
  });

  test("gives the dense result", () => {
    const result = dense(Object.values(outputs)[0]!);
    expect(result).toHaveLength(run.dense.length);
    run.dense.forEach((value, place) => {
      expect(Math.abs(result[place]! - value)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(value)));
    });
  });

  test("counts the recorded work", () => {
    expect(counts.arrayReads).toBe(run.counts["Num reads"] ?? 0);
    expect(counts.aluOperations).toBe(run.counts["Op count"] ?? 0);
    expect(counts.valuesWritten).toBe(run.counts["Write count"] ?? 0);
    // Comal does not print what its maximum blocks take in.
    const maxima = run.graph.blocks.filter((block) => block.type === "reduce" && block.operation === "max");
    const unprinted = maxima.reduce((sum, { id }) => sum + counts.byBlock[id]!, 0);
    expect(counts.reduced - unprinted).toBe(run.counts["Reduce count"] ?? 0);
  });

  test("takes the recorded cycles within 2 % with the burst memory", () => {
    const timed = simulateSam(run.graph, run.operands, { profile: "comal", memory: "hbm-burst", mode: "timing" });
    expect(Math.abs(timed.report.cycles / run.cyclesHbm[0]! - 1)).toBeLessThanOrEqual(0.02);
  });
});
