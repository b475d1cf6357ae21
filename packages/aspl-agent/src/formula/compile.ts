/** Turns a task function into steps over typed arrays; equal subformulas are computed once. */
import { nearest } from "@millrace/ir-text";
import { AsplError } from "../errors.ts";
import { type Sizes, sizeOf } from "../program/dim.ts";
import { type Elem, type Leaf, leavesOf } from "../program/element-type.ts";
import type { Task, TaskFn, TaskParam } from "../tasks/task.ts";
import type { TensorSet } from "../tasks/tensor-set.ts";
import { arithmetic } from "./arithmetic.ts";
import { arrayOf, describeShape, type FormulaArray, numberOf } from "./array.ts";
import { operationsOf } from "./operations.ts";
import { type BinaryOperator, type Formula, parseFormula } from "./parse.ts";
import type { Step } from "./step.ts";
import { vocabulary } from "./vocabulary.ts";

/**
 * A function at given sizes. Fill `x` (and `state`) or point them at numbers, call `run`, read `results` or point them
 * where the numbers should go beforehand; no result is another array of the function, or another result.
 */
export interface CompiledFn {
  readonly name: string;
  /** The parts of the element it takes. */
  readonly x: readonly FormulaArray[];
  /** The parts of a fold's state; none for a map. */
  readonly state: readonly FormulaArray[];
  /** The parts of the result, parallel to the leaves of its type; a fold's next state. */
  readonly results: readonly FormulaArray[];
  readonly params: ReadonlyMap<string, FormulaArray>;
  /** Numbers computed by one run. */
  readonly work: number;
  /** Floating-point operations of one run. */
  readonly flops: number;
  readonly run: () => void;
}

/** What a function is compiled for. */
export interface FnContext {
  readonly sizes: Sizes;
  readonly params: readonly TaskParam[];
}

/** @throws {AsplError} `formula` if a formula cannot be read, names what is not there, or does not fit its types. */
export function compileFn(fn: TaskFn, context: FnContext): CompiledFn {
  const wanted = leavesOf(fn.out);
  if (fn.expr.length !== wanted.length) {
    throw new AsplError("formula", `its result has ${wanted.length} parts, and it has ${fn.expr.length} formulas`);
  }
  if (fn.kind === "fold" && fn.init.length !== wanted.length) {
    throw new AsplError("formula", `its state has ${wanted.length} parts, and init has ${fn.init.length} numbers`);
  }
  const compiler = new Compiler(fn, context);
  const results = fn.expr.map((text, part) => {
    const result = compiler.array(parseFormula(text));
    const shape = shapeOf(wanted[part]!, context.sizes);
    if (!sameShape(result.shape, shape)) {
      const given = describeShape(result.shape);
      throw new AsplError(
        "formula",
        `'${text.slice(0, 60)}' gives ${given} where its type has ${describeShape(shape)}`,
      );
    }
    return compiler.apart(result);
  });
  const { steps, x, state, params, flops } = compiler;
  const work = steps.reduce((sum, { result }) => sum + result.size, 1);
  const run = (): void => {
    for (let i = 0; i < steps.length; i++) steps[i]!.run();
  };
  return { name: fn.name, x, state, results, params, work, flops, run };
}

/** The functions of a task by name, at the sizes of a set and with its parameters. @throws {AsplError} `formula` as above. */
export function compileFns(task: Task, set: Pick<TensorSet, "sizes" | "params">): ReadonlyMap<string, CompiledFn> {
  const context = { sizes: set.sizes, params: task.params };
  return new Map(
    task.fns.map((fn) => {
      const compiled = compileFn(fn, context);
      for (const [name, array] of compiled.params) array.values = set.params[name]!.values;
      return [fn.name, compiled];
    }),
  );
}

class Compiler {
  readonly steps: Step[] = [];
  flops = 0;
  readonly x: readonly FormulaArray[];
  readonly state: readonly FormulaArray[];
  readonly params = new Map<string, FormulaArray>();
  readonly #context: FnContext;
  readonly #arrays = new Map<string, FormulaArray>();
  readonly #given = new Set<FormulaArray>();

  constructor(fn: TaskFn, context: FnContext) {
    this.#context = context;
    const arrays = (elem: Elem): FormulaArray[] => leavesOf(elem).map((leaf) => arrayOf(shapeOf(leaf, context.sizes)));
    this.x = arrays(fn.in);
    this.state = fn.kind === "fold" ? arrays(fn.out) : [];
  }

