/** Runs programs of the SCF and SLC levels compiled. */
import { type BufferArray, type KernelArguments, type KernelCompiler, LoopError } from "@millrace/loop-ir";
import { EmberError } from "../../errors.ts";
import { Slots } from "../../interpret/frame.ts";
import { enter, interpret } from "../../interpret/interpret.ts";
import { type Memory, valuesOf, writerOf } from "../../interpret/memory.ts";
import type { Program } from "../../ir/op.ts";
import { operationOfNest } from "../../raise/operation-of-nest.ts";
import { runKernel } from "../run-kernel.ts";
import { argumentName, type BufferUse, extentName, type NestKernel, nestKernel } from "./nest-kernel.ts";

/**
 * Runs a program on a compiled kernel, with the bits of {@link interpret}: on the operation's own where it has the form of a
 * bag, else statement by statement. False where it cannot be compiled, and then nothing was written.
 *
 * @throws {EmberError} as {@link runKernel} and {@link interpret}
 */
export function runNestKernel(
  program: Program,
  memories: readonly (Memory | number)[],
  compiler: KernelCompiler,
): boolean {
  if (runBag(program, memories, compiler)) return true;
  const kernel = nestKernel(program);
  if (kernel === undefined) return false;
  enter(program, memories, new Slots());
  try {
    runCompiled(kernel, memories, compiler);
  } catch (error) {
    // Nothing was written yet: the interpreter comes to the same fault, and says where it is.
    if (error instanceof LoopError && error.code === "fault") interpret(program, memories);
    throw error;
  }
  return true;
}

function runBag(program: Program, memories: readonly (Memory | number)[], compiler: KernelCompiler): boolean {
  const found = operationOfNest(program);
  if (found === undefined) return false;
  const { ptr, idx, val, table, out, bags } = found.places;
  const memory = (place: number) => memories[place] as Memory;
  const given = bags === undefined ? undefined : memories[bags];
  const [rows, width] = memory(out).shape;
  const counted = typeof given === "number" ? given : rows;
  const fits = counted === rows && memory(ptr).array.length === (rows ?? 0) + 1 && memory(table).shape[1] === width;
  const weighted = val === undefined || memory(val).array.length === memory(idx).array.length;
  if (!fits || !weighted) return false;
  const places = [ptr, idx, ...(val === undefined ? [] : [val]), table, out];
  runKernel({ operation: found.operation, memories: places.map(memory) }, compiler);
  return true;
}

function runCompiled(
  { nest, buffers }: NestKernel,
  memories: readonly (Memory | number)[],
  compiler: KernelCompiler,
): void {
  const { heap } = compiler;
  const given: Record<string, KernelArguments[string]> = {};
  const copies = new Map<number, BufferArray>();
  try {
    for (const [place, memory] of memories.entries()) {
      if (typeof memory === "number") {
        given[argumentName(place)] = wholeNumber(memory, place);
        continue;
      }
      for (const [axis, extent] of memory.shape.entries()) given[extentName(place, axis)] = BigInt(extent);
      const copy = copyOf(memory, place, { use: buffers.get(place) as BufferUse, heap });
      copies.set(place, copy);
      given[argumentName(place)] = copy;
    }
    const [kernel] = compiler.compile([nest], { checked: false });
    const bound = kernel?.bind(given);
    try {
      bound?.run({ units: 1 });
    } finally {
      bound?.release();
    }
    for (const [place, { stored }] of buffers)
      if (stored) takeBack(copies.get(place) as BufferArray, memories[place] as Memory);
  } finally {
    for (const copy of copies.values()) heap.free(copy);
  }
}

function copyOf(
  memory: Memory,
  place: number,
  { use, heap }: { readonly use: BufferUse; readonly heap: KernelCompiler["heap"] },
): BufferArray {
  if (use.element === memory.element) return heap.copy(use.element, memory.array as ArrayLike<number>);
  if (use.element === "f64") return heap.copy("f64", valuesOf(memory));
  const whole = BigInt64Array.from(memory.array as Float64Array, (value) => wholeNumber(value, place));
  return heap.copy("i64", whole);
}

function wholeNumber(value: number, place: number): bigint {
  if (Number.isSafeInteger(value)) return BigInt(value);
  throw new EmberError("operand-shape", `argument ${place} holds ${value}, expected whole numbers`);
}

function takeBack(copy: BufferArray, memory: Memory): void {
  const { array, element, shape } = memory;
  if (element === "f16" || element === "bf16" || element === "index") {
    const write = writerOf({ array, element, shape });
    for (let at = 0; at < array.length; at++) write(at, Number(copy[at]));
  } else array.set(copy as never);
}
