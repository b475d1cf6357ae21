/** A run held against the record of the same graph and operands on another simulator. */
import type { ReferenceCase } from "@millrace/fuseflow-sparse";
import { type CoordinateList, coordinateList, differenceOf, unpack } from "@millrace/tensor";
import { formatCount } from "../terminal/quantity.ts";
import { tolerance } from "./check-result.ts";
import type { GraphRun } from "./run-graph.ts";

/** What holding a run against its record found. */
export interface RecordComparison {
  /** Whether values, and cycles where they were recorded of the same machine, are equal. */
  readonly equal: boolean;
  readonly outputsEqual: boolean;
  /** Recorded cycles; `null` where nothing was recorded of such a machine. */
  readonly cycles: number | null;
  readonly cyclesSimulated: number;
}

/** Compares a finished run with what was recorded. Cycles are comparable in profile `sam-sync` without memory alone. */
export function compareRecord(run: GraphRun, recorded: ReferenceCase): RecordComparison {
  const { expected } = recorded;
  const { profile, memory, fifo } = run.settings;
  const sameMachine = profile === "sam-sync" && memory === "none";
  const recordedCycles = fifo === undefined ? expected.cycles : (expected.cyclesByFifoDepth[fifo] ?? null);
  const cycles = sameMachine ? recordedCycles : null;
  const outputsEqual = outputEquals(run, recorded);
  const cyclesSimulated = run.report.cycles;
  return {
    equal: outputsEqual && (cycles === null || cycles === cyclesSimulated),
    outputsEqual,
    cycles,
    cyclesSimulated,
  };
}

/** The comparison in two lines. */
export function recordToText({ outputsEqual, cycles, cyclesSimulated }: RecordComparison): string {
  const outputs = outputsEqual ? "equals the record" : "differs from the record";
  const time =
    cycles === null
      ? "none recorded of this machine"
      : `${formatCount(cycles)} recorded, ${formatCount(cyclesSimulated)} simulated`;
  return `output    ${outputs}\ncycles    ${time}\n`;
}

function outputEquals(run: GraphRun, recorded: ReferenceCase): boolean {
  const tensor = run.outputs[recorded.output];
  if (tensor === undefined) return false;
  return differenceOf(unpack(tensor), recordedEntries(recorded, tensor.shape), tolerance).differing === 0;
}

// Records hold stray zeros and unsorted fibres, which storage refuses: only the values at their coordinates count.
function recordedEntries({ graph, output, expected }: ReferenceCase, shape: readonly number[]): CoordinateList {
  let paths: readonly (readonly number[])[] = [[]];
  for (const { seg, crd } of expected.levels) {
    paths = paths.flatMap((path, parent) =>
      crd.slice(seg[parent], seg[parent + 1]).map((coordinate) => [...path, coordinate]),
    );
  }
  const { modeOrder } = graph.tensors[output]!;
  const rows = paths.map((path, at) => [
    ...shape.map((_, mode) => path[modeOrder.indexOf(mode)]!),
    expected.values[at]!,
  ]);
  return coordinateList(shape, rows);
}
