/** Compiles one region: order, blocks, passes, graph. */

import { DiagnosticError } from "@millrace/ir-text";
import { FuseflowError } from "../errors.ts";
import { expandRegion, type FusedRegion } from "../fuse/expand.ts";
import { type FusedNode, unfoldedSize } from "../fuse/fused-node.ts";
import { independenceOf } from "../fuse/independence.ts";
import { legalOrders } from "../fuse/orders.ts";
import { findCycle, type OrderArc, type PartialOrder, partialOrder } from "../fuse/partial-order.ts";
import { type BrokenCycles, breakCycles } from "../fuse/transposes.ts";
import { dealByWork, workOfLoop } from "../passes/balance-lanes.ts";
import { commonBlocks } from "../passes/common-blocks.ts";
import { deadBlocks } from "../passes/dead-blocks.ts";
import { joinDuplicates } from "../passes/join-duplicates.ts";
import { lanes } from "../passes/lanes.ts";
import { locateDense } from "../passes/locate-dense.ts";
import { printStatement } from "../program/print-program.ts";
import type { EinsumProgram } from "../program/program.ts";
import { FusionConflict } from "../region/fusion-conflict.ts";
import { type LoweredRegion, lowerRegion } from "../region/lower-region.ts";
import { type NetBlock, type StoredTensor, toGraph } from "../region/netlist.ts";
import type { SamGraph } from "../sam/graph.ts";
import { validateGraph } from "../sam/validate/validate.ts";
import type { LaneRequest, RegionSchedule } from "../schedule/schedule.ts";
import { fusionTable } from "../table/build-table.ts";
import { printFusionTable } from "../table/print-table.ts";

/** Called after every step with its name and what it made, as text. */
export type PassObserver = (pass: string, text: () => string) => void;

