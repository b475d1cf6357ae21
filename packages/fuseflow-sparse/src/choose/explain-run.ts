/** Says in sentences why regions of a run take the time they take, and what to fuse instead. */
import type { KernelRun, ProgramRun, RegionRun } from "../compile/simulate-program.ts";
import type { SamBlock } from "../sam/graph.ts";

/** What is told of one region. */
export interface RegionExplanation {
  readonly region: string;
  readonly cycles: number;
  /** The block whose steps take longest. */
  readonly busiest: { readonly block: string; readonly busyShare: number };
  /** Results that are computed more often than once: how often. */
  readonly recomputed: readonly { readonly tensor: string; readonly times: number }[];
  readonly sentences: readonly string[];
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
  const once = new Map<string, number>();
  for (const region of alone.regions) for (const [tensor, work] of workOf(region)) add(once, tensor, work);
  return run.regions.map((region) => explainRegion(region, once));
}

function explainRegion(region: RegionRun, once: ReadonlyMap<string, number>): RegionExplanation {
  const slowest = region.kernels.reduce((most, kernel) =>
    kernel.simulation.report.cycles > most.simulation.report.cycles ? kernel : most,
  );
  const { report } = slowest.simulation;
  const busiest = report.nodes.reduce((most, node) => (node.busy > most.busy ? node : most));
  const busyShare = busiest.busy / Math.max(1, report.cycles);
  const recomputed = [...workOf(region)]
    .map(([tensor, work]) => ({ tensor, times: work / (once.get(tensor) ?? work) }))
    .filter(({ times }) => times >= AGAIN)
    .sort((a, b) => b.times - a.times);
  const block = slowest.kernel.graph.blocks.find(({ id }) => id === busiest.id);
  const sentences = [
    `${region.name} takes ${region.cycles} cycles; ${percent(busyShare)} of them ${busiest.id} is busy${role(block)}.`,
    ...starvedSentences(slowest, busiest.id),
    ...recomputed.map(
      ({ tensor, times }) =>
        `${tensor} is computed ${times.toFixed(1)} times: its loops lie inside loops that it does not depend on.`,
    ),
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

/** Operations for each result: what its ALUs and reducers did. */
function workOf({ kernels }: RegionRun): ReadonlyMap<string, number> {
  const work = new Map<string, number>();
  for (const { kernel, simulation } of kernels) {
    for (const block of kernel.graph.blocks) {
      if (block.label === undefined) continue;
      add(work, block.label, simulation.counts.byBlock[block.id] ?? 0);
    }
  }
  return work;
}

function add(totals: Map<string, number>, tensor: string, work: number): void {
  totals.set(tensor, (totals.get(tensor) ?? 0) + work);
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
  const [worst] = recomputed;
  if (worst !== undefined) {
    const statements = kernel.region.statements.map(({ tensor }) => tensor);
    const last = statements.findLast((tensor) => recomputed.some((each) => each.tensor === tensor)) ?? worst.tensor;
    return [`End a region after ${last}: it is then computed once and read from memory.`];
  }
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
