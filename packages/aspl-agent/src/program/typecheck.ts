/**
 * Types of all values of a program, operator by operator.
 *
 * Source: Zhang et al., "Adaptive Self-improvement LLM Agentic System for ML Library Development", arXiv 2502.02534, and
 * the operators of its published simulator. Stricter than the program: it also checks selectors and the axes that
 * Partition and Merge share, and takes repetition counts from the task's symbols alone.
 */
import { nearest } from "@millrace/ir-text";
import type { Task, TaskFn } from "../tasks/task.ts";
import { type Dim, multiplyDims, sizeOf } from "./dim.ts";
import {
  bufferOf,
  type Elem,
  joinElems,
  printElem,
  printStreamType,
  type StreamType,
  sameElem,
} from "./element-type.ts";
import type { Op, OpProgram } from "./program.ts";

/** What a name of a program stands for: a stream, or one stream for each expert. */
export type ValueType = StreamType | readonly StreamType[];

/** The types of a program's values, or the first operator that has none. */
export type Typed =
  | { readonly types: ReadonlyMap<string, ValueType> }
  | { readonly fault: { readonly at: number; readonly message: string } };

/** Thrown inside this file only. */
class TypeFault extends Error {}

/** Types of all values, inputs included; axes whose extent the data decide are `NAME#i`. */
export function typecheck({ ops }: OpProgram, task: Task): Typed {
  const types = new Map<string, ValueType>(task.inputs.map((input) => [input.name, input]));
  for (const [at, op] of ops.entries()) {
    const made = typeOperator(op, task, types);
    if (typeof made === "string") return { fault: { at, message: `${op.op}: ${made}` } };
    for (const [index, name] of op.out.entries()) {
      if (types.has(name)) return { fault: { at, message: `${op.op}: the value '${name}' is made twice` } };
      types.set(name, made[index]!);
    }
  }
  return { types };
}

/** The types of what one operator makes from values of given types, or why it makes nothing. */
export function typeOperator(op: Op, task: Task, types: ReadonlyMap<string, ValueType>): readonly ValueType[] | string {
  try {
    return new Checker(task, types).typesOf(op);
  } catch (error) {
    if (error instanceof TypeFault) return error.message;
    throw error;
  }
}

class Checker {
  readonly #task: Task;
  readonly #types: ReadonlyMap<string, ValueType>;

  constructor(task: Task, types: ReadonlyMap<string, ValueType>) {
    this.#task = task;
    this.#types = types;
  }

