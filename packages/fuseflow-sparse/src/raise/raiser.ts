/** The state of raising a model: values, statements to be, operands. */

import { FuseflowError } from "../errors.ts";
import type { ProgramExpression, ProgramStatement } from "../program/program.ts";
import { type Dimension, dimension, extentOf, leaves, unify } from "./atoms.ts";
import { type ModelGraph, type Node, printPlace, type SizeBindings, tryEvaluateShape } from "./model-types.ts";
import type { OperandSource } from "./raised-model.ts";

/** A tensor of the program seen under the dimensions of a model's value. */
export interface TensorView {
  readonly kind: "tensor";
  readonly tensor: string;
  readonly dimensions: readonly Dimension[];
  /** For each dimension the places of its atoms among the indices of the tensor; known once all reshapes are. */
  readonly places: () => readonly (readonly number[])[];
}

/** A value of a model while it is raised. */
export type RaisedValue =
  | TensorView
  | { readonly kind: "constant"; readonly value: number; readonly shape: readonly number[] }
  /** One row of an edge list. */
  | { readonly kind: "index"; readonly from: string; readonly row: number }
  | {
      readonly kind: "gathered";
      readonly of: TensorView;
      readonly index: Extract<RaisedValue, { readonly kind: "index" }>;
    }
  /** True where a mask is zero. */
  | { readonly kind: "unmasked"; readonly mask: string };

/** Variables for each dimension: one for each of its atoms. */
export type Variables = readonly (readonly string[])[];

/** Words that mean something in the text of a program. */
const reserved: ReadonlySet<string> = new Set([
  ...["relu", "leakyrelu", "exp", "log", "sqrt", "tanh", "erf", "sin", "cos", "rsqrt", "sigmoid"],
  ...["max", "sum", "softmax", "input", "output", "fuse", "program"],
]);

/** An input of the program to be. */
export interface OperandDraft {
  readonly dimensions: readonly Dimension[];
  readonly source: OperandSource;
}

/** Collects what a program is made of. */
export class Raiser {
  readonly graph: ModelGraph;
  readonly values: Map<string, RaisedValue> = new Map();
  readonly operands: Map<string, OperandDraft> = new Map();
  /** The places of each tensor under its own dimensions: a view that has them is the tensor itself. */
  readonly plainPlaces: Map<string, TensorView["places"]> = new Map();
  readonly #sizes: SizeBindings;
  readonly #emitters: (() => ProgramStatement)[] = [];
  readonly #names = new Map<string, number>();

  constructor(graph: ModelGraph, sizes: SizeBindings) {
    this.graph = graph;
    this.#sizes = sizes;
  }

  /** Extents of a value. @throws {FuseflowError} `model-unsupported` where one is not known */
  shape(name: string, node: Node | null): readonly number[] {
    const shape = tryEvaluateShape(this.graph.values.get(name)?.shape, this.#sizes);
    if (shape !== undefined) return shape;
    throw this.refusal(node, `the size of ${name} is not known; give inputs that decide it`);
  }

  refusal(node: Node | null, why: string): FuseflowError {
    const where = node === null ? "" : `${printPlace(node.place)}: ${node.op} ${node.name}: `;
    return new FuseflowError("model-unsupported", `${where}${why}`);
  }

  /** A name for a tensor of the program, made of letters, digits and _. */
  name(wanted: string): string {
    const word = wanted.replace(/\W+/g, "_").replace(/^(?=\d)/, "t");
    const plain = reserved.has(word) ? `${word}_1` : word;
    const taken = this.#names.get(plain) ?? 0;
    this.#names.set(plain, taken + 1);
    return taken === 0 ? plain : `${plain}_${taken + 1}`;
  }

  /** A tensor of the program with dimensions of these extents. */
  fresh(wanted: string, shape: readonly number[]): TensorView {
    const view = whole(this.name(wanted), shape.map(dimension));
    this.plainPlaces.set(view.tensor, view.places);
    return view;
  }

  /** An input of the program. */
  operand(wanted: string, shape: readonly number[], source: OperandSource): TensorView {
    const view = this.fresh(wanted, shape);
    this.operands.set(view.tensor, { dimensions: view.dimensions, source });
    return view;
  }

  /** Makes dimensions the same that are known to fit. */
  join(a: Dimension, b: Dimension): void {
    if (!unify(a, b)) throw new TypeError("dimensions of a copy do not fit");
  }

  /** Makes dimensions the same. @throws {FuseflowError} `model-unsupported` where their splits do not fit */
  same(a: Dimension, b: Dimension, node: Node): void {
    const [left, right] = [extentOf(a), extentOf(b)];
    if (left !== right) throw this.refusal(node, `a dimension of ${left} meets one of ${right}`);
    if (unify(a, b)) return;
    throw this.refusal(node, "it regroups dimensions in a way that does not divide them evenly");
  }

  /** Adds a statement, made once all dimensions are known. */
  emit(result: TensorView, make: (variables: Variables) => ProgramExpression): void {
    this.#emitters.push(() => {
      const variables = letters(result.dimensions, 0);
      return { tensor: result.tensor, indices: variables.flat(), expression: make(variables) };
    });
  }

  statements(): readonly ProgramStatement[] {
    return this.#emitters.map((emit) => emit());
  }
}

/** A tensor under its own dimensions. */
function whole(tensor: string, dimensions: readonly Dimension[]): TensorView {
  const places = (): number[][] => {
    let next = 0;
    return dimensions.map((each) => leaves(each).map(() => next++));
  };
  return { kind: "tensor", tensor, dimensions, places };
}

const alphabet = "ijklmnopqrstuvwxyz";

/** Names for the atoms of dimensions, from letter number `first` on. */
export function letters(dimensions: readonly Dimension[], first: number): Variables {
  return dimensions.map((each, at) => {
    const letter = alphabet[(first + at) % alphabet.length]!;
    const parts = leaves(each);
    return parts.map((_, part) => (parts.length === 1 ? letter : `${letter}${part}`));
  });
}

/** The access of a view under variables for its dimensions. */
export function access(view: TensorView, variables: Variables): ProgramExpression {
  const indices: string[] = [];
  for (const [at, places] of view.places().entries()) {
    for (const [part, place] of places.entries()) indices[place] = variables[at]![part]!;
  }
  return { kind: "access", tensor: view.tensor, indices };
}
