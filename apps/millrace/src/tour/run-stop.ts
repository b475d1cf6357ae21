/** Runs a stop: compiles and simulates every kernel of every variant, and checks every value. */
import { applyToResult, lowerExpression, type SamGraph } from "@millrace/fuseflow-sparse";
import type { TimelineRecorder } from "@millrace/sim-core";
import { type CoordinateList, entryCount, parseAssignment, printAssignment, unpack } from "@millrace/tensor";
import { packOperands } from "../inputs/graph-operands.ts";
import { type CheckedResult, checkResult, type ReferenceValue, referenceValue } from "../simulation/check-result.ts";
import { type GraphRun, type RunSettings, runGraph } from "../simulation/run-graph.ts";
import type { Kernel, TourStop, Variant } from "./stop.ts";
import type { TourTensors } from "./tour-tensors.ts";

/** A kernel that has run. */
export interface KernelRun {
  readonly kernel: Kernel;
  readonly run: GraphRun;
  readonly check: CheckedResult;
}

/** A variant that has run; sums are over its kernels. */
export interface VariantRun {
  readonly name: string;
  readonly kernels: readonly KernelRun[];
  readonly cycles: number;
  readonly tokens: number;
  /** Multiplications, additions and other operations on values. */
  readonly operations: number;
  /** Bytes moved to and from memory; `null` if memory was not modelled. */
  readonly bytes: number | null;
  /** Values compared with the reference, and how many of them differ. */
  readonly compared: number;
  readonly differing: number;
  readonly largestError: number;
}

/** A stop that has run. */
export interface StopRun {
  readonly stop: TourStop;
  readonly variants: readonly VariantRun[];
}

/** What a stop runs on and reports to. */
export interface StopPlace {
  readonly tensors: TourTensors;
  readonly settings: RunSettings;
  /** Records the stop that asks for it. */
  readonly timeline: TimelineRecorder;
  /** Told before each variant; throws to end the tour. */
  begin(variant: string): void;
}

/** Runs all variants of a stop. */
export function runStop(stop: TourStop, place: StopPlace): StopRun {
  const variants = stop.variants.map((variant, at) => {
    place.begin(`${stop.title}, ${variant.name}`);
    return runVariant(variant, place, stop.recorded === true && at === 0);
  });
  return { stop, variants };
}

function runVariant(
  { name, kernels }: Variant,
  { tensors, settings, timeline }: StopPlace,
  recorded: boolean,
): VariantRun {
  const results: Record<string, CoordinateList> = {};
  const runs = kernels.map((kernel, at): KernelRun => {
    const operands = Object.fromEntries(
      Object.entries(kernel.operands).map(([operand, tensor]) => [operand, results[tensor] ?? tensors[tensor]!.list]),
    );
    const assignment = parseAssignment(kernel.expression);
    const graph = graphOf(kernel);
    const watched = recorded && at === 0 ? { ...settings, timeline } : settings;
    const run = runGraph(graph, packOperands(graph, operands), watched);
    const output = run.outputs[assignment.output.tensor]!;
    results[assignment.output.tensor] = unpack(output);
    return { kernel, run, check: checkResult(output, activated(kernel, referenceValue(assignment, operands))) };
  });
  return { name, kernels: runs, ...sums(runs) };
}

/** The graph that a kernel is compiled to. */
function graphOf({ expression, formats, order, locate, activation }: Kernel): SamGraph {
  const assignment = parseAssignment(expression);
  const { graph } = lowerExpression(assignment, { formats, order, locate: locate ?? false });
  const named = { ...graph, expression: printAssignment(assignment) };
  return activation === undefined
    ? named
    : { ...applyToResult(named, activation), expression: `${activation} of ${named.expression}` };
}

function activated({ activation }: Kernel, reference: ReferenceValue): ReferenceValue {
  if (activation !== "relu") return reference;
  const values = Float64Array.from(reference.list.values, (value) => Math.max(0, value));
  return { ...reference, list: { ...reference.list, values } };
}

function sums(runs: readonly KernelRun[]): Omit<VariantRun, "name" | "kernels"> {
  const total = (of: (run: KernelRun) => number): number => runs.reduce((sum, run) => sum + of(run), 0);
  const memories = runs.flatMap(({ run }) => run.report.memories);
  return {
    cycles: total(({ run }) => run.report.cycles),
    tokens: total(({ run }) => run.counts.tokens),
    operations: total(({ run }) => run.counts.aluOperations + run.counts.reduced),
    bytes: memories.length === 0 ? null : memories.reduce((sum, each) => sum + each.bytesRead + each.bytesWritten, 0),
    compared: total(({ check }) => check.compared),
    differing: total(({ check }) => check.differing),
    largestError: Math.max(...runs.map(({ check }) => check.largestError)),
  };
}

/** Entries a kernel's result has. */
export function resultEntries({ run }: KernelRun): number {
  return Object.values(run.outputs).reduce((sum, tensor) => sum + entryCount(unpack(tensor)), 0);
}
