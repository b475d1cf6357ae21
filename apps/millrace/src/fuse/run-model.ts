/** Compiling, simulating and checking a model, and what is told of it. */
import {
  type CompiledProgram,
  compareOutputs,
  type DenseResult,
  evaluateProgram,
  FuseflowError,
  type ProgramRun,
} from "@millrace/fuseflow-sparse";
import { outputToJson } from "../simulation/describe-run.ts";
import type { JsonValue } from "../terminal/json.ts";
import { formatBytes, formatCount } from "../terminal/quantity.ts";
import { renderTable } from "../terminal/table.ts";
import type { LoadedModel } from "./load-model.ts";

/** What a check of every output with the dense reference found. */
export interface ModelCheck {
  /** Whether every value agrees; null if there was no reference. */
  readonly passed: boolean | null;
  readonly largestError: number;
  /** Why there is no reference. */
  readonly reason?: string;
}

/** Compares every output of a run with the dense reference. */
export function checkModel({ program, operands }: LoadedModel, run: ProgramRun): ModelCheck {
  let reference: ReadonlyMap<string, DenseResult>;
  try {
    reference = evaluateProgram(program, operands);
  } catch (error) {
    if (!(error instanceof FuseflowError) || error.code !== "reference-size") throw error;
    return { passed: null, largestError: 0, reason: error.message };
  }
  const { agrees, largestError } = compareOutputs(program, reference, run.tensors);
  return { passed: agrees, largestError };
}

/** The JSON document of a run. */
export function modelToJson(
  { program }: LoadedModel,
  run: ProgramRun,
  check: ModelCheck,
  extra: Readonly<Record<string, JsonValue>> = {},
): JsonValue {
  return {
    regions: run.regions.map(({ name, cycles, flops, bytes, nodes }) => ({ name, cycles, flops, bytes, nodes })),
    cycles: run.cycles,
    outputs: Object.fromEntries(program.outputs.map((name) => [name, outputToJson(run.tensors.get(name)!)])),
    checked: check.passed === true,
    ...extra,
  };
}

/** Regions of a run as a table. */
export function regionsToText(run: ProgramRun): string {
  const rows = run.regions.map(({ name, cycles, flops, bytes, nodes, kernels }) => [
    name,
    formatCount(cycles),
    formatCount(flops),
    formatBytes(bytes),
    `${nodes}`,
    `${kernels.length}`,
  ]);
  const total = (of: (region: ProgramRun["regions"][number]) => number): number =>
    run.regions.reduce((sum, region) => sum + of(region), 0);
  rows.push([
    "all",
    formatCount(run.cycles),
    formatCount(total(({ flops }) => flops)),
    formatBytes(total(({ bytes }) => bytes)),
    `${total(({ nodes }) => nodes)}`,
    `${total(({ kernels }) => kernels.length)}`,
  ]);
  const right = { align: "right" } as const;
  const columns = [
    { heading: "region", align: "left" } as const,
    { heading: "cycles", ...right },
    { heading: "operations", ...right },
    { heading: "moved", ...right },
    { heading: "blocks", ...right },
    { heading: "graphs", ...right },
  ];
  return renderTable(columns, rows);
}

/** What was decided while compiling, one line each. */
export function decisionsToText(compiled: CompiledProgram): string {
  const lines = compiled.regions.flatMap(({ name, kernels, transposes, materialised }) => [
    ...transposes.map(
      ({ tensor, modeOrder, reasons }) =>
        `${name}: ${tensor} is copied with its modes in order ${modeOrder.join("")}, because ${reasons.join("; ")}`,
    ),
    ...materialised.map(({ tensor, reason }) => `${name}: ${tensor} is stored on the way, because ${reason}`),
    ...kernels.flatMap(({ region }) =>
      [...region.views]
        .filter(([, views]) => views.length > 1)
        .map(
          ([tensor, views]) =>
            `${name}: ${tensor} is computed anew for each use: ${views.map((view) => `${tensor}(${view.join(",")})`).join(", ")}`,
        ),
    ),
  ]);
  return lines.length === 0 ? "" : `\n${lines.join("\n")}\n`;
}

/** A check in one line. */
export function modelCheckToText({ passed, largestError, reason }: ModelCheck): string {
  if (passed === null) return `check     not made: ${reason}\n`;
  const error = largestError === 0 ? "exactly" : `within ${largestError.toExponential(1)}`;
  return passed
    ? `check     every output equals the dense reference, ${error}\n`
    : `check     outputs differ from the dense reference by ${largestError.toExponential(1)}\n`;
}
