import { BURST_MEMORY_BYTES_PER_CYCLE } from "@millrace/fuseflow-sparse";
import type { Roof } from "../report/roofline.ts";
import type { GraphRun } from "./run-graph.ts";

const arithmetic = new Set(["alu", "unary", "reduce", "spacc"]);

/** The limits of the machine of some runs: an operation in every arithmetic block in every cycle, and what memory can move. */
export function peakOf(runs: readonly GraphRun[]): Roof {
  const units = runs.map(({ graph }) => graph.blocks.filter(({ type }) => arithmetic.has(type)).length);
  const memory = runs.some(({ settings }) => settings.memory === "hbm-burst");
  return { flopsPerCycle: Math.max(1, ...units), bytesPerCycle: memory ? BURST_MEMORY_BYTES_PER_CYCLE : null };
}
