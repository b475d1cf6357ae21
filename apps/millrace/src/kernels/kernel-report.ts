/** What `millrace kernel` says: the JSON document, and the same for people. */
import type { KernelOutcome } from "@millrace/sparse-partitioner";
import { entryCount, sortCoordinates, type Tensor, unpack } from "@millrace/tensor";
import { type CheckedResult, checkToJson, checkToText } from "../simulation/check-result.ts";
import type { JsonValue } from "../terminal/json.ts";
import { formatCount, formatRatio } from "../terminal/quantity.ts";
import { renderPairs } from "../terminal/table.ts";
import { shownFormat } from "./kernel-inputs.ts";

/** A finished run and how it was made. */
export interface KernelReport {
  readonly name: string;
  readonly outcome: KernelOutcome;
  readonly target: string;
  readonly workers: number;
  readonly fast: boolean;
  readonly check: CheckedResult | undefined;
}

/** The document of `--json`. */
export function kernelToJson({ name, outcome, target, workers, fast, check }: KernelReport): JsonValue {
  const { unitWork, unitSteps, work, units, bound } = outcome.statistics!;
  return {
    work,
    units,
    bound,
    maxUnitWork: largest(unitWork),
    meanUnitWork: work / units,
    idleUnits: unitWork.filter((part) => part === 0).length,
    steps: unitSteps,
    planNs: Math.round(outcome.planNs),
    runNs: Math.round(outcome.runNs),
    workers,
    target,
    arithmetic: fast ? "fast" : "exact",
    outputs: { [name]: outputOf(outcome.result) },
    check: check === undefined ? undefined : checkToJson(check),
  };
}

function outputOf(result: Tensor): JsonValue {
  if (result.shape.length === 0) return { value: result.values[0] ?? 0 };
  return { shape: result.shape, format: shownFormat(result), entries: entriesOf(result) };
}

/** The stored entries by rising coordinates, zeros included. */
function* entriesOf(result: Tensor): Generator<JsonValue> {
  const { coordinates, values } = sortCoordinates(unpack(result, { zeros: "stored" }));
  for (let e = 0; e < values.length; e++) yield [...coordinates.map((column) => column[e]!), values[e]!];
}

/** The result in a few lines. */
export function kernelToText({ name, outcome, target, workers, fast, check }: KernelReport): string {
  const { unitWork, unitSteps, work, units, bound } = outcome.statistics!;
  const most = largest(unitWork);
  const mean = work / units;
  const { result, stages } = outcome;
  const orders = stages.map(({ runner }) => runner.stage.order.join(",")).join("; ");
  const notes = stages.flatMap(({ runner }) => runner.stage.notes);
  const stored =
    result.shape.length === 0 ? `${result.values[0]}` : `${formatCount(entryCount(unpack(result)))} entries`;
  const lines: [string, string][] = [
    ["result", `${name}: ${stored}${result.shape.length === 0 ? "" : `, stored ${shownFormat(result)}`}`],
    ["loops", orders === "" ? "none" : orders],
    ...notes.map((note): [string, string] => ["before", note]),
    ["work", `${formatCount(work)} in ${formatCount(units)} units, at most ${formatCount(bound)} each`],
    [
      "largest",
      `${formatCount(most)} of a mean of ${formatCount(mean, 1)} (${formatRatio(mean === 0 ? 1 : most / mean)})`,
    ],
    ["steps", `${formatCount(largest(unitSteps))} at most in one unit`],
    ["idle", `${formatCount(unitWork.filter((part) => part === 0).length)} units`],
    ["time", `${milliseconds(outcome.planNs)} to plan, ${milliseconds(outcome.runNs)} to run`],
    [
      "target",
      `${target}, ${workers === 1 ? "1 thread" : `${workers} threads`}, ${fast ? "fast" : "exact"} arithmetic`,
    ],
  ];
  return renderPairs(lines) + (check === undefined ? "" : checkToText(name, check));
}

function milliseconds(nanoseconds: number): string {
  return `${(nanoseconds / 1e6).toFixed(3)} ms`;
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}
