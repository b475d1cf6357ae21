/**
 * Any program of the SCF or SLC level as a loop nest that is compiled: one statement for each operation, in order, so that
 * memories end with the bits that the interpreter leaves. Every index is checked on its axis before it is used.
 */
import { type BufferValue, type Value as Expression, type Nest, NestBuilder } from "@millrace/loop-ir";
import { type Program, type Value, walk } from "../../ir/op.ts";
import { asMemory, type Element } from "../../ir/types.ts";
import { kernelType } from "./nest-arithmetic.ts";
import { statements } from "./nest-statements.ts";

/** A memory of a kernel, with its extents. */
export interface KernelMemory {
  readonly buffer: BufferValue;
  readonly shape: readonly Expression[];
}

/** A nest and what each of its buffers holds, by the place of the program's argument. */
export interface NestKernel {
  readonly nest: Nest;
  readonly buffers: ReadonlyMap<number, BufferUse>;
}

/** How a memory is handed to a kernel. */
export interface BufferUse {
  /** Halves that are stored to are handed over as doubles, and rounded when the kernel has ended. */
  readonly element: Exclude<Element, "index">;
  readonly stored: boolean;
}

/** The names of a kernel's arguments. */
export const argumentName = (place: number): string => `a${place}`;
export const extentName = (place: number, axis: number): string => `a${place}_${axis}`;

/**
 * The nest of a program, to be compiled with `checked: false`; it ends with the reason `fault` where the interpreter would
 * end. Undefined where an operation has no scalar statement: vectors, queues, arithmetic on halves.
 */
export function nestKernel(program: Program): NestKernel | undefined {
  const b = new NestBuilder(program.name);
  const values = new Map<Value, Expression>();
  const memories = new Map<Value, KernelMemory>();
  const buffers = new Map<number, BufferUse>();
  const uses = usesOf(program);
  for (const [place, arg] of program.body.args.entries()) {
    const held = asMemory(arg.type);
    if (held === undefined) {
      if (arg.type !== "index") return undefined;
      values.set(arg, b.scalar(argumentName(place), kernelType(arg.type)));
      continue;
    }
    const stored = uses.stored.has(arg);
    const element = elementFor(held.element, stored);
    // What is rounded at the end cannot be read back before.
    if (element !== held.element && held.element !== "index" && uses.loaded.has(arg)) return undefined;
    const shape = Array.from({ length: held.rank }, (_, axis) => b.scalar(extentName(place, axis), "i64"));
    const extent = shape.reduce<Expression>((product, size) => b.multiply(product, size), b.i64(1));
    const buffer = b.buffer(argumentName(place), element, { access: stored ? "read-write" : "read", extent });
    memories.set(arg, { buffer, shape });
    buffers.set(place, { element, stored });
  }
  const scope = { b, values, memories, constants: new Map<Value, number>() };
  return statements(program.body, scope) ? { nest: b.finish(), buffers } : undefined;
}

function elementFor(element: Element, stored: boolean): BufferUse["element"] {
  if (element === "index") return "i64";
  return stored && (element === "f16" || element === "bf16") ? "f64" : element;
}

function usesOf(program: Program): { readonly loaded: Set<Value>; readonly stored: Set<Value> } {
  const [loaded, stored] = [new Set<Value>(), new Set<Value>()];
  for (const { name, operands } of walk(program.body)) {
    const [first, second] = operands;
    if (/\.(?:load|mem_stream)$/.test(name) && first !== undefined) loaded.add(first);
    if (/\.(?:store|store_stream)$/.test(name) && second !== undefined) stored.add(second);
  }
  return { loaded, stored };
}
