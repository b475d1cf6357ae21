/** What timed machines move, held against programs that are interpreted. */
import {
  compile,
  type DaeMachine,
  interpret,
  interpretDlc,
  type Operation,
  type OptimizationLevel,
  operationNest,
  simulateOperation,
  withFreshOutput,
} from "@millrace/ember-dae";
import type { StageCheck } from "../../stage-result.ts";
import { firstBags } from "./first-bags.ts";

/** A machine, and how programs for it are optimised. */
export interface JudgedMachine {
  readonly machine: DaeMachine;
  readonly level: OptimizationLevel;
}

/** The first bags, interpreted for each machine: the bits of the loops, and what the timed queue carries. */
export function checkTraffic(
  operation: Operation,
  { ids, width, bag }: { readonly ids: Float64Array; readonly width: number; readonly bag: number },
  machines: readonly JudgedMachine[],
): StageCheck {
  const { fibres, rows, instance } = firstBags(operation, ids, { bag, width });
  const nest = operationNest(operation);
  const expected = withFreshOutput(instance);
  interpret(nest, expected.memories);
  const bits = expected.memories.at(-1)!.array as Float32Array;
  let differing = 0;
  for (const { machine, level } of machines) {
    const run = withFreshOutput(instance);
    const traffic = interpretDlc(compile(nest, { level, lanes: machine.lanes }).dlc, run.memories);
    const given = run.memories.at(-1)!.array as Float32Array;
    differing += bits.filter((value, at) => !Object.is(value, given[at])).length;
    const timed = simulateOperation({ operation, fibres, rows, width }, machine, { level });
    differing += (["tokens", "scalars", "vectors"] as const).filter((count) => traffic[count] !== timed[count]).length;
  }
  return {
    against: "the loops and the interpreted queue",
    compared: machines.length * (bits.length + 3),
    differing,
    unit: "values and counts",
  };
}
