/** Runs programs on numbers. Nothing of a program is executed: operators are data, functions are compiled formulas. */
import { type CompiledFn, compileFns } from "../formula/compile.ts";
import { type Dim, sizeOf } from "../program/dim.ts";
import { leafSize, leavesOf, type StreamType } from "../program/element-type.ts";
import type { Op, OpProgram } from "../program/program.ts";
import type { ValueType } from "../program/typecheck.ts";
import type { Task } from "../tasks/task.ts";
import type { TensorSet } from "../tasks/tensor-set.ts";
import { aim, Fold, point } from "./fold.ts";

/** The numbers of a stream: for each part of its element one array, elements in order, outermost axis first. */
export type StreamNumbers = readonly Float64Array[];

/** How far a run may go. */
export interface RunLimits {
  /** Most numbers in one stream. */
  readonly streamNumbers: number;
  /** Most numbers computed in all. */
  readonly work: number;
}

/** Limits of a judged run: 2^22 numbers in a stream, 2^26 computed. */
export const defaultLimits: RunLimits = { streamNumbers: 2 ** 22, work: 2 ** 26 };

/** Why a well-typed program did not run to its end. */
export interface RunFault {
  readonly kind: "limit" | "routing";
  readonly at: number;
  readonly message: string;
}

/** What a run gave: the numbers of each value, with the extents that only the data decide. */
export type Run =
  | { readonly values: ReadonlyMap<string, StreamNumbers | readonly StreamNumbers[]>; readonly sizes: Sizes }
  | { readonly fault: RunFault };

type Sizes = Readonly<Record<string, number>>;

class RunStopped extends Error {
  readonly kind: RunFault["kind"];
  constructor(kind: RunFault["kind"], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** A task's functions at the sizes of one set, compiled once for many programs. */
export class Interpreter {
  readonly #set: TensorSet;
  readonly #fns: ReadonlyMap<string, CompiledFn>;
  readonly #inits: ReadonlyMap<string, readonly number[]>;

  /** @throws {AsplError} `formula` if a function does not fit its types at these sizes. */
  constructor(task: Task, set: TensorSet) {
    this.#set = set;
    this.#fns = compileFns(task, set);
    this.#inits = new Map(task.fns.map((fn) => [fn.name, fn.init]));
  }

  /** Runs a program whose values have the given types. */
  run(program: OpProgram, types: ReadonlyMap<string, ValueType>, limits: RunLimits = defaultLimits): Run {
    const run = this.begin(types, limits);
    for (const [at, op] of program.ops.entries()) {
      const fault = run.step(op);
      if (fault !== undefined) return { fault: { ...fault, at, message: `${op.op}: ${fault.message}` } };
    }
    return { values: run.values, sizes: run.sizes };
  }

  /** A run that has only the inputs yet. `types` must hold the types of an operator's values before it is applied. */
  begin(
    types: ReadonlyMap<string, ValueType>,
    limits: RunLimits = defaultLimits,
    allocate: Allocate = (numbers) => new Float64Array(numbers),
  ): OngoingRun {
    const inputs = Object.entries(this.#set.inputs).map(
      ([name, parts]) => [name, parts.map(({ values }) => values)] as const,
    );
    const { sizes } = this.#set;
    return new OngoingRun({ fns: this.#fns, inits: this.#inits, types, limits, sizes, inputs, allocate });
  }
}

/** Gives an array of that many zeros. */
export type Allocate = (numbers: number) => Float64Array;

interface OngoingRunOptions {
  readonly fns: ReadonlyMap<string, CompiledFn>;
  readonly inits: ReadonlyMap<string, readonly number[]>;
  readonly types: ReadonlyMap<string, ValueType>;
  readonly limits: RunLimits;
  readonly sizes: Sizes;
  readonly inputs: readonly (readonly [string, StreamNumbers])[];
  readonly allocate: Allocate;
}

/** A run under way, to which operators are applied one at a time. */
export class OngoingRun {
  readonly values: Map<string, StreamNumbers | readonly StreamNumbers[]>;
  readonly sizes: Record<string, number>;
  readonly #options: OngoingRunOptions;
  #work = 0;

  constructor(options: OngoingRunOptions) {
    this.#options = options;
    this.values = new Map(options.inputs);
    this.sizes = { ...options.sizes };
  }

  /** Counts the work of a run from here on. */
  restart(): void {
    this.#work = 0;
  }

  /** Applies an operator; says why it cannot be. */
  step(op: Op): Omit<RunFault, "at"> | undefined {
    try {
      const made = this.#made(op);
      for (const name of op.out) this.values.set(name, made);
      return undefined;
    } catch (error) {
      if (error instanceof RunStopped) return { kind: error.kind, message: error.message };
      throw error;
    }
  }

  #made(op: Op): StreamNumbers | readonly StreamNumbers[] {
    switch (op.op) {
      case "Map":
        return this.#map(op.fn, this.#stream(op.in[0]!), this.#type(op.in[0]!));
      case "Accum":
      case "Scan":
        return this.#fold(op);
      case "Zip":
        return [...this.#stream(op.in[0]!), ...this.#stream(op.in[1]!)];
      case "Repeat":
      case "RepeatRef":
        return this.#repeat(this.#stream(op.in[0]!), this.#type(op.in[0]!), this.#type(op.out[0]!));
      case "Partition":
        return this.#partition(op);
      case "MapEach": {
        const types = this.#options.types.get(op.in[0]!) as readonly StreamType[];
        return this.#list(op.in[0]!).map((stream, expert) => this.#map(op.fns[expert]!, stream, types[expert]!));
      }
      case "Merge":
        return this.#merge(op);
      // The numbers of these stand where they stood: only what counts as an axis changes.
      case "Promote":
      case "Flatten":
      case "Bufferize":
      case "Streamify":
      case "Copy":
        return this.#stream(op.in[0]!);
    }
  }

  #stream(name: string): StreamNumbers {
    return this.values.get(name) as StreamNumbers;
  }

  #list(name: string): readonly StreamNumbers[] {
    return this.values.get(name) as readonly StreamNumbers[];
  }

  #type(name: string): StreamType {
    return this.#options.types.get(name) as StreamType;
  }

  #count(shape: readonly Dim[]): number {
    let count = 1;
    for (const dim of shape) count *= sizeOf(dim, this.sizes)!;
    return count;
  }

