/**
 * What the enumerator may apply next to the values it has. Pruning rules: every stream operator is tried only where its
 * result can be of use to some function of the task or to an output, in kind if not in value; a Partition comes with the
 * functions of its experts and the Merge behind them.
 */
import { leavesOf, partsOf, printElem, type StreamType } from "../program/element-type.ts";
import type { Op } from "../program/program.ts";
import type { Task, TaskFn } from "../tasks/task.ts";

/** A value that the enumerator keeps. */
export interface KnownValue {
  readonly name: string;
  readonly type: StreamType;
  /** The operators that make it and what it is made of, ascending. */
  readonly made: readonly number[];
}

/** Operators to apply in order; the last makes the new value. */
export interface Move {
  readonly ops: readonly Op[];
  /** The values it reads. */
  readonly from: readonly KnownValue[];
}

/** An operator without what it reads and makes. */
type Settings<O> = O extends Op ? Omit<O, "in" | "out"> : never;

/** Longest stream shape that is explored. */
const mostAxes = 4;

/** The moves of a task. */
export class Moves {
  readonly #task: Task;
  readonly #maps: ReadonlyMap<string, readonly TaskFn[]>;
  readonly #folds: ReadonlyMap<string, readonly TaskFn[]>;
  /** For the beginning of a tuple that some function takes: the elements that make a longer beginning of it. */
  readonly #endings: ReadonlyMap<string, readonly string[]>;
  readonly #repeats: readonly string[];
  readonly #unpruned: boolean;

  /** With `unpruned`, whatever the types allow, of use or not. */
  constructor(task: Task, options: { readonly unpruned?: boolean } = {}) {
    this.#task = task;
    this.#unpruned = options.unpruned ?? false;
    this.#maps = byInput(task.fns.filter(({ kind }) => kind === "map"));
    this.#folds = byInput(task.fns.filter(({ kind }) => kind === "fold"));
    this.#endings = endingsOf(task.fns);
    const shapes = [...task.inputs, ...task.outputs].flatMap(({ shape, elem }) => [
      ...shape,
      ...leavesOf(elem).flatMap(({ dims }) => dims),
    ]);
    this.#repeats = Object.keys(task.dims).filter((symbol) => shapes.includes(symbol));
  }

