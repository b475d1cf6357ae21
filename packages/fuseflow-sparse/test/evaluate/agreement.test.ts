import { spread, type Tensor, unpack } from "@millrace/tensor";
import fc from "fast-check";
import { expect, test } from "vitest";
import { evaluateSam } from "../../src/evaluate/evaluate-sam.ts";
import { simulateSam } from "../../src/simulate/simulate-sam.ts";
import { type RandomProgram, randomProgram } from "../support/random-programs.ts";

const dense = (tensor: Tensor): number[] => [...spread(unpack(tensor)).values];

function outputOf(outputs: Record<string, Tensor>): Tensor {
  expect(Object.keys(outputs)).toHaveLength(1);
  return Object.values(outputs)[0]!;
}

/** Dense values in the shape of the output, whose extents may be smaller where nothing is stored. */
function same(output: Tensor, { expected }: RandomProgram): void {
  expect(output.shape).toEqual(expected.shape);
  expect(dense(output).map((value) => value + 0)).toEqual([...expected.values].map((value) => value + 0));
}

test("evaluation by lists gives the dense result", () => {
  fc.assert(
    fc.property(randomProgram, (program) => same(outputOf(evaluateSam(program.graph, program.operands)), program)),
    { seed: 11, numRuns: 400 },
  );
});

test.each(["comal", "sam-sync"] as const)(
  "simulation in profile %s gives the dense result and stores what evaluation stores",
  (profile) => {
    fc.assert(
      fc.property(randomProgram, (program) => {
        const { report, outputs } = simulateSam(program.graph, program.operands, { profile });
        expect(report.deadlock).toBe(null);
        const output = outputOf(outputs);
        same(output, program);
        const evaluated = outputOf(evaluateSam(program.graph, program.operands));
        expect([...unpack(output).values]).toEqual([...unpack(evaluated).values]);
      }),
      { seed: 12, numRuns: 400 },
    );
  },
);

test("queues of any depth that do not deadlock change cycles only, and deeper ones are never slower", () => {
  fc.assert(
    fc.property(randomProgram, fc.constantFrom("comal", "sam-sync"), (program, profile) => {
      const runs = [1, 2, 4, 64].map((fifo) => simulateSam(program.graph, program.operands, { profile, fifo }));
      const finished = runs.filter(({ report }) => report.deadlock === null);
      for (const { outputs } of finished) same(outputOf(outputs), program);
      const cycles = finished.map(({ report }) => report.cycles);
      expect(cycles).toEqual(cycles.toSorted((a, b) => b - a));
    }),
    { seed: 13, numRuns: 150 },
  );
});

test.each(["comal", "sam-sync"] as const)(
  "mode timing and the burst memory keep to the same tokens in profile %s",
  (profile) => {
    fc.assert(
      fc.property(randomProgram, ({ graph, operands }) => {
        const functional = simulateSam(graph, operands, { profile });
        const timing = simulateSam(graph, operands, { profile, mode: "timing" });
        expect(timing.report).toEqual(functional.report);
        expect(timing.outputs).toEqual({});
        const remote = simulateSam(graph, operands, { profile, memory: "hbm-burst" });
        expect(remote.outputs).toEqual(functional.outputs);
        expect(remote.counts).toEqual(functional.counts);
        expect(remote.report.cycles).toBeGreaterThanOrEqual(functional.report.cycles);
      }),
      { seed: 14, numRuns: 100 },
    );
  },
);