  /** New arrays for a stream, within the limits. */
  #allocate({ elem, shape }: StreamType): Float64Array[] {
    const count = this.#count(shape);
    return leavesOf(elem).map((leaf) => this.#array(count * leafSize(leaf, this.sizes)!));
  }

  #array(numbers: number): Float64Array {
    const most = this.#options.limits.streamNumbers;
    if (numbers > most) {
      throw new RunStopped("limit", `the stream would hold ${numbers} numbers; at most ${most} are allowed`);
    }
    this.#spend(numbers);
    return this.#options.allocate(numbers);
  }

  #spend(work: number): void {
    this.#work += work;
    if (this.#work <= this.#options.limits.work) return;
    throw new RunStopped("limit", `the program computes more than ${this.#options.limits.work} numbers`);
  }

  #map(name: string, input: StreamNumbers, type: StreamType): StreamNumbers {
    const fn = this.#options.fns.get(name)!;
    const count = this.#count(type.shape);
    this.#spend(count * fn.work);
    const output = fn.results.map(({ size }) => this.#array(count * size));
    point(fn.x, input);
    point(fn.results, output);
    for (let element = 0; element < count; element++) {
      aim(fn.x, element);
      aim(fn.results, element);
      fn.run();
    }
    return output;
  }

  #fold(op: Op & { readonly op: "Accum" | "Scan" }): StreamNumbers {
    const fn = this.#options.fns.get(op.fn)!;
    const input = this.#stream(op.in[0]!);
    const { shape } = this.#type(op.in[0]!);
    const length = this.#count(shape.slice(0, op.b));
    const groups = this.#count(shape.slice(op.b));
    const output = this.#allocate(this.#type(op.out[0]!));
    this.#spend(groups * length * fn.work);
    const fold = new Fold(fn, this.#options.inits.get(op.fn)!);
    for (let group = 0; group < groups; group++) {
      fold.restart();
      point(fn.x, input);
      for (let step = 0; step < length; step++) {
        const element = group * length + step;
        aim(fn.x, element);
        fold.step();
        if (op.op === "Scan") fold.store(output, element);
      }
      // A group without elements keeps the state it started with.
      if (op.op === "Accum") fold.store(output, group);
    }
    return output;
  }

  #repeat(input: StreamNumbers, from: StreamType, to: StreamType): StreamNumbers {
    const output = this.#allocate(to);
    const count = this.#count(from.shape);
    const times = sizeOf(to.shape[0]!, this.sizes)!;
    for (let part = 0; part < input.length; part++) {
      const size = count === 0 ? 0 : input[part]!.length / count;
      for (let element = 0; element < count; element++) {
        const numbers = input[part]!.subarray(element * size, (element + 1) * size);
        for (let time = 0; time < times; time++) output[part]!.set(numbers, (element * times + time) * size);
      }
    }
    return output;
  }

  #partition(op: Op & { readonly op: "Partition" }): readonly StreamNumbers[] {
    const input = this.#stream(op.in[0]!);
    const selector = this.#type(op.in[1]!);
    const choices = this.#stream(op.in[1]!)[0]!;
    const positions = this.#count(selector.shape);
    const experts = (this.#options.types.get(op.out[0]!) as readonly StreamType[]).length;
    const list: StreamNumbers[] = [];
    for (let expert = 0; expert < experts; expert++) {
      const sent: number[] = [];
      for (let position = 0; position < positions; position++) {
        if (choices[position * experts + expert] === 1) sent.push(position);
      }
      this.sizes[`${op.out[0]}#${expert}`] = sent.length;
      list.push(input.map((numbers) => pick(numbers, sent, positions)));
      for (const numbers of list.at(-1)!) this.#spend(numbers.length);
    }
    return list;
  }

  #merge(op: Op & { readonly op: "Merge" }): StreamNumbers {
    const fn = this.#options.fns.get(op.fn)!;
    const list = this.#list(op.in[0]!);
    const types = this.#options.types.get(op.in[0]!) as readonly StreamType[];
    const choices = this.#stream(op.in[1]!)[0]!;
    const positions = this.#count(this.#type(op.in[1]!).shape);
    const block = this.#count(types[0]!.shape.slice(0, -1));
    const held = types.map(({ shape }) => sizeOf(shape.at(-1)!, this.sizes)!);
    const next = new Int32Array(list.length);
    const output = this.#allocate(this.#type(op.out[0]!));
    const fold = new Fold(fn, this.#options.inits.get(op.fn)!);
    for (let position = 0; position < positions; position++) {
      const chosen = chosenAt(choices, position, list.length);
      for (const expert of chosen) {
        if (next[expert]! >= held[expert]!) {
          throw new RunStopped(
            "routing",
            `stream ${expert} holds ${held[expert]} elements, and the selector asks for more`,
          );
        }
      }
      this.#spend(block * chosen.length * fn.work);
      // A position without an expert keeps the zeros that the arrays are made of: not the start of the fold.
      for (let inner = 0; inner < (chosen.length === 0 ? 0 : block); inner++) {
        fold.restart();
        for (const expert of chosen) {
          point(fn.x, list[expert]!);
          aim(fn.x, next[expert]! * block + inner);
          fold.step();
        }
        fold.store(output, position * block + inner);
      }
      for (const expert of chosen) next[expert]!++;
    }
    return output;
  }
}

function pick(numbers: Float64Array, positions: readonly number[], of: number): Float64Array {
  const size = of === 0 ? 0 : numbers.length / of;
  const picked = new Float64Array(positions.length * size);
  for (const [index, position] of positions.entries()) {
    picked.set(numbers.subarray(position * size, (position + 1) * size), index * size);
  }
  return picked;
}

function chosenAt(choices: Float64Array, position: number, experts: number): readonly number[] {
  const chosen: number[] = [];
  for (let expert = 0; expert < experts; expert++) {
    if (choices[position * experts + expert] !== 0) chosen.push(expert);
  }
  return chosen;
}
