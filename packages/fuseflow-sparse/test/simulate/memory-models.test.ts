import { idealMemory, type MemoryModel, SimError } from "@millrace/sim-core";
import { type CoordinateList, pack, parseAssignment, type Tensor, uniformTensor } from "@millrace/tensor";
import { describe, expect, test } from "vitest";
import { lowerExpression } from "../../src/index.ts";
import { simulateSam } from "../../src/simulate/simulate-sam.ts";

const B: CoordinateList = uniformTensor({ shape: [20, 30], entries: 90, seed: 3 });
const { graph } = lowerExpression(parseAssignment("x(i) = B(i,j) * c(j)"), {
  formats: { B: "ds", c: "d" },
  order: ["i", "j"],
  locate: true,
});
const c = uniformTensor({ shape: [30], entries: 30, seed: 4 });
const stored = (name: string, list: CoordinateList): Tensor => {
  const { levels, modeOrder } = graph.tensors[name]!;
  return pack(list, { levels: levels.map((kind) => ({ kind })), modeOrder });
};
const operands = { B: stored("B", B), c: stored("c", c) };

/** A memory with wide bursts that passes requests on as they are. */
function wide(burstBytes: number): MemoryModel {
  return { ...idealMemory({ burstBytes }), name: `wide ${burstBytes}` };
}

describe("a memory model given as it is", () => {
  test("changes cycles and no value", () => {
    const plain = simulateSam(graph, operands);
    const timed = simulateSam(graph, operands, { memory: wide(64) });
    expect(timed.outputs).toEqual(plain.outputs);
    expect(timed.report.cycles).toBeGreaterThan(plain.report.cycles);
    expect(timed.report.memories[0]!.bytesRead).toBeGreaterThan(0);
  });

  test("moves whole bursts, so that wider ones move more bytes in fewer", () => {
    const traffic = (burstBytes: number): { bytes: number; bursts: number } => {
      const { bytesRead } = simulateSam(graph, operands, { memory: wide(burstBytes) }).report.memories[0]!;
      return { bytes: bytesRead, bursts: bytesRead / burstBytes };
    };
    expect(traffic(64).bytes).toBeGreaterThan(traffic(4).bytes);
    expect(traffic(64).bursts).toBeLessThan(traffic(4).bursts);
  });

  test("that is wrong is refused by the engine", () => {
    expect(() => wide(0)).toThrow(SimError);
  });
});