  array(formula: Formula): FormulaArray {
    let found = this.#arrays.get(formula.key);
    if (found === undefined) {
      found = this.#make(formula);
      this.#arrays.set(formula.key, found);
    }
    return found;
  }

  /** The array itself if a step makes it and no other part of the result is it; otherwise a copy, which may be put anywhere. */
  apart(array: FormulaArray): FormulaArray {
    const own = this.steps.some(({ result }) => result === array) && !this.#given.has(array);
    this.#given.add(array);
    if (own) return array;
    const result = arrayOf(array.shape);
    return this.#step({ result, run: () => copy(result, array, 0) });
  }

  #make(formula: Formula): FormulaArray {
    switch (formula.kind) {
      case "number":
        return numberOf(formula.value);
      case "symbol":
        return this.#symbol(formula.name);
      case "part":
        return this.#part(formula.of, formula.index);
      case "param":
        return this.#param(formula.name);
      case "element":
        return this.#element(this.array(formula.of), formula);
      case "negate":
        return this.#arithmetic([arrayOf([]), this.array(formula.of)], "-");
      case "binary":
        return this.#arithmetic([this.array(formula.left), this.array(formula.right)], formula.operator);
      case "call":
        return this.#call(formula.name, formula.args);
    }
  }

  #step(step: Step): FormulaArray {
    this.steps.push(step);
    return step.result;
  }

  #arithmetic(arrays: readonly FormulaArray[], operator: BinaryOperator): FormulaArray {
    const result = this.#step(arithmetic(operator, arrays));
    this.flops += result.size;
    return result;
  }

  #symbol(name: string): FormulaArray {
    const size = sizeOf(name, this.#context.sizes);
    if (size === undefined) throw new AsplError("formula", unknown("symbol", name, Object.keys(this.#context.sizes)));
    return numberOf(size);
  }

  #part(of: "x" | "s", index: number): FormulaArray {
    const parts = of === "x" ? this.x : this.state;
    const part = parts[index];
    if (part !== undefined) return part;
    const what = of === "x" ? "its argument" : "its state";
    throw new AsplError("formula", `there is no ${of}[${index}]: ${what} has ${parts.length} parts`);
  }

  #param(name: string): FormulaArray {
    const known = this.params.get(name);
    if (known !== undefined) return known;
    const declared = this.#context.params.find((param) => param.name === name);
    if (declared === undefined) {
      const names = this.#context.params.map((param) => param.name);
      throw new AsplError("formula", unknown("parameter", name, names));
    }
    const array = arrayOf(declared.shape.map((dim) => sizeOf(dim, this.#context.sizes) ?? 0));
    this.params.set(name, array);
    return array;
  }

  #element(of: FormulaArray, { index, key }: { readonly index: number; readonly key: string }): FormulaArray {
    const count = of.shape.at(-1);
    if (count === undefined || index >= count) {
      throw new AsplError("formula", `'${key.slice(0, 60)}' takes element ${index} of ${describeShape(of.shape)}`);
    }
    const result = arrayOf(of.shape.slice(0, -1));
    const run = (): void => copy(result, of, index * result.size);
    return this.#step({ result, run });
  }

  #call(name: string, args: readonly Formula[]): FormulaArray {
    const called = vocabulary.get(name);
    if (called === undefined) throw new AsplError("formula", unknown("function", name, [...vocabulary.keys()]));
    if (args.length !== called.arity) {
      throw new AsplError("formula", `${name} takes ${called.arity} arguments, not ${args.length}`);
    }
    const arrays = args.map((arg) => this.array(arg));
    const result = this.#step(called.make(arrays, name));
    this.flops += operationsOf(name, arrays, result);
    return result;
  }
}

function copy(to: FormulaArray, from: FormulaArray, skip: number): void {
  for (let i = 0; i < to.size; i++) to.values[to.start + i] = from.values[from.start + skip + i]!;
}

function unknown(what: string, name: string, known: readonly string[]): string {
  const close = nearest(name, known);
  return `there is no ${what} '${name}'; ${close === undefined ? `known are ${known.join(", ") || "none"}` : `did you mean '${close}'?`}`;
}

function shapeOf(leaf: Leaf, sizes: Sizes): readonly number[] {
  return leaf.dims.map((dim) => {
    const size = sizeOf(dim, sizes);
    if (size === undefined) throw new AsplError("formula", `the axis '${dim}' has no size`);
    return size;
  });
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}
