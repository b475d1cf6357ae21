/**
 * What an event puts into the queue, and what that costs the core.
 *
 * A case that takes vectors pays for its token and one vector together; vectors beyond that, as those of a buffered row,
 * pay each by whether ids still pass through the queue: then a vector is unpacked, gathered and scattered, else it is a
 * plain load and store. A loop of a case that takes nothing, as the division that ends a mean, pays a vector per turn.
 */
import { bytesOf, tokenBytes } from "../../interpret/queues.ts";
import { type Block, type Value, walk } from "../../ir/op.ts";
import { asVector, heldBy, isFloat } from "../../ir/types.ts";
import type { EventKind } from "./access-trace.ts";
import type { UnitEvent, UnitNode } from "./unit-tree.ts";

/** What is known of a program besides its units. */
export interface KindContext {
  /** Blocks of the execute unit, by the number of their token. */
  readonly cases: readonly Block[];
  /** Numbers that are known before the machine runs: constants and extents. */
  numberOf(value: Value): number | undefined;
  /** Bytes of an element of what a stream stores to. */
  elementBytes(memory: Value): number;
}

const events = ["beg", "ite", "end"] as const;

/** Kinds of all units: those of a unit are at three times its index, in the order begin, turn, end. */
export function eventKinds(units: readonly UnitNode[], context: KindContext): readonly EventKind[] {
  const ids = new Set(units.flatMap(({ induction, mask }) => [induction, mask]));
  const aligned = !units.some((unit) => events.some((event) => unit.pushes[event].some((value) => ids.has(value))));
  return units.flatMap((unit) => events.map((event) => kindOf(unit, event, { aligned, context })));
}

/** Most bytes that one event pushes: no part of a queue may be smaller. */
export function largestEvent(kinds: readonly EventKind[]): number {
  return kinds.reduce((most, { queueBytes }) => Math.max(most, queueBytes), 0);
}

function kindOf(
  unit: UnitNode,
  event: UnitEvent,
  { aligned, context }: { aligned: boolean; context: KindContext },
): EventKind {
  const types = unit.pushes[event].map(({ type }) => heldBy("stream", type) ?? type);
  const tokens = unit.tokens[event];
  const vectors = types.filter((type) => asVector(type) !== undefined).length;
  const values = types.filter((type) => asVector(type) !== undefined && isFloat(type)).length;
  const cases = tokens.map((id) => context.cases[id] as Block);
  const vectorTokens = cases.filter(takesVectors).length;
  const further = Math.max(0, values - vectorTokens);
  const turns = cases.reduce((sum, block) => sum + idleTurns(block, context), 0);
  return {
    ...{ unit: unit.index, event, tokens: tokens.length, scalars: types.length - vectors, vectors },
    queueBytes: types.reduce((sum, type) => sum + bytesOf(type), tokens.length * tokenBytes),
    storeBytes: event === "ite" ? storeBytes(unit, context) : 0,
    work: {
      rows: event === "beg" && unit.children.length === 0 && pushesValues(unit) ? 1 : 0,
      scalarTokens: tokens.length - vectorTokens,
      vectorTokens,
      unalignedVectors: turns + (aligned ? 0 : further),
      alignedVectors: aligned ? further : 0,
    },
  };
}

function pushesValues({ pushes }: UnitNode): boolean {
  return pushes.ite.some(({ type }) => isFloat(heldBy("stream", type) ?? type));
}

function takesVectors(block: Block): boolean {
  return [...walk(block)].some((op) => op.name === "dlc.pop" && asVector(op.results[0]?.type ?? "") !== undefined);
}

// Turns of loops that take nothing out of the queue.
function idleTurns(block: Block, context: KindContext): number {
  let turns = 0;
  for (const op of block.ops) {
    const [body] = op.regions;
    if (op.name !== "scf.for" || body === undefined || [...walk(body)].some(({ name }) => name === "dlc.pop")) continue;
    const [from, to, step] = op.operands.slice(0, 3).map((value) => context.numberOf(value));
    if (from !== undefined && to !== undefined && step !== undefined)
      turns += Math.max(0, Math.ceil((to - from) / step));
  }
  return turns;
}

function storeBytes(unit: UnitNode, context: KindContext): number {
  const stores = unit.streams.filter(({ name }) => name === "slc.store_stream" || name === "slcv.store_stream");
  return stores.reduce((sum, op) => sum + context.elementBytes(op.operands[1] as Value) * (unit.lanes ?? 1), 0);
}
