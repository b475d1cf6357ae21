/**
 * Finds programs without a model: all values that few operators make from the inputs, smallest programs first, each
 * value kept once however it is made. An honest baseline for whatever writes programs, and useful by itself.
 */
import { insertCopies } from "../program/affine.ts";
import { withoutDeadOperators } from "../program/canonical.ts";
import { type Sizes, sizeOf } from "../program/dim.ts";
import { leafSize, leavesOf, printElem, type StreamType } from "../program/element-type.ts";
import type { Op, OpProgram } from "../program/program.ts";
import { typeOperator, type ValueType } from "../program/typecheck.ts";
import { drawSet } from "../tasks/draw-set.ts";
import { expectOutputs } from "../tasks/expect-outputs.ts";
import type { Task } from "../tasks/task.ts";
import type { ExpectedSet } from "../tasks/tensor-set.ts";
import { findDisagreement } from "../verify/compare.ts";
import { defaultLimits, Interpreter, type OngoingRun, type StreamNumbers } from "../verify/interpret.ts";
import type { Verifier } from "../verify/verifier.ts";
import { Arena } from "./arena.ts";
import { hashNumbers } from "./hash-numbers.ts";
import { type KnownValue, type Move, Moves } from "./moves.ts";

/** How long to look. */
export interface EnumerateOptions {
  /** Most operators applied; 10 million unless given. */
  readonly maximumApplications?: number;
  /** Most operators of a program, without Copies; 20 unless given. */
  readonly maximumOperators?: number;
  /** Asked now and then: whether to give up. */
  readonly expired?: () => boolean;
}

/** What was found. */
export interface Enumeration {
  /** A program that the verifier passed. */
  readonly program: OpProgram | undefined;
  /** Operators applied to values. */
  readonly applications: number;
  /** Different values found. */
  readonly values: number;
  /** Operators of the largest programs looked at. */
  readonly size: number;
  readonly stop: "solved" | "applications" | "operators" | "expired";
}

/** Numbers of the largest stream that is looked at: one that has every axis of the task once. */
function largestStream(sizes: Sizes): number {
  return Math.max(
    128,
    Object.values(sizes).reduce((product, size) => product * size, 1),
  );
}

/**
 * Looks for a program that `verifier` passes. The same task and options give the same answer, unless `expired` cuts the
 * search short.
 *
 * @throws {AsplError} `tensor-sets` if the task has no reference program to draw expected outputs with.
 */
export function enumerate(verifier: Verifier, options: EnumerateOptions = {}): Enumeration {
  const search = new Search(verifier, options);
  const stop = search.run();
  return { program: search.solution, applications: search.applications, values: search.count, size: search.size, stop };
}

/** Small sizes, all different, odd where the task's are odd: what differs there differs in general. */
function smallSizes({ dims }: Task): Sizes {
  let [odd, even] = [3, 2];
  const sizes: Record<string, number> = {};
  for (const [symbol, size] of Object.entries(dims)) {
    if (symbol === "E") sizes[symbol] = size;
    else if (size % 2 === 1) {
      sizes[symbol] = odd;
      odd += 2;
    } else {
      even += 2;
      sizes[symbol] = even;
    }
  }
  return sizes;
}

class Search {
  solution: OpProgram | undefined;
  applications = 0;
  size = 0;
  readonly #verifier: Verifier;
  readonly #task: Task;
  readonly #options: EnumerateOptions;
  readonly #set: ExpectedSet;
  readonly #run: OngoingRun;
  readonly #arena = new Arena();
  readonly #largest: number;
  readonly #types = new Map<string, ValueType>();
  readonly #moves: Moves;
  /** Values by the number of operators that make them. */
  readonly #levels: KnownValue[][] = [[]];
  /** Values by what could be read before them, and by size. */
  readonly #partners = new Map<string, (KnownValue[] | undefined)[]>();
  readonly #seen = new Set<string>();
  /** The operators of all values kept, by number. */
  readonly #made: (readonly Op[])[] = [];
  /** Values that agree with each output on the small set. */
  readonly #candidates: KnownValue[][];
  #stop: Enumeration["stop"] | undefined;

