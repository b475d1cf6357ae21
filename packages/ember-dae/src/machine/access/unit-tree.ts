/** The traversal units of an access unit as a tree, each with its streams and with what it pushes at its events. */
import { EmberError } from "../../errors.ts";
import type { Block, Op, Value } from "../../ir/op.ts";

/** When something is pushed. */
export type UnitEvent = "beg" | "ite" | "end";

/** One traversal unit of a program. */
export interface UnitNode {
  /** Place in the order of the program, parents before children. */
  readonly index: number;
  readonly depth: number;
  /** From, to, and without lanes the step. */
  readonly bounds: readonly Value[];
  readonly lanes: number | undefined;
  induction: Value | undefined;
  mask: Value | undefined;
  /** Loads, stores and arithmetic, without the operand that names the unit. */
  readonly streams: Op[];
  readonly children: UnitNode[];
  /** Values that are pushed. */
  readonly pushes: Record<UnitEvent, Value[]>;
  /** Numbers of the cases that are entered. */
  readonly tokens: Record<UnitEvent, number[]>;
}

/** All units of an access block, parents first. */
export function unitTree(block: Block): readonly UnitNode[] {
  const units = new Map<Value, UnitNode>();
  for (const op of block.ops) {
    if (op.name === "dlc.tu") addUnit(op, units);
    else addPart(op, units);
  }
  return [...units.values()];
}

function addUnit(op: Op, units: Map<Value, UnitNode>): void {
  const parent = units.get(op.operands.at(-1) as Value);
  const unit: UnitNode = {
    index: units.size,
    depth: parent === undefined ? 0 : parent.depth + 1,
    bounds: op.operands.filter((operand) => !units.has(operand)),
    lanes: op.attributes.lanes === undefined ? undefined : Number(op.attributes.lanes),
    ...{ induction: undefined, mask: undefined, streams: [], children: [] },
    pushes: { beg: [], ite: [], end: [] },
    tokens: { beg: [], ite: [], end: [] },
  };
  units.set(op.results[0] as Value, unit);
  parent?.children.push(unit);
}

function addPart(op: Op, units: ReadonlyMap<Value, UnitNode>): void {
  const named = op.name === "dlc.push" || op.name === "dlc.token" ? op.operands[0] : op.operands.at(-1);
  const unit = named === undefined ? undefined : units.get(named);
  if (unit === undefined) throw new EmberError("ir-invalid", `${op.name} belongs to no traversal unit`);
  const event = op.attributes.event as UnitEvent;
  if (op.name === "dlc.induction") unit.induction = op.results[0];
  else if (op.name === "dlc.mask") unit.mask = op.results[0];
  else if (op.name === "dlc.token") unit.tokens[event].push(Number(op.attributes.id));
  else if (op.name === "dlc.push") unit.pushes[event].push(op.operands[1] as Value);
  else unit.streams.push({ ...op, operands: op.operands.slice(0, -1) });
}