  /** Moves that read one value. */
  *unary(value: KnownValue): Generator<Move> {
    const { elem, shape } = value.type;
    const rank = shape.length - 1;
    const key = printElem(elem);
    for (const fn of this.#maps.get(key) ?? []) yield one([value], { op: "Map", fn: fn.name });
    for (const fn of this.#folds.get(key) ?? []) {
      for (let b = 1; b <= rank; b++) {
        yield one([value], { op: "Accum", fn: fn.name, b });
        yield one([value], { op: "Scan", fn: fn.name, b });
      }
    }
    if (typeof elem === "object" && "buffer" in elem) yield one([value], { op: "Streamify" });
    for (let a = 1; a <= rank; a++) yield one([value], { op: "Bufferize", a });
    // An outermost axis of 1 lets whole streams be folded; Flatten takes it off again.
    const useful = shape.at(-1) !== "1";
    for (let b = this.#unpruned ? 0 : shape.length; b <= shape.length; b++) {
      if (shape.length < mostAxes && (useful || this.#unpruned)) yield one([value], { op: "Promote", b });
    }
    for (let level = 1; level <= rank; level++) {
      if (this.#unpruned || shape[level] === "1" || shape[level - 1] === "1")
        yield one([value], { op: "Flatten", levels: [level] });
    }
    if (shape.length >= mostAxes) return;
    for (const n of this.#repeats) yield one([value], { op: "Repeat", n });
  }

  /** Under what a value is found by those that could be read with it. */
  keysOf({ type: { elem, shape } }: KnownValue): readonly string[] {
    const keys = [`zip ${shape.join()} ${printElem(elem)}`, `repeat ${shape.slice(1).join()}`];
    if (this.#unpruned) keys.push(`zip ${shape.join()}`);
    if (this.#task.experts !== null && typeof elem === "object" && "multihot" in elem)
      keys.push(`route ${shape.join()}`);
    return keys;
  }

  /** The keys of values that could be read after a value. */
  partnersOf({ type: { elem, shape } }: KnownValue): readonly string[] {
    const parts = partsOf(elem).map(printElem);
    const zips = this.#unpruned
      ? [`zip ${shape.join()}`]
      : (this.#endings.get(parts.join(";")) ?? []).map((ending) => `zip ${shape.join()} ${ending}`);
    const repeats = shape.length < mostAxes ? [`repeat ${shape.join()}`] : [];
    const routes = this.#maps.has(printElem(elem)) ? shape.map((_, axis) => `route ${shape.slice(axis).join()}`) : [];
    return [...zips, ...repeats, ...routes];
  }

  /** Moves that read a value and one of the given key after it. */
  *binary(left: KnownValue, right: KnownValue, key: string): Generator<Move> {
    if (key.startsWith("zip")) yield one([left, right], { op: "Zip" });
    else if (key.startsWith("repeat")) yield one([left, right], { op: "RepeatRef" });
    else yield* this.#routes(left, right);
  }

  /** Partition by a choice, a function for each expert, and a Merge: all orders of functions that fit. */
  *#routes(value: KnownValue, selector: KnownValue): Generator<Move> {
    const experts = this.#task.experts ?? 0;
    const choice = selector.type.elem as { readonly multihot: string };
    for (const fns of arrangements(this.#maps.get(printElem(value.type.elem)) ?? [], experts)) {
      const result = printElem(fns[0]!.out);
      if (fns.some(({ out }) => printElem(out) !== result)) continue;
      for (const fold of this.#folds.get(result) ?? []) {
        yield {
          from: [value, selector],
          ops: [
            { op: "Partition", n: choice.multihot, in: [value.name, selector.name], out: ["sent"] },
            { op: "MapEach", fns: fns.map(({ name }) => name), in: ["sent"], out: ["served"] },
            { op: "Merge", fn: fold.name, in: ["served", selector.name], out: ["new"] },
          ],
        };
      }
    }
  }
}

function one(from: readonly KnownValue[], op: Settings<Op>): Move {
  return { from, ops: [{ ...op, in: from.map(({ name }) => name), out: ["new"] } as Op] };
}

function endingsOf(fns: readonly TaskFn[]): ReadonlyMap<string, readonly string[]> {
  const endings = new Map<string, Set<string>>();
  for (const { in: elem } of fns) {
    const parts = partsOf(elem);
    for (let cut = 1; cut < parts.length; cut++) {
      const beginning = parts.slice(0, cut).map(printElem).join(";");
      const found = endings.get(beginning) ?? new Set();
      endings.set(beginning, found);
      for (let end = cut + 1; end <= parts.length; end++) {
        const tuple = parts.slice(cut, end);
        found.add(printElem(tuple.length === 1 ? tuple[0]! : { tuple }));
      }
    }
  }
  return new Map([...endings].map(([beginning, found]) => [beginning, [...found]]));
}

function byInput(fns: readonly TaskFn[]): ReadonlyMap<string, readonly TaskFn[]> {
  const groups = new Map<string, TaskFn[]>();
  for (const fn of fns) {
    const key = printElem(fn.in);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [fn]);
    else group.push(fn);
  }
  return groups;
}

/** All ways to put `count` different functions in a row, in the order of the task first. */
function* arrangements(fns: readonly TaskFn[], count: number): Generator<readonly TaskFn[]> {
  if (count === 0) {
    yield [];
    return;
  }
  for (const [index, fn] of fns.entries()) {
    for (const rest of arrangements(fns.toSpliced(index, 1), count - 1)) yield [fn, ...rest];
  }
}
