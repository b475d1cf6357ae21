/** One call of a PyTorch operator while it is brought to neutral operators. */
import { ModelError } from "../../errors.ts";
import type { Dtype } from "../../graph/dtype.ts";
import type { GraphBuilder } from "../../graph/graph-builder.ts";
import type { Attribute, Value } from "../../graph/model-graph.ts";
import type { Place } from "../../graph/place.ts";
import type { Size } from "../../graph/size.ts";

/** A call as a reader found it. Tensors are `{ value: name }`. */
export interface CallParts {
  /** `aten.matmul.default`. */
  readonly target: string;
  /** By parameter name. */
  readonly arguments: ReadonlyMap<string, Attribute>;
  readonly outputs: readonly string[];
  readonly place: Place;
}

const dtypeNames = new Set<string>(["f64", "f32", "f16", "bf16", "i64", "i32", "i16", "i8", "u8", "bool"]);

/** Whether an argument names a value. */
export function isValue(argument: Attribute | undefined): argument is { readonly value: string } {
  return typeof argument === "object" && argument !== null && !Array.isArray(argument) && "value" in argument;
}

/** Typed access to the arguments of a call, and the nodes it becomes. */
export class TorchCall {
  readonly target: string;
  readonly outputs: readonly string[];
  readonly place: Place;
  readonly builder: GraphBuilder;
  readonly #arguments: ReadonlyMap<string, Attribute>;

  constructor(builder: GraphBuilder, parts: CallParts) {
    this.builder = builder;
    this.target = parts.target;
    this.outputs = parts.outputs;
    this.place = parts.place;
    this.#arguments = parts.arguments;
  }

  argument(name: string): Attribute | undefined {
    return this.#arguments.get(name) ?? undefined;
  }

  /** A tensor; a number becomes a constant node. */
  tensor(name: string): string {
    const argument = this.argument(name);
    if (isValue(argument)) return argument.value;
    if (typeof argument === "number" || typeof argument === "boolean") return this.constant(argument);
    if (typeof argument === "object" && argument !== null && !Array.isArray(argument))
      return this.size(argument as Size);
    throw this.wrong(name, "a tensor");
  }

  optional(name: string): string | null {
    return this.argument(name) === undefined ? null : this.tensor(name);
  }

  tensors(name: string): (string | null)[] {
    const argument = this.argument(name);
    if (!Array.isArray(argument)) throw this.wrong(name, "a list of tensors");
    return argument.map((item: Attribute) => {
      if (item === null) return null;
      if (!isValue(item)) throw this.wrong(name, "a list of tensors");
      return item.value;
    });
  }

  integer(name: string, absent?: number): number {
    const argument = this.argument(name) ?? absent;
    if (typeof argument === "number" && Number.isInteger(argument)) return argument;
    throw this.wrong(name, "an integer");
  }

  number(name: string, absent?: number): number {
    const argument = this.argument(name) ?? absent;
    if (typeof argument === "number") return argument;
    if (typeof argument === "boolean") return Number(argument);
    throw this.wrong(name, "a number");
  }

  boolean(name: string, absent = false): boolean {
    const argument = this.argument(name) ?? absent;
    if (typeof argument === "boolean") return argument;
    if (argument === 0 || argument === 1) return argument === 1;
    throw this.wrong(name, "true or false");
  }

  text(name: string, absent?: string): string {
    const argument = this.argument(name) ?? absent;
    if (typeof argument === "string") return argument;
    throw this.wrong(name, "a string");
  }

  /** Axes or lengths; one integer stands for a list of one. */
  integers(name: string, absent?: readonly number[]): number[] {
    const argument = this.argument(name) ?? absent;
    const list = typeof argument === "number" ? [argument] : argument;
    if (Array.isArray(list) && list.every((item) => Number.isInteger(item))) return list as number[];
    throw this.wrong(name, "a list of integers");
  }

  /** Sizes, which may be symbolic or be computed by the model. */
  sizes(name: string): Attribute[] {
    const argument = this.argument(name);
    const list = Array.isArray(argument) ? (argument as readonly Attribute[]) : [argument as Attribute];
    if (list.every((item) => typeof item === "number" || (typeof item === "object" && item !== null))) {
      return list.map((item) => this.sizeOf(item));
    }
    throw this.wrong(name, "a list of sizes");
  }

  /** A size argument; a value that is known to be a size becomes that size. */
  sizeOf(item: Attribute): Attribute {
    return isValue(item) ? (this.builder.valueOf(item.value).size ?? item) : item;
  }

  dtype(name: string): Dtype | undefined {
    const argument = this.argument(name);
    if (argument === undefined) return undefined;
    if (typeof argument === "string" && dtypeNames.has(argument)) return argument as Dtype;
    throw this.wrong(name, "a dtype");
  }

  /** The rank of a value, if it is known. */
  rank(value: string): number | undefined {
    return this.builder.valueOf(value).shape?.length;
  }

  /** A scalar constant. */
  constant(value: number | boolean): string {
    const dtype: Dtype =
      typeof value === "boolean" ? "bool" : Number.isInteger(value) && !Object.is(value, -0) ? "i64" : "f32";
    return this.emit("full", [], { shape: [], value: Number(value), dtype }, { dtype, shape: [], layout: "strided" });
  }

  /** A scalar that is a symbolic size. */
  size(size: Size): string {
    return this.emit("size-value", [], { size }, { dtype: "i64", shape: [], layout: "strided", size });
  }

  /** A node on the way; gives the name of its result. */
  emit(
    op: string,
    inputs: readonly (string | null)[],
    attributes: Record<string, Attribute> = {},
    value?: Value,
  ): string {
    const output = this.builder.fresh(`${this.outputs[0] ?? op}.${op}`);
    if (value !== undefined) this.builder.value(output, value);
    this.builder.node({ op, inputs, attributes, outputs: [output], place: this.place });
    return output;
  }

  /** The node that gives the call's results. */
  result(op: string, inputs: readonly (string | null)[], attributes: Record<string, Attribute> = {}): void {
    this.builder.node({ op, inputs, attributes, outputs: this.outputs, place: this.place });
  }

  wrong(name: string, expected: string): ModelError {
    const found = JSON.stringify(this.argument(name))?.slice(0, 60) ?? "nothing";
    return new ModelError(
      "operator-arguments",
      `argument ${name} of ${this.target} must be ${expected}, not ${found}`,
      {
        place: this.place,
        help: "an integer that the model computes is not served here; export with static sizes",
      },
    );
  }

  /** A use of an operator that is known but not served. */
  unserved(what: string, help: string): ModelError {
    return new ModelError("operator-arguments", `${this.target} ${what}`, { place: this.place, help });
  }
}
