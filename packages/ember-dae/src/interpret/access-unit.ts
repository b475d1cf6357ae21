/** The access unit: a tree of traversal units that walks all loops, reads memory and pushes. */
import { EmberError } from "../errors.ts";
import type { Block, Op, Value } from "../ir/op.ts";
import { heldBy } from "../ir/types.ts";
import { compileBlock } from "./compile.ts";
import type { Frame, Slots, Step } from "./frame.ts";
import type { Queues } from "./queues.ts";
import { lanesFrom, maskBelow } from "./vector-steps.ts";

interface Unit {
  readonly value: Value;
  readonly bounds: readonly number[];
  readonly lanes: number | undefined;
  induction: number | undefined;
  mask: number | undefined;
  readonly streams: Op[];
  readonly children: Unit[];
  readonly events: Record<"beg" | "ite" | "end", Step[]>;
}

/** Compiles the access unit's block; running it pushes into the queues and ends when all loops have ended. */
export function compileAccess(block: Block, slots: Slots, queues: Queues): Step {
  const units = new Map<Value, Unit>();
  const roots: Unit[] = [];
  for (const op of block.ops) {
    if (op.name === "dlc.tu") addUnit(op, { units, roots, slots });
    else addPart(op, { units, slots, queues });
  }
  const runs = roots.map((unit) => compileUnit(unit, slots));
  return (frame) => {
    for (const run of runs) run(frame);
  };
}

function addUnit(op: Op, place: { units: Map<Value, Unit>; roots: Unit[]; slots: Slots }): void {
  const { units, roots, slots } = place;
  const parent = units.get(op.operands.at(-1) as Value);
  const bounds = op.operands.filter((operand) => !units.has(operand)).map((operand) => slots.of(operand));
  const lanes = op.attributes.lanes === undefined ? undefined : Number(op.attributes.lanes);
  const value = op.results[0] as Value;
  const unit: Unit = {
    ...{ value, bounds, lanes, induction: undefined, mask: undefined },
    ...{ streams: [], children: [], events: { beg: [], ite: [], end: [] } },
  };
  units.set(value, unit);
  (parent?.children ?? roots).push(unit);
}

function addPart(op: Op, { units, slots, queues }: { units: Map<Value, Unit>; slots: Slots; queues: Queues }): void {
  const owner = op.name === "dlc.push" || op.name === "dlc.token" ? op.operands[0] : op.operands.at(-1);
  const unit = owner === undefined ? undefined : units.get(owner);
  if (unit === undefined) throw new EmberError("ir-invalid", `${op.name} belongs to no traversal unit`);
  const event = op.attributes.event as "beg" | "ite" | "end";
  if (op.name === "dlc.induction") unit.induction = slots.result(op);
  else if (op.name === "dlc.mask") unit.mask = slots.result(op);
  else if (op.name === "dlc.token") {
    const id = Number(op.attributes.id);
    unit.events[event].push(() => queues.token(id));
  } else if (op.name === "dlc.push") {
    const stream = op.operands[1] as Value;
    const [slot, type] = [slots.of(stream), heldBy("stream", stream.type) ?? stream.type];
    unit.events[event].push((frame) => queues.push(frame[slot] as number | Float64Array, type));
  } else unit.streams.push({ ...op, operands: op.operands.slice(0, -1) });
}

function compileUnit(unit: Unit, slots: Slots): Step {
  const { lanes, induction, mask } = unit;
  const [from = 0, to = 0, step] = unit.bounds;
  const streams = compileBlock({ args: [], ops: unit.streams }, slots);
  const children = unit.children.map((child) => compileUnit(child, slots));
  const { beg, ite, end } = unit.events;
  const fire = (steps: readonly Step[], frame: Frame) => {
    for (const run of steps) run(frame);
  };
  return (frame) => {
    fire(beg, frame);
    const last = frame[to] as number;
    const by = lanes ?? (step === undefined ? 1 : (frame[step] as number));
    for (let i = frame[from] as number; i < last; i += by) {
      if (induction !== undefined) frame[induction] = lanes === undefined ? i : lanesFrom(i, lanes);
      if (mask !== undefined && lanes !== undefined) frame[mask] = maskBelow(i, last, lanes);
      streams(frame);
      fire(ite, frame);
      fire(children, frame);
    }
    fire(end, frame);
  };
}