  typesOf(op: Op): readonly ValueType[] {
    switch (op.op) {
      case "Map":
        return [this.#map(this.#stream(op.in[0]!), op.fn)];
      case "Accum":
      case "Scan":
        return [this.#fold(op, this.#stream(op.in[0]!))];
      case "Zip":
        return [this.#zip(this.#stream(op.in[0]!), this.#stream(op.in[1]!))];
      case "Promote":
        return [this.#promote(this.#stream(op.in[0]!), op.b)];
      case "Flatten":
        return [this.#flatten(this.#stream(op.in[0]!), op.levels)];
      case "Repeat": {
        const { elem, shape } = this.#stream(op.in[0]!);
        return [{ elem, shape: [this.#symbol(op.n), ...shape] }];
      }
      case "RepeatRef":
        return [this.#repeatRef(this.#stream(op.in[0]!), this.#stream(op.in[1]!))];
      case "Bufferize":
        return [this.#bufferize(this.#stream(op.in[0]!), op.a)];
      case "Streamify":
        return [this.#streamify(this.#stream(op.in[0]!))];
      case "Copy": {
        const type = this.#stream(op.in[0]!);
        return [type, type];
      }
      case "Partition":
        return [this.#partition(op, this.#stream(op.in[0]!), this.#stream(op.in[1]!))];
      case "MapEach":
        return [this.#mapEach(this.#list(op.in[0]!), op.fns)];
      case "Merge":
        return [this.#merge(op.fn, this.#list(op.in[0]!), this.#stream(op.in[1]!))];
    }
  }

  #value(name: string): ValueType {
    const type = this.#types.get(name);
    if (type !== undefined) return type;
    const close = nearest(name, this.#types.keys());
    throw new TypeFault(`there is no value '${name}' here${close === undefined ? "" : `; did you mean '${close}'?`}`);
  }

  #stream(name: string): StreamType {
    const type = this.#value(name);
    if ("elem" in type) return type;
    throw new TypeFault(`'${name}' is a list of ${type.length} streams where one stream is needed`);
  }

  #list(name: string): readonly StreamType[] {
    const type = this.#value(name);
    if (!("elem" in type)) return type;
    throw new TypeFault(`'${name}' is one stream where the list of a Partition is needed`);
  }

  #fn(name: string, kind: TaskFn["kind"], given: Elem): TaskFn {
    const fn = this.#task.fns.find((one) => one.name === name);
    if (fn === undefined) {
      const names = this.#task.fns.map((one) => one.name);
      const close = nearest(name, names);
      throw new TypeFault(
        `the task has no function '${name}'; ${close ? `did you mean '${close}'?` : `it has ${names.join(", ")}`}`,
      );
    }
    if (fn.kind !== kind) throw new TypeFault(`'${name}' is a ${fn.kind} function, and a ${kind} function is needed`);
    if (!sameElem(fn.in, given)) {
      throw new TypeFault(`'${name}' takes ${printElem(fn.in)}, and the elements are ${printElem(given)}`);
    }
    return fn;
  }

  #map({ elem, shape }: StreamType, fn: string): StreamType {
    return { elem: this.#fn(fn, "map", elem).out, shape };
  }

  #fold(op: Op & { readonly op: "Accum" | "Scan" }, { elem, shape }: StreamType): StreamType {
    const { out } = this.#fn(op.fn, "fold", elem);
    expectWithin("b", op.b, 1, shape.length - 1, "the rank of the stream");
    return { elem: out, shape: op.op === "Accum" ? shape.slice(op.b) : shape };
  }

  #zip(left: StreamType, right: StreamType): StreamType {
    if (!sameShape(left.shape, right.shape)) {
      throw new TypeFault(`the streams differ in shape: ${printStreamType(left)} and ${printStreamType(right)}`);
    }
    return { elem: joinElems(left.elem, right.elem), shape: left.shape };
  }

  #promote({ elem, shape }: StreamType, b: number): StreamType {
    expectWithin("b", b, 0, shape.length, "the rank of the stream plus one");
    return { elem, shape: shape.toSpliced(b, 0, "1") };
  }

  #flatten({ elem, shape }: StreamType, levels: readonly number[]): StreamType {
    const [first] = levels;
    if (first === undefined || levels.some((level, index) => level !== first + index)) {
      throw new TypeFault(`the levels must follow each other, and [${levels.join(", ")}] do not`);
    }
    expectWithin("the first level", first, 1, shape.length - 1, "the rank of the stream");
    expectWithin("the last level", levels.at(-1)!, 1, shape.length - 1, "the rank of the stream");
    const merged = multiplyDims(...shape.slice(first - 1, first + levels.length));
    return { elem, shape: shape.toSpliced(first - 1, levels.length + 1, merged) };
  }

  #symbol(n: Dim): Dim {
    if (Object.hasOwn(this.#task.dims, n)) return n;
    throw new TypeFault(`n must be a symbol of the task, ${Object.keys(this.#task.dims).join(", ")}, not '${n}'`);
  }

  #repeatRef({ elem, shape }: StreamType, reference: StreamType): StreamType {
    if (!sameShape(reference.shape.slice(1), shape)) {
      throw new TypeFault(
        `the reference must have one axis more, inside the others: [${shape.join(", ")}] and [${reference.shape.join(", ")}] do not fit`,
      );
    }
    return { elem, shape: reference.shape };
  }

  #bufferize({ elem, shape }: StreamType, a: number): StreamType {
    expectWithin("a", a, 1, shape.length - 1, "the rank of the stream");
    return { elem: bufferOf(elem, shape.slice(0, a)), shape: shape.slice(a) };
  }

  #streamify({ elem, shape }: StreamType): StreamType {
    if (typeof elem === "object" && "buffer" in elem) return { elem: elem.buffer, shape: [...elem.dims, ...shape] };
    throw new TypeFault(`the elements must be buffers, and are ${printElem(elem)}`);
  }

  /** How many experts a selector chooses among. */
  #experts({ elem }: StreamType): number {
    if (typeof elem === "object" && "multihot" in elem) {
      const experts = sizeOf(elem.multihot, this.#task.dims);
      if (experts !== undefined) return experts;
    }
    throw new TypeFault(`the second stream must choose among experts, and its elements are ${printElem(elem)}`);
  }

  #partition(op: Op & { readonly op: "Partition" }, input: StreamType, selector: StreamType): readonly StreamType[] {
    const experts = this.#experts(selector);
    if (sizeOf(op.n, this.#task.dims) !== experts) {
      throw new TypeFault(`n is ${op.n}, and the selector chooses among ${experts} experts`);
    }
    const inner = input.shape.length - selector.shape.length;
    if (inner < 0 || !sameShape(input.shape.slice(inner), selector.shape)) {
      throw new TypeFault(
        `the outer axes must be those of the selector: ${printStreamType(input)} and ${printStreamType(selector)}`,
      );
    }
    const name = op.out[0]!;
    return Array.from({ length: experts }, (_, expert) => ({
      elem: input.elem,
      shape: [...input.shape.slice(0, inner), `${name}#${expert}`],
    }));
  }

  #mapEach(list: readonly StreamType[], fns: readonly string[]): readonly StreamType[] {
    if (fns.length !== list.length) throw new TypeFault(`${fns.length} functions for ${list.length} streams`);
    return list.map((stream, expert) => this.#map(stream, fns[expert]!));
  }

  #merge(name: string, list: readonly StreamType[], selector: StreamType): StreamType {
    const experts = this.#experts(selector);
    const first = list[0]!;
    if (list.length !== experts) throw new TypeFault(`${list.length} streams for ${experts} experts`);
    for (const { elem, shape } of list) {
      if (!sameElem(elem, first.elem)) {
        throw new TypeFault(`the streams differ in their elements: ${printElem(first.elem)} and ${printElem(elem)}`);
      }
      if (!sameShape(shape.slice(0, -1), first.shape.slice(0, -1))) {
        throw new TypeFault("the streams differ in their inner axes");
      }
    }
    const fn = this.#fn(name, "fold", first.elem);
    return { elem: fn.out, shape: [...first.shape.slice(0, -1), ...selector.shape] };
  }
}

function expectWithin(what: string, value: number, least: number, most: number, whose: string): void {
  if (value >= least && value <= most) return;
  if (most < least) throw new TypeFault(`${what} is ${value}, and the stream has rank ${most}: wrap it in a Promote`);
  throw new TypeFault(`${what} must be from ${least} to ${most}, ${whose}, not ${value}`);
}

function sameShape(a: readonly Dim[], b: readonly Dim[]): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}
