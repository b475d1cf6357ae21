/** The meaning of vector operations: a vector is the lanes of it, a mask is lanes of 0 and 1. */
import { EmberError } from "../errors.ts";
import type { Block, Op } from "../ir/op.ts";
import { asVector, heldBy } from "../ir/types.ts";
import { scalarOf } from "./arithmetic.ts";
import type { Compiler } from "./compile.ts";
import { type Frame, placeIn, type Slots, type Step } from "./frame.ts";
import { type Memory, readerOf, writerOf } from "./memory.ts";

/** `first, first + 1, …`. */
export function lanesFrom(first: number, lanes: number): Float64Array {
  return Float64Array.from({ length: lanes }, (_, lane) => first + lane);
}

/** 1 in the lanes below `end`, 0 in the others. */
export function maskBelow(first: number, end: number, lanes: number): Float64Array {
  return Float64Array.from({ length: lanes }, (_, lane) => Number(first + lane < end));
}

function lanesOf(op: Op): number {
  const type = op.results[0]?.type ?? "";
  return asVector(heldBy("stream", type) ?? type)?.lanes ?? 1;
}

// The operands of a gather: memory, indices of which the last may be a vector, mask.
function gather(op: Op, slots: Slots): Step {
  const [memorySlot = 0, ...rest] = slots.operands(op);
  const maskSlot = rest.pop() as number;
  const lanes = lanesOf(op);
  const to = slots.result(op);
  const indices = rest.map(() => 0);
  return (frame) => {
    const memory = frame[memorySlot] as Memory;
    const read = readerOf(memory);
    const result = new Float64Array(lanes);
    eachLane(frame, { rest, maskSlot, lanes, indices }, (lane) => {
      result[lane] = read(placeIn(memory, indices));
    });
    frame[to] = result;
  };
}

// value, memory, indices, mask.
function scatter(op: Op, slots: Slots): Step {
  const [valueSlot = 0, memorySlot = 0, ...rest] = slots.operands(op);
  const maskSlot = rest.pop() as number;
  const indices = rest.map(() => 0);
  return (frame) => {
    const memory = frame[memorySlot] as Memory;
    const write = writerOf(memory);
    const value = frame[valueSlot] as Float64Array;
    eachLane(frame, { rest, maskSlot, lanes: value.length, indices }, (lane) => {
      write(placeIn(memory, indices), value[lane]!);
    });
  };
}

interface Lanes {
  readonly rest: readonly number[];
  readonly maskSlot: number;
  readonly lanes: number;
  readonly indices: number[];
}

// The last index is a vector of places, or the first of consecutive places.
function eachLane(frame: Frame, { rest, maskSlot, lanes, indices }: Lanes, visit: (lane: number) => void): void {
  const mask = frame[maskSlot] as Float64Array;
  for (let i = 0; i < rest.length; i++) indices[i] = frame[rest[i]!] as number;
  const last = rest.length - 1;
  const places = frame[rest[last]!] as number | Float64Array;
  for (let lane = 0; lane < lanes; lane++) {
    if (mask[lane] === 0) continue;
    indices[last] = typeof places === "number" ? places + lane : places[lane]!;
    visit(lane);
  }
}

function vectorLoop(op: Op, slots: Slots, compile: (block: Block) => Step): Step {
  const [from = 0, to = 0] = slots.operands(op);
  const lanes = Number(op.attributes.lanes);
  const block = op.regions[0] as Block;
  const [index = 0, mask = 0] = block.args.map((arg) => slots.of(arg));
  const body = compile(block);
  return (frame) => {
    const end = frame[to] as number;
    for (let i = frame[from] as number; i < end; i += lanes) {
      frame[index] = lanesFrom(i, lanes);
      frame[mask] = maskBelow(i, end, lanes);
      body(frame);
    }
  };
}

function orderedReduction(op: Op, slots: Slots): Step {
  const [start = 0, vector = 0, mask = 0] = slots.operands(op);
  const to = slots.result(op);
  const compute = scalarOf({ ...op, name: String(op.attributes.operator) });
  if (compute === undefined) throw new EmberError("ir-invalid", `no reduction by ${op.attributes.operator}`);
  return (frame) => {
    const [lanes, active] = [frame[vector] as Float64Array, frame[mask] as Float64Array];
    let held = frame[start] as number;
    for (let lane = 0; lane < lanes.length; lane++) if (active[lane] !== 0) held = compute(held, lanes[lane]!, 0);
    frame[to] = held;
  };
}

/** Compilers by operation. */
export const vectorSteps: Readonly<Record<string, Compiler>> = {
  "slcv.for": vectorLoop,
  "slcv.mem_stream": gather,
  "slcv.load": gather,
  "slcv.masked_load": gather,
  "slcv.store_stream": scatter,
  "slcv.store": scatter,
  "slcv.masked_store": scatter,
  "slcv.ordered_reduction": orderedReduction,
  "slcv.alu_stream": (op, slots) => {
    const [a = 0, b = a] = slots.operands(op);
    const to = slots.result(op);
    const compute = scalarOf({ ...op, name: `arith.${String(op.attributes.operator)}` });
    if (compute === undefined) throw new EmberError("ir-invalid", `no stream of ${op.attributes.operator}`);
    const lane = (slot: number | Float64Array, at: number) => (typeof slot === "number" ? slot : slot[at]!);
    const count = lanesOf(op);
    return (frame) => {
      const [left, right] = [frame[a] as number | Float64Array, frame[b] as number | Float64Array];
      frame[to] = Float64Array.from({ length: count }, (_, at) => compute(lane(left, at), lane(right, at), 0));
    };
  },
  "slcv.broadcast": (op, slots) => {
    const [value = 0] = slots.operands(op);
    const to = slots.result(op);
    const lanes = lanesOf(op);
    return (frame) => {
      frame[to] = new Float64Array(lanes).fill(frame[value] as number);
    };
  },
  "slcv.indices": (op, slots) => {
    const [first = 0] = slots.operands(op);
    const to = slots.result(op);
    const lanes = lanesOf(op);
    return (frame) => {
      frame[to] = lanesFrom(frame[first] as number, lanes);
    };
  },
  "slcv.mask": (op, slots) => {
    const [first = 0, end = 0] = slots.operands(op);
    const to = slots.result(op);
    const lanes = lanesOf(op);
    return (frame) => {
      frame[to] = maskBelow(frame[first] as number, frame[end] as number, lanes);
    };
  },
  "slcv.buffer": (op, slots) => {
    const to = slots.result(op);
    return (frame) => {
      frame[to] = [];
    };
  },
  "slcv.to_buffer": (op, slots) => {
    const [stream = 0, buffer = 0] = slots.operands(op);
    return (frame) => {
      (frame[buffer] as Float64Array[]).push(frame[stream] as Float64Array);
    };
  },
  "slcv.from_buffer": (op, slots) => {
    const [buffer = 0, place = 0] = slots.operands(op);
    const to = slots.result(op);
    const lanes = lanesOf(op);
    return (frame) => {
      const vectors = frame[buffer] as Float64Array[];
      const vector = vectors[(frame[place] as number) / lanes];
      if (vector === undefined)
        throw new EmberError("queue", `a buffer of ${vectors.length} vectors was read past its end`);
      frame[to] = vector;
    };
  },
};
