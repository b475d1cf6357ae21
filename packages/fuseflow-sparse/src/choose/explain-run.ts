/** Says in sentences why regions of a run take the time they take, and what to fuse instead. */
import type { KernelRun, ProgramRun, RegionRun } from "../compile/simulate-program.ts";
import { accessesIn } from "../program/program.ts";
import type { SamBlock } from "../sam/graph.ts";

/** What is told of one region. */
export interface RegionExplanation {
  readonly region: string;
  readonly cycles: number;
  /** The block whose steps take longest. */
  readonly busiest: { readonly block: string; readonly busyShare: number };
  /** Results that are computed more often than once. */
  readonly recomputed: readonly RecomputedResult[];
  readonly sentences: readonly string[];
}

/** A result that is computed more often than once. */
export interface RecomputedResult {
  readonly tensor: string;
  /** Operations it takes here, over those when its statement stands alone. */
  readonly times: number;
  readonly operations: number;
  /** Operations when its statement stands alone. */
  readonly once: number;
  /** `uses`: its blocks are there once for each use; `loops`: it is computed in loops that it does not depend on. */
  readonly cause: "uses" | "loops";
}

/** Times a result must be computed to be called recomputed. */
const AGAIN = 1.5;
/** Share of its cycles that a block must wait to be called starved. */
const STARVED = 0.5;

/**
 * Explains a run, region by region. `alone` is a run of the same program with every statement in a region of its own: it
 * computes each result once, so more work than that is recomputation.
 */
export function explainRun(run: ProgramRun, alone: ProgramRun): readonly RegionExplanation[] {
  const once = new Map<string, Work>();
  for (const region of alone.regions) for (const [tensor, work] of workOf(region)) add(once, tensor, work);
  return run.regions.map((region) => explainRegion(region, once));
}

/** What is done for a result, and by how many blocks. */
interface Work {
  readonly operations: number;
  readonly blocks: number;
}

const none: Work = { operations: 0, blocks: 0 };

function explainRegion(region: RegionRun, once: ReadonlyMap<string, Work>): RegionExplanation {
  const slowest = region.kernels.reduce((most, kernel) =>
    kernel.simulation.report.cycles > most.simulation.report.cycles ? kernel : most,
  );
  const { report } = slowest.simulation;
  const busiest = report.nodes.reduce((most, node) => (node.busy > most.busy ? node : most));
  const busyShare = busiest.busy / Math.max(1, report.cycles);
  const recomputed = recomputedIn(region, once);
  const block = slowest.kernel.graph.blocks.find(({ id }) => id === busiest.id);
  const sentences = [
    `${region.name} takes ${region.cycles} cycles; ${percent(busyShare)} of them ${busiest.id} is busy${role(block)}.`,
    ...starvedSentences(slowest, busiest.id),
    ...recomputed.map(recomputedSentence),
    ...advice(region, recomputed, block, slowest),
  ];
  return {
    region: region.name,
    cycles: region.cycles,
    busiest: { block: busiest.id, busyShare },
    recomputed,
    sentences,
  };
}

function recomputedSentence({ tensor, times, operations, once, cause }: RecomputedResult): string {
  const reason = cause === "uses" ? "for each of its uses" : "its loops lie inside loops that it does not depend on";
  return `${tensor} is computed ${times.toFixed(1)} times (${operations} operations instead of ${once}): ${reason}.`;
}

/** The results of a region that take more operations than alone, the worst first. */
function recomputedIn(region: RegionRun, once: ReadonlyMap<string, Work>): readonly RecomputedResult[] {
  const here = workOf(region);
  const expected = new Map(once);
  for (const { kernel } of region.kernels) {
    // A sum within a sum is one sum of all: what the inner one takes alone is done by the outer one.
    for (const { tensor, expression } of kernel.region.statements) {
      for (const access of accessesIn(expression)) {
        const merged = here.has(access.tensor) ? undefined : expected.get(access.tensor);
        const inside = kernel.region.statements.some((statement) => statement.tensor === access.tensor);
        if (inside && merged !== undefined) add(expected, tensor, merged);
      }
    }
  }
  return [...here]
    .flatMap(([tensor, { operations, blocks }]): RecomputedResult[] => {
      const alone = expected.get(tensor);
      if (alone === undefined || alone.operations === 0) return [];
      const times = operations / alone.operations;
      const cause = blocks > alone.blocks ? "uses" : "loops";
      return times < AGAIN ? [] : [{ tensor, times, operations, once: alone.operations, cause }];
    })
    .sort((a, b) => b.times - a.times);
}

/** Operations for each result: what its ALUs and reducers did. */
function workOf({ kernels }: RegionRun): ReadonlyMap<string, Work> {
  const work = new Map<string, Work>();
  for (const { kernel, simulation } of kernels) {
    for (const block of kernel.graph.blocks) {
      if (block.label === undefined) continue;
      add(work, block.label, { operations: simulation.counts.byBlock[block.id] ?? 0, blocks: 1 });
    }
  }
  return work;
}

function add(totals: Map<string, Work>, tensor: string, { operations, blocks }: Work): void {
  const before = totals.get(tensor) ?? none;
  totals.set(tensor, { operations: before.operations + operations, blocks: before.blocks + blocks });
}

function role(block: SamBlock | undefined): string {
  switch (block?.type) {
    case "intersect":
      return `: it steps through all coordinates of ${block.index} of its operands to find those they share`;
    case "union":
      return `, merging coordinates of ${block.index}`;
    case "scanner":
      return `, reading ${block.tensor} along ${block.index}`;
    case "spacc":
    case "reduce":
      return `, summing for ${block.label ?? "its result"}`;
    default:
      return "";
  }
}

/** The block that waits longest for the busiest, if it waits for most of the time. */
function starvedSentences({ kernel, simulation }: KernelRun, busiest: string): readonly string[] {
  const { nodes, cycles } = simulation.report;
  const labelled = new Set(
    kernel.graph.blocks.flatMap(({ id, type }) => (type === "alu" || type === "spacc" ? [id] : [])),
  );
  const waiting = nodes.filter(({ id }) => labelled.has(id) && id !== busiest);
  const [most] = waiting.toSorted((a, b) => b.starved - a.starved);
  if (most === undefined || most.starved < STARVED * cycles) return [];
  return [`${most.id} waits for tokens in ${percent(most.starved / cycles)} of the cycles, starved by ${busiest}.`];
}

function advice(
  region: RegionRun,
  recomputed: RegionExplanation["recomputed"],
  block: SamBlock | undefined,
  { kernel, simulation }: KernelRun,
): readonly string[] {
  const inner = kernel.region.statements.slice(0, -1);
  const last = inner.findLast(({ tensor }) => recomputed.some((each) => each.tensor === tensor));
  if (last !== undefined) return [`End a region after ${last.tensor}: it is then computed once and read from memory.`];
  if (block?.type === "intersect") {
    const kept = simulation.report.channels.find(({ id }) => id.startsWith(`${block.id}.crd->`))?.tokens;
    const scanned = kernel.graph.blocks.find((each) => each.type === "scanner" && each.index === block.index);
    const tensor = scanned?.type === "scanner" ? scanned.tensor : "the operand";
    const few = kept !== undefined && kept * 4 < simulation.report.cycles;
    if (few)
      return [
        `Only ${kept} tokens are left of them: store ${tensor} with a dense level for ${block.index}, so that coordinates are looked up.`,
      ];
  }
  if (region.kernels.length > 1)
    return ["It runs as several graphs; another loop order may stream what is stored between them."];
  return [`Nothing in it is computed twice: lanes for its outermost loop would shorten it.`];
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;
