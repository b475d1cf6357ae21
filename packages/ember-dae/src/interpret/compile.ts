/**
 * Programs as closures over a frame of slots: the meaning of the SCF, SLC and SLCV levels.
 *
 * A stream of the structured levels is a value per turn of its loop, so reading its head is reading that value; what
 * separates the two units, queues and their order, begins to exist at the DLC level.
 */
import { EmberError } from "../errors.ts";
import type { Block, Op, Value } from "../ir/op.ts";
import { arithmeticNames, scalarOf } from "./arithmetic.ts";
import { type Frame, placeIn, type Slots, type Step } from "./frame.ts";
import { type Memory, readerOf, writerOf } from "./memory.ts";
import { vectorSteps } from "./vector-steps.ts";

/** Compiles one kind of operation. */
export type Compiler = (op: Op, slots: Slots, compile: (block: Block) => Step) => Step;

/** Compiles a block; `extra` says what operations mean that only one level has. */
export function compileBlock(block: Block, slots: Slots, extra: Readonly<Record<string, Compiler>> = {}): Step {
  const compile = (inner: Block): Step => compileBlock(inner, slots, extra);
  const steps = block.ops.flatMap((op) => {
    const step = compileOp(op, slots, compile, extra);
    return step === undefined ? [] : [step];
  });
  const [first, second] = steps;
  if (first === undefined) return () => {};
  if (second === undefined) return first;
  return (frame) => {
    for (let i = 0; i < steps.length; i++) (steps[i] as Step)(frame);
  };
}

function compileOp(
  op: Op,
  slots: Slots,
  compile: (block: Block) => Step,
  extra: Readonly<Record<string, Compiler>>,
): Step | undefined {
  if (op.name === "func.return" || op.name === "scf.yield") return undefined;
  const compiler = extra[op.name] ?? vectorSteps[op.name] ?? steps[op.name];
  if (compiler !== undefined) return compiler(op, slots, compile);
  if (arithmeticNames.has(op.name)) return arithmetic(op, slots);
  throw new EmberError("ir-invalid", `no unit can carry out ${op.name}`);
}

function arithmetic(op: Op, slots: Slots): Step {
  const compute = scalarOf(op);
  if (compute === undefined) throw new EmberError("ir-invalid", `${op.name} has no predicate that is known`);
  const [a = 0, b = a, c = a] = slots.operands(op);
  const to = slots.result(op);
  const division = op.name === "arith.divsi" || op.name === "arith.remsi";
  if (op.results[0]?.type.startsWith("vector") === true) {
    return (frame) => {
      const [left, right, third] = [frame[a], frame[b], frame[c]] as [Float64Array, Float64Array, Float64Array];
      const lanes = new Float64Array(left.length);
      for (let l = 0; l < lanes.length; l++) lanes[l] = compute(left[l]!, right[l]!, third[l]!);
      frame[to] = lanes;
    };
  }
  return (frame) => {
    if (division && frame[b] === 0) throw new EmberError("memory-range", `${op.name} by zero`);
    frame[to] = compute(frame[a] as number, frame[b] as number, frame[c] as number);
  };
}

function load(op: Op, slots: Slots): Step {
  const [memorySlot = 0, ...at] = slots.operands(op);
  const to = slots.result(op);
  let held: Memory | undefined;
  let read: (place: number) => number = () => 0;
  const indices = at.map(() => 0);
  return (frame) => {
    const memory = frame[memorySlot] as Memory;
    if (memory !== held) {
      held = memory;
      read = readerOf(memory);
    }
    for (let i = 0; i < at.length; i++) indices[i] = frame[at[i]!] as number;
    frame[to] = read(placeIn(memory, indices));
  };
}

function store(op: Op, slots: Slots): Step {
  const [valueSlot = 0, memorySlot = 0, ...at] = slots.operands(op);
  let held: Memory | undefined;
  let write: (place: number, value: number) => void = () => {};
  const indices = at.map(() => 0);
  return (frame) => {
    const memory = frame[memorySlot] as Memory;
    if (memory !== held) {
      held = memory;
      write = writerOf(memory);
    }
    for (let i = 0; i < at.length; i++) indices[i] = frame[at[i]!] as number;
    write(placeIn(memory, indices), frame[valueSlot] as number);
  };
}

function loop(op: Op, slots: Slots, compile: (block: Block) => Step): Step {
  const [from = 0, to = 0, step = 0, ...initial] = slots.operands(op);
  const block = op.regions[0] as Block;
  const [index = 0, ...carried] = block.args.map((arg) => slots.of(arg));
  const given = yielded(block, slots);
  const results = op.results.map((result) => slots.of(result));
  const body = compile(block);
  return (frame) => {
    const [end, by] = [frame[to] as number, frame[step] as number];
    if (!(by > 0)) throw new EmberError("ir-invalid", `a loop with step ${by}; steps are at least 1`);
    for (const [place, slot] of carried.entries()) frame[slot] = frame[initial[place]!];
    for (let i = frame[from] as number; i < end; i += by) {
      frame[index] = i;
      body(frame);
      if (carried.length > 0) move(frame, given, carried);
    }
    move(frame, carried, results);
  };
}

// All are read before any is written: a loop may swap what it carries.
function move(frame: Frame, from: readonly number[], to: readonly number[]): void {
  const held = from.map((slot) => frame[slot]);
  for (let i = 0; i < to.length; i++) frame[to[i]!] = held[i];
}

function yielded(block: Block, slots: Slots): number[] {
  const last = block.ops[block.ops.length - 1];
  return last?.name === "scf.yield" ? slots.operands(last) : [];
}

function branch(op: Op, slots: Slots, compile: (block: Block) => Step): Step {
  const [condition = 0] = slots.operands(op);
  const results = op.results.map((result: Value) => slots.of(result));
  const [whenTrue, whenFalse] = op.regions.map((region) => ({ run: compile(region), given: yielded(region, slots) }));
  return (frame) => {
    const taken = frame[condition] !== 0 ? whenTrue : whenFalse;
    taken?.run(frame);
    if (taken !== undefined && results.length > 0) move(frame, taken.given, results);
  };
}

const copy: Compiler = (op, slots) => {
  const [from = 0] = slots.operands(op);
  const to = slots.result(op);
  return (frame) => {
    frame[to] = frame[from];
  };
};

const steps: Readonly<Record<string, Compiler>> = {
  "arith.constant": (op, slots) => {
    const to = slots.result(op);
    const value = Number(op.attributes.value);
    const held = op.results[0]?.type === "f32" ? Math.fround(value) : value;
    return (frame) => {
      frame[to] = held;
    };
  },
  "memref.dim": (op, slots) => {
    const [memory = 0, dimension = 0] = slots.operands(op);
    const to = slots.result(op);
    return (frame) => {
      frame[to] = (frame[memory] as Memory).shape[frame[dimension] as number];
    };
  },
  "memref.load": load,
  "memref.store": store,
  "scf.for": loop,
  "scf.if": branch,
  "slc.for": loop,
  "slc.callback": (op, _slots, compile) => compile(op.regions[0] as Block),
  "slc.mem_stream": load,
  "slc.store_stream": store,
  "slc.to_stream": copy,
  "slc.from_stream": copy,
  "slc.variable": copy,
  "slc.get": copy,
  "slc.set": (op, slots) => {
    const [value = 0, variable = 0] = slots.operands(op);
    return (frame) => {
      frame[variable] = frame[value];
    };
  },
  "slc.alu_stream": (op, slots) => arithmetic({ ...op, name: `arith.${String(op.attributes.operator)}` }, slots),
};
