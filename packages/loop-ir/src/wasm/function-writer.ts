import type { Nest } from "../nest/nest.ts";
import { elementBytes, isVector, lanesOf, type Type } from "../nest/types.ts";
import { ByteWriter, valueType, type WasmType } from "./encode.ts";
import { op } from "./opcodes.ts";

/** How many `v128` hold a value of `type`; 1 for a scalar. */
export function partsOf(type: Type): number {
  if (typeof type === "string") return 1;
  const bytes = isVector(type) ? elementBytes(type.lane) : type.bits / 8;
  return (bytes * lanesOf(type)) / 16;
}

/** The WebAssembly type of one part of a value. */
export function wasmType(type: Type): WasmType {
  if (typeof type === "object") return "v128";
  return type === "bool" ? "i32" : type;
}

/** Parameters of a unit that precede those of the nest: unit, units, worker. */
const leadingParameters = 3;

/** The instructions of the function for one unit, with its variables. */
export class FunctionWriter {
  readonly nest: Nest;
  readonly code: ByteWriter = new ByteWriter();
  /** Parameters after the leading ones: address and length of each buffer, then the scalars. */
  readonly parameters: readonly WasmType[];
  readonly #declared: WasmType[] = [];
  readonly #first: readonly number[];
  readonly #free = new Map<WasmType, number[]>();

  constructor(nest: Nest) {
    this.nest = nest;
    this.parameters = [
      "i32",
      "i32",
      "i32",
      ...nest.buffers.flatMap(() => ["i32", "i32"] as const),
      ...nest.scalars.map(({ type }) => wasmType(type)),
    ];
    this.#first = nest.locals.map(({ type }) => {
      const first = this.parameters.length + this.#declared.length;
      for (let part = 0; part < partsOf(type); part++) this.#declared.push(wasmType(type));
      return first;
    });
  }

  address(buffer: number): number {
    return leadingParameters + 2 * buffer;
  }

  lengthOf(buffer: number): number {
    return leadingParameters + 2 * buffer + 1;
  }

  scalar(scalar: number): number {
    return leadingParameters + 2 * this.nest.buffers.length + scalar;
  }

  local(local: number, part = 0): number {
    return this.#first[local]! + part;
  }

  get(variable: number): this {
    this.code.byte(op.localGet).unsigned(variable);
    return this;
  }

  set(variable: number): this {
    this.code.byte(op.localSet).unsigned(variable);
    return this;
  }

  tee(variable: number): this {
    this.code.byte(op.localTee).unsigned(variable);
    return this;
  }

  constant(value: number): this {
    this.code.byte(op.i32Const).signed(value);
    return this;
  }

  instruction(...bytes: readonly number[]): this {
    this.code.byte(...bytes);
    return this;
  }

  /** A vector instruction. */
  vector(instruction: number): this {
    this.code.byte(op.vector).unsigned(instruction);
    return this;
  }

  /** Lends a variable of a type to `body`; it may be reused afterwards. */
  temporary(type: WasmType, body: (variable: number) => void): void {
    const free = this.#free.get(type) ?? [];
    this.#free.set(type, free);
    const variable = free.pop() ?? this.parameters.length + this.#declared.push(type) - 1;
    body(variable);
    free.push(variable);
  }

  /** The function as it stands in the code section: declarations of variables, then instructions. */
  finish(): ByteWriter {
    const groups: { type: WasmType; count: number }[] = [];
    for (const type of this.#declared) {
      const last = groups.at(-1);
      if (last?.type === type) last.count++;
      else groups.push({ type, count: 1 });
    }
    const writer = new ByteWriter().unsigned(groups.length);
    for (const { type, count } of groups) writer.unsigned(count).byte(valueType[type]);
    return writer.bytes(this.code.finish());
  }
}
