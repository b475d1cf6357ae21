/**
 * Compiles the streams of a unit to steps that record lines.
 *
 * A memory without elements stands for one of the same extents whose values do not matter: it is addressed, not read.
 */
import { EmberError } from "../../errors.ts";
import { compileBlock } from "../../interpret/compile.ts";
import { type Frame, placeIn, type Slots, type Step } from "../../interpret/frame.ts";
import { type Memory, readerOf } from "../../interpret/memory.ts";
import type { Op, Value } from "../../ir/op.ts";
import { asVector, heldBy } from "../../ir/types.ts";
import type { TurnRecorder } from "./turn-recorder.ts";

/** Where memories lie, and which numbers streams got. */
export interface AddressSpace {
  /** First byte of a memory. */
  baseOf(memory: Value): number;
  elementBytes(memory: Value): number;
  /** The number of the next stream, which reads `memory` in unit `unit`. */
  addStream(memory: Value, unit: number): number;
}

/** A stream that reads memory, and the line it holds. */
export interface LineHolder {
  readonly number: number;
  readonly stage: number;
  line: number;
}

/** Whether an operation of a unit reads memory. */
export function isLoad({ name }: Op): boolean {
  return name === "slc.mem_stream" || name === "slcv.mem_stream";
}

/** Whether an operation of a unit writes memory. */
export function isStore({ name }: Op): boolean {
  return name === "slc.store_stream" || name === "slcv.store_stream";
}

/** The stage of each load of a unit: 0, or one more than the deepest load that its place depends on. */
export function stagesOf(streams: readonly Op[]): ReadonlyMap<Op, number> {
  const after = new Map<Value, number>();
  const stages = new Map<Op, number>();
  for (const op of streams) {
    const stage = op.operands.reduce((most, operand) => Math.max(most, after.get(operand) ?? 0), 0);
    if (isLoad(op)) stages.set(op, stage);
    for (const result of op.results) after.set(result, isLoad(op) ? stage + 1 : stage);
  }
  return stages;
}

/** One step for all streams of a unit, for one turn. */
export function compileStreams(
  streams: readonly Op[],
  { slots, space, unit, recorder }: { slots: Slots; space: AddressSpace; unit: number; recorder: TurnRecorder },
): Step {
  const stages = stagesOf(streams);
  const steps = streams.flatMap((op): Step[] => {
    if (isStore(op)) return [];
    if (!isLoad(op)) return [compileBlock({ args: [], ops: [op] }, slots)];
    const memory = op.operands[0] as Value;
    const holder = { number: space.addStream(memory, unit), stage: stages.get(op) ?? 0, line: -1 };
    const place = { base: space.baseOf(memory), bytes: space.elementBytes(memory) };
    return [
      op.name === "slc.mem_stream"
        ? scalarLoad(op, slots, { holder, place, recorder })
        : vectorLoad(op, slots, { holder, place, recorder }),
    ];
  });
  return (frame) => {
    for (let i = 0; i < steps.length; i++) (steps[i] as Step)(frame);
  };
}

interface Reading {
  readonly holder: LineHolder;
  readonly place: { readonly base: number; readonly bytes: number };
  readonly recorder: TurnRecorder;
}

function scalarLoad(op: Op, slots: Slots, { holder, place, recorder }: Reading): Step {
  const [memorySlot = 0, ...at] = slots.operands(op);
  const to = slots.result(op);
  const indices = at.map(() => 0);
  let held: Memory | undefined;
  let read: (element: number) => number = () => Number.NaN;
  return (frame) => {
    const memory = frame[memorySlot] as Memory;
    if (memory !== held) {
      held = memory;
      read = memory.array.length === 0 ? () => Number.NaN : readerOf(memory);
    }
    for (let i = 0; i < at.length; i++) indices[i] = known(frame[at[i]!] as number);
    const element = placeIn(memory, indices);
    recorder.read(holder, place.base + element * place.bytes);
    frame[to] = read(element);
  };
}

// Memory, indices of which the last may be a vector, mask.
function vectorLoad(op: Op, slots: Slots, { holder, place, recorder }: Reading): Step {
  const [memorySlot = 0, ...rest] = slots.operands(op);
  const maskSlot = rest.pop() as number;
  const to = slots.result(op);
  const type = op.results[0]?.type ?? "";
  const lanes = asVector(heldBy("stream", type) ?? type)?.lanes ?? 1;
  const indices = rest.map(() => 0);
  const last = rest.length - 1;
  return (frame: Frame) => {
    const memory = frame[memorySlot] as Memory;
    const read = memory.array.length === 0 ? () => Number.NaN : readerOf(memory);
    const mask = frame[maskSlot] as Float64Array;
    const values = new Float64Array(lanes);
    for (let i = 0; i < last; i++) indices[i] = known(frame[rest[i]!] as number);
    const along = frame[rest[last]!] as number | Float64Array;
    for (let lane = 0; lane < lanes; lane++) {
      if (mask[lane] === 0) continue;
      indices[last] = known(typeof along === "number" ? along + lane : along[lane]!);
      const element = placeIn(memory, indices);
      recorder.read(holder, place.base + element * place.bytes);
      values[lane] = read(element);
    }
    frame[to] = values;
  };
}

/** Refuses the place that a value decides which no memory gave. @throws {EmberError} `unsupported` */
export function known(index: number): number {
  if (Number.isNaN(index)) {
    throw new EmberError("unsupported", "a place in memory depends on values of a memory that is not given", {
      help: "give the memories that ids are read from",
    });
  }
  return index;
}