/** What a region is compiled with. */
export interface RegionContext {
  readonly program: EinsumProgram;
  /** Storage of inputs and of results of earlier regions. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly locate: boolean;
  readonly results: "auto" | "compressed";
  readonly guides: boolean;
  readonly observe: PassObserver;
}

/** A region as one graph. */
export interface CompiledKernel {
  readonly name: string;
  readonly region: FusedRegion;
  readonly partial: PartialOrder;
  /** Loops, outermost first. */
  readonly order: readonly string[];
  readonly graph: SamGraph;
  /** Storage of what the graph reads and writes. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Extents of the dense tensors that fill loops, by name. */
  readonly fillers: ReadonlyMap<string, number>;
}

/** A region that has no graph: the cycle in its partial order, or the conflict of the last order that was tried. */
export type RegionObstacle =
  | { readonly kind: "cycle"; readonly arcs: readonly OrderArc[]; readonly broken: BrokenCycles | null }
  | { readonly kind: "conflict"; readonly conflict: FusionConflict };

/** Operations of a region with every use of a result expanded. */
const MOST_NODES = 20_000;

/** Orders that are tried before a region is given up. */
const MOST_ORDERS = 64;

/** Compiles the statements of a region to one graph, or says why that cannot be. */
export function compileRegion(schedule: RegionSchedule, context: RegionContext): CompiledKernel | RegionObstacle {
  const region = expandRegion(context.program, schedule);
  refuseLarge(region);
  const { order } = schedule;
  const given = order?.length === region.variables.length ? order : null;
  // An order that leaves loops out is one more wish, which copies of tensors can meet.
  const wishes = order === undefined || given !== null ? [] : [order];
  const partial = partialOrder(region, context.tensors, [...Object.values(schedule.orders ?? {}), ...wishes]);
  context.observe("fuse", () => describeRegion(region));
  const cycle = given === null ? findCycle(partial) : null;
  if (cycle !== null) return { kind: "cycle", arcs: cycle, broken: breakCycles(region, partial, context.tensors) };
  return lowerInSomeOrder(schedule, { region, partial, given }, context);
}

/** Lowers a region in the order given, or the first of its orders in which everything can be streamed. */
export function lowerInSomeOrder(
  schedule: RegionSchedule,
  { region, partial, given }: Pick<Draft, "region" | "partial"> & { readonly given: readonly string[] | null },
  context: RegionContext,
): CompiledKernel | RegionObstacle {
  let conflict: FusionConflict | null = null;
  let tried = 0;
  for (const order of given === null ? legalOrders(partial, independenceOf(region)) : [given]) {
    if (tried++ >= MOST_ORDERS) break;
    try {
      const { tensors, guides, results } = context;
      // A lane without items looks like one with an empty fibre.
      const always = guides && (schedule.parallel ?? []).length > 0;
      const lowered = lowerRegion(region, {
        order,
        tensors,
        results,
        guides: always ? "always" : guides ? "needed" : "never",
      });
      return finish(schedule, { region, partial, order, lowered }, context);
    } catch (error) {
      if (!(error instanceof FusionConflict)) throw error;
      conflict ??= error;
    }
  }
  return { kind: "conflict", conflict: conflict! };
}

/** Uses of a result are expanded one by one, so nested uses multiply. */
function refuseLarge({ name, outputs }: FusedRegion): void {
  const known = new Map<FusedNode, number>();
  const size = outputs.reduce((sum, { node }) => sum + unfoldedSize(node, known), 0);
  if (size <= MOST_NODES) return;
  throw new FuseflowError(
    "graph-too-large",
    `region ${name} computes its results from ${size} operations when every use is expanded, more than ${MOST_NODES}; fuse fewer statements`,
  );
}

interface Draft {
  readonly region: FusedRegion;
  readonly partial: PartialOrder;
  readonly order: readonly string[];
  readonly lowered: LoweredRegion;
}

function finish(
  schedule: RegionSchedule,
  { region, partial, order, lowered }: Draft,
  context: RegionContext,
): CompiledKernel {
  const { locate, observe } = context;
  observe("order", () => order.join(", "));
  observe("table", () => printFusionTable(fusionTable(region, order, context.tensors)));
  let blocks: readonly NetBlock[] = lowered.blocks;
  const step = (name: string, pass: (blocks: readonly NetBlock[]) => readonly NetBlock[]): void => {
    blocks = pass(blocks);
    observe(name, () => describeBlocks(blocks));
  };
  step("lower", (all) => all);
  // Each join that goes makes the blocks behind it alike.
  for (let before = 0; blocks.length !== before; ) {
    before = blocks.length;
    step("common-blocks", commonBlocks);
    step("join-duplicates", joinDuplicates);
  }
  if (locate) {
    step("locate-dense", locateDense);
    step("common-blocks", commonBlocks);
  }
  step("dead-blocks", deadBlocks);
  // From the inside out: lanes of an outer loop then copy those of an inner one whole, whatever is stored densely.
  const place = ({ variable }: LaneRequest): number => order.indexOf(variable);
  const requests = (schedule.parallel ?? []).toSorted((a, b) => place(b) - place(a));
  for (const { variable, factor, balance, deal: given } of requests) {
    const byWork = given === undefined && balance === "work";
    const work = byWork ? workOfLoop(region, variable, context.tensors) : null;
    if (byWork && work === null) refuseUnknownWork(variable, context.tensors);
    const deal = work === null ? given : dealByWork(work, factor);
    step("lanes", (all) => lanes(all, { variable, factor, ...(deal && { deal }) }, samTensorsOf(lowered.tensors)));
  }
  const used = new Set(blocks.flatMap(({ block }) => ("tensor" in block ? [block.tensor] : [])));
  const tensors = new Map([...lowered.tensors].filter(([name]) => used.has(name)));
  const fillers = new Map([...lowered.fillers].filter(([name]) => used.has(name)));
  const expression = region.statements.map(printStatement).join("; ");
  const graph = toGraph(blocks, { name: schedule.name, expression, tensors: samTensorsOf(tensors) });
  checkStreams(graph);
  return { name: schedule.name, region, partial, order, graph, tensors, fillers };
}

/** Work can be balanced where data say what it is; without any data lanes are dealt in turn. */
function refuseUnknownWork(variable: string, tensors: RegionContext["tensors"]): void {
  if (![...tensors.values()].some(({ work }) => work !== undefined)) return;
  throw new FuseflowError(
    "schedule-invalid",
    `lanes of ${variable} cannot be balanced by work: no operand with data has it as its outermost level; deal them in turn`,
  );
}

function samTensorsOf(tensors: ReadonlyMap<string, StoredTensor>): SamGraph["tensors"] {
  return Object.fromEntries(
    [...tensors].map(([name, { levels, modeOrder, tile }]) => [name, { levels, modeOrder, ...(tile && { tile }) }]),
  );
}

/** Every stream of every graph is typed: depths and stops must line up. */
function checkStreams(graph: SamGraph): void {
  const faults = validateGraph(graph).filter(({ severity }) => severity === "error");
  if (faults.length > 0) throw new DiagnosticError(faults);
}

function describeRegion({ statements, outputs, variables }: FusedRegion): string {
  const lines = statements.map(printStatement);
  return [...lines, `loops ${variables.join(", ")}`, `results ${outputs.map(({ tensor }) => tensor).join(", ")}`].join(
    "\n",
  );
}

function describeBlocks(blocks: readonly NetBlock[]): string {
  const lines = blocks.map(({ block, inputs }) => {
    const feeds = Object.entries(inputs).map(([port, from]) => `${port}=${from.block}.${from.port}`);
    return `${block.id}: ${block.type}(${feeds.join(", ")})`;
  });
  return [`${blocks.length} blocks`, ...lines].join("\n");
}