  constructor(verifier: Verifier, options: EnumerateOptions) {
    this.#verifier = verifier;
    this.#task = verifier.task;
    this.#options = options;
    this.#set = expectOutputs(this.#task, drawSet(this.#task, smallSizes(this.#task), 1));
    this.#largest = largestStream(this.#set.sizes);
    this.#run = new Interpreter(this.#task, this.#set).begin(this.#types, defaultLimits, (numbers) => {
      return this.#arena.take(numbers);
    });
    this.#moves = new Moves(this.#task);
    this.#candidates = this.#task.outputs.map(() => []);
  }

  get count(): number {
    return this.#seen.size;
  }

  run(): Enumeration["stop"] {
    for (const { name, elem, shape } of this.#task.inputs) {
      this.#types.set(name, { elem, shape });
      this.#keep({ name, type: { elem, shape }, made: [] });
    }
    const most = this.#options.maximumOperators ?? 20;
    while (this.#stop === undefined) {
      this.size++;
      if (this.size > most) return "operators";
      this.#levels.push([]);
      this.#grow(this.size);
    }
    return this.#stop;
  }

  /** Applies every move that makes a program of `size` operators. */
  #grow(size: number): void {
    for (const value of this.#levels[size - 1]!) {
      for (const move of this.#moves.unary(value)) this.#try(move, value.made);
      if (this.#stop !== undefined) return;
    }
    // A route is three operators: what it reads may be smaller by as much.
    for (const apart of [1, 3]) this.#pair(size, size - apart);
  }

  /** Moves on two values whose operators together are `together`. */
  #pair(size: number, together: number): void {
    for (let most = 0; most <= together; most++) {
      for (const left of this.#levels[most]!) {
        for (const key of this.#moves.partnersOf(left)) {
          const partners = this.#partners.get(key);
          if (partners !== undefined) this.#meet({ left, partners, key, size, together });
          if (this.#stop !== undefined) return;
        }
      }
    }
  }

  #meet(meeting: {
    readonly left: KnownValue;
    readonly partners: readonly (readonly KnownValue[] | undefined)[];
    readonly key: string;
    readonly size: number;
    readonly together: number;
  }): void {
    const { left, partners, key, size, together } = meeting;
    for (let least = Math.max(0, together - left.made.length); least <= together; least++) {
      for (const right of partners[least] ?? []) {
        const made = union(left.made, right.made);
        if (made.length !== together) continue;
        for (const move of this.#moves.binary(left, right, key)) {
          if (move.ops.length === size - together) this.#try(move, made);
        }
      }
    }
  }

  #try(move: Move, made: readonly number[]): void {
    if (this.#stop !== undefined || this.#tired()) return;
    this.applications++;
    const name = `v${this.#made.length}`;
    const ops = move.ops.map((op): Op => ({ ...op, in: op.in.map(rename), out: op.out.map(rename) }));
    const kept = this.#apply(ops);
    if (kept === undefined) this.#arena.release();
    else {
      this.#arena.keep();
      const number = this.#made.length;
      this.#made.push(ops);
      // A route counts as the three operators that it is.
      const numbers = ops.map((_, index) => number + index);
      for (let extra = 1; extra < ops.length; extra++) this.#made.push([]);
      this.#keep({ name, type: kept, made: [...made, ...numbers] });
    }
    for (const op of ops) {
      for (const out of op.out) {
        if (out === name && kept !== undefined) continue;
        this.#types.delete(out);
        this.#run.values.delete(out);
      }
    }

    function rename(value: string): string {
      if (value === "new") return name;
      return value === "sent" || value === "served" ? `${name}_${value}` : value;
    }
  }

  /** The type of the new value if it is one that was not known. */
  #apply(ops: readonly Op[]): StreamType | undefined {
    // What a run may compute in all is no concern here: streams are small.
    this.#run.restart();
    for (const op of ops) {
      const types = typeOperator(op, this.#task, this.#types);
      if (typeof types === "string") return undefined;
      this.#types.set(op.out[0]!, types[0]!);
      if (this.#tooLarge(types[0]!)) return undefined;
      if (this.#run.step(op) !== undefined) return undefined;
    }
    const name = ops.at(-1)!.out[0]!;
    const type = this.#types.get(name) as StreamType;
    const numbers = this.#run.values.get(name) as StreamNumbers;
    const key = `${printElem(type.elem)}|${type.shape.join()}|${hashNumbers(numbers)}`;
    if (this.#seen.has(key)) return undefined;
    this.#seen.add(key);
    return type;
  }

  #tooLarge(type: ValueType): boolean {
    if (!("elem" in type)) return false;
    const { sizes } = this.#set;
    const dims = leavesOf(type.elem).map((leaf) => leafSize(leaf, sizes) ?? 1);
    const elements = type.shape.reduce((product, dim) => product * (sizeOf(dim, sizes) ?? 1), 1);
    return elements * Math.max(...dims) > this.#largest;
  }

  #keep(value: KnownValue): void {
    const size = value.made.length;
    this.#levels[size]!.push(value);
    for (const key of this.#moves.keysOf(value)) {
      const levels = this.#partners.get(key) ?? [];
      this.#partners.set(key, levels);
      levels[size] ??= [];
      levels[size].push(value);
    }
    const numbers = this.#run.values.get(value.name) as StreamNumbers;
    for (const [index, output] of this.#task.outputs.entries()) {
      const sameType =
        printElem(output.elem) === printElem(value.type.elem) && output.shape.join() === value.type.shape.join();
      if (!sameType || !matches(this.#set, index, numbers)) continue;
      this.#candidates[index]!.push(value);
      this.#propose(index);
    }
  }

  /** Judges the programs that the newest candidate for an output completes. */
  #propose(newest: number): void {
    const choices = this.#candidates.map((all, index) => (index === newest ? all.slice(-1) : all.slice(0, 1)));
    if (choices.some((all) => all.length === 0)) return;
    const chosen = choices.map((all) => all[0]!);
    const numbers = new Set(chosen.flatMap(({ made }) => made));
    const ops = [...numbers].toSorted((a, b) => a - b).flatMap((number) => this.#made[number]!);
    const inputs = this.#task.inputs.map(({ name }) => name);
    const bare = withoutDeadOperators({ ops, returns: chosen.map(({ name }) => name) });
    const program = insertCopies(bare, "strict", inputs);
    if (this.#verifier.verify(program).verdict !== "ok") return;
    this.solution = program;
    this.#stop = "solved";
  }

  #tired(): boolean {
    if (this.applications >= (this.#options.maximumApplications ?? 1e7)) this.#stop = "applications";
    else if (this.applications % 256 === 255 && this.#options.expired?.()) this.#stop = "expired";
    return this.#stop !== undefined;
  }
}

function matches(set: ExpectedSet, output: number, numbers: StreamNumbers): boolean {
  return set.outputs[output]!.every(({ values }, part) => findDisagreement(numbers[part]!, values) === undefined);
}

/** The numbers in either of two ascending lists, ascending. */
function union(a: readonly number[], b: readonly number[]): number[] {
  const all: number[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [x, y] = [a[i] ?? Number.POSITIVE_INFINITY, b[j] ?? Number.POSITIVE_INFINITY];
    all.push(Math.min(x, y));
    if (x <= y) i++;
    if (y <= x) j++;
  }
  return all;
}
