/** A simulated program as a result: the JSON document, and tables for people. */
import type { SimulationReport } from "@millrace/sim-core";
import { type Program, printTokens, type TimedResults, type Token, type Value } from "@millrace/step-ir";
import type { JsonValue } from "../terminal/json.ts";
import { formatBytes, formatCount, formatShare } from "../terminal/quantity.ts";
import { renderPairs, renderTable } from "../terminal/table.ts";
import type { RunCheck } from "./check-run.ts";

/** What is told besides the run itself. */
export interface RunFacts {
  readonly mode: "timing" | "functional";
  readonly memory: string;
  readonly differing: RunCheck | null;
  readonly offChipBytes: number | null;
  readonly onChipBytes: { readonly allocated: number | null; readonly onDemand: number | null };
  readonly computeBandwidth: number;
}

/** Both forms of a run. */
export function describeRun(
  program: Program,
  run: TimedResults,
  facts: RunFacts,
): { json(): JsonValue; text(): string } {
  return { json: () => runToJson(program, run, facts), text: () => runToText(program, run, facts) };
}

/** `flops` by what all computing nodes could have done. */
function utilization(flops: number, cycles: number, computeBandwidth: number): number {
  const possible = cycles * computeBandwidth;
  return possible === 0 ? 0 : flops / possible;
}

function runToJson(program: Program, run: TimedResults, facts: RunFacts): JsonValue {
  const { report, flops } = run;
  const operators = new Map(program.nodes.map(({ id, operator }) => [id, operator.name]));
  return {
    name: program.name,
    mode: facts.mode,
    memory: facts.memory,
    cycles: report.cycles,
    offChipBytes: facts.offChipBytes,
    onChipBytes: facts.onChipBytes,
    trafficBytes: run.offChipBytes,
    flops,
    computeUtilization: utilization(flops, report.cycles, facts.computeBandwidth),
    outputs: Object.fromEntries(Object.entries(run.outputs ?? {}).map(([id, tokens]) => [id, printStream(tokens)])),
    nodes: report.nodes.map(({ id, busy, starved, blocked }) => ({
      id,
      operator: operators.get(id) ?? (id === "memory" ? "memory" : "broadcast"),
      busy,
      starved,
      blocked,
    })),
    channels: report.channels.map(({ id, tokens, highWater }) => ({ id, tokens, highWater })),
    memories: report.memories as unknown as JsonValue,
    symbols: Object.fromEntries(run.measured),
    check: facts.differing as unknown as JsonValue,
    deadlock: report.deadlock as unknown as JsonValue,
  };
}

/** A stream as text; single numbers as such, tiles by size. */
function printStream(tokens: readonly Token<Value>[]): string {
  return printTokens(tokens);
}

function runToText(program: Program, run: TimedResults, facts: RunFacts): string {
  const { report, flops } = run;
  const bytes = (count: number | null): string => (count === null ? "depends on single groups" : formatBytes(count));
  const use = utilization(flops, report.cycles, facts.computeBandwidth);
  const pairs: [string, string][] = [
    ["program", program.name],
    ["machine", `memory ${facts.memory}, ${facts.mode} mode`],
    ["cycles", formatCount(report.cycles)],
    ["off chip", `${bytes(facts.offChipBytes)} by formula, ${formatBytes(run.offChipBytes)} in bursts`],
    ["on chip", `${bytes(facts.onChipBytes.allocated)} allocated, ${bytes(facts.onChipBytes.onDemand)} on demand`],
    ["operations", `${formatCount(flops)}, ${formatShare(use)} of what the nodes can do`],
    ...Object.entries(run.outputs ?? {}).map(([id, tokens]): [string, string] => [
      `output ${id}`,
      short(printStream(tokens)),
    ]),
  ];
  if (facts.differing !== null) {
    const { compared, differing } = facts.differing;
    pairs.push([
      "checked",
      differing === 0
        ? `${formatCount(compared)} numbers, all equal`
        : `${formatCount(differing)} of ${formatCount(compared)} numbers differ`,
    ]);
  }
  const share = (cycles: number): string => formatShare(cycles / Math.max(1, report.cycles));
  const rows = report.nodes.map(({ id, busy, starved, blocked }) => [id, share(busy), share(starved), share(blocked)]);
  return `${renderPairs(pairs)}\n${renderTable(columns, rows)}${deadlockText(report)}`;
}

function short(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}

const columns = [
  { heading: "node", align: "left" },
  { heading: "busy", align: "right" },
  { heading: "starved", align: "right" },
  { heading: "blocked", align: "right" },
] as const;

/** Why a run stood still and what frees it; nothing if it did not. */
function deadlockText({ deadlock, cycles }: SimulationReport): string {
  if (deadlock === null) return "";
  const waits = deadlock.cycle.map(({ node, channel, waitsFor, owedBy }) => {
    const what = waitsFor === "token" ? `a token of ${channel}` : `a free slot in ${channel}`;
    return `  ${node} waits for ${what}, which ${owedBy} owes it`;
  });
  const { capacity } = deadlock;
  const way = capacity === null ? "no depth frees it" : `${capacity} slots free it: --depth ${capacity}`;
  return `\ndeadlock at cycle ${formatCount(cycles)}: ${way}\n${waits.join("\n")}\n`;
}
