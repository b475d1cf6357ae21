/** Runs operations on compiled kernels. */
import type { BufferArray, KernelArguments, KernelCompiler } from "@millrace/loop-ir";
import type { Memory } from "../interpret/memory.ts";
import type { Instance } from "../operation/instance.ts";
import { argumentNames, type Operation } from "../operation/operation.ts";
import { wordOf } from "./gather-kernel.ts";
import { locateFault } from "./locate-fault.ts";
import { operationKernel } from "./operation-kernel.ts";

/** Lines that prefetches run ahead: where the flat optimum begins on the machines that were measured. */
export const defaultRunAheadLines = 256;

/**
 * Runs an instance on the target of a compiler and writes its output. Offsets and ids are checked before a row is read.
 *
 * @throws {EmberError} `index-range`, `offsets` for ids and offsets outside of their ranges; part of the output may be written
 */
export function runKernel({ operation, memories }: Instance, compiler: KernelCompiler): void {
  const named = new Map(argumentNames(operation).map((name, place) => [name, memories[place] as Memory] as const));
  const out = named.get("out") as Memory;
  const width = (named.get("table") ?? named.get("y"))?.shape[1] ?? 0;
  const scalars = scalarsOf(operation, named);
  if (out.array.length === 0 || width === 0) {
    const [ptr, idx] = [named.get("ptr")?.array, named.get("idx")?.array as BufferArray];
    const fault = locateFault({ ptr, idx, rows: Number(scalars.rows) });
    if (fault !== undefined) throw fault;
    // Rows without elements have the product 0.
    if (operation.kind === "sddmm") out.array.fill(0 as never);
    return;
  }
  const vectorBytes = compiler.target === "c" ? 64 : 16;
  const nest = operationKernel(operation, { width, vectorBytes, runAheadLines: defaultRunAheadLines });
  const [kernel] = compiler.compile([nest], { checked: false });
  const { heap } = compiler;
  const copies = new Map([...named].map(([name, memory]) => [name, copyOf(operation, memory, heap)] as const));
  try {
    const given: KernelArguments = { ...Object.fromEntries(copies), ...scalars };
    const bound = kernel?.bind(given);
    try {
      bound?.run({ units: 1 });
    } catch (error) {
      const [ptr, idx] = [copies.get("ptr"), copies.get("idx") as BufferArray];
      throw locateFault({ ptr, idx, rows: Number(scalars.rows) }) ?? error;
    } finally {
      bound?.release();
    }
    const result = copies.get("out") as BufferArray;
    bytesOf(out.array).set(bytesOf(result));
  } finally {
    for (const copy of copies.values()) heap.free(copy);
  }
}

/** The scalars of an operation's kernel. */
function scalarsOf(
  operation: Operation,
  named: ReadonlyMap<string, Memory>,
): Record<string, bigint> & { rows: bigint } {
  const rows = (named.get("table") ?? named.get("y"))?.shape[0] ?? 0;
  const idx = named.get("idx")?.array.length ?? 0;
  if (operation.kind === "gather") return { rows: BigInt(Math.floor(rows / operation.block)), count: BigInt(idx) };
  return { rows: BigInt(rows), bags: BigInt((named.get("ptr")?.array.length ?? 1) - 1) };
}

// A gather takes words; ids that are `index` become 64-bit ones.
function copyOf(operation: Operation, memory: Memory, heap: KernelCompiler["heap"]): BufferArray {
  const { element, array, shape } = memory;
  if (element === "index") {
    return heap.copy(
      "i64",
      BigInt64Array.from(array as Float64Array, (value) => BigInt(value)),
    );
  }
  if (operation.kind !== "gather" || shape.length !== 2) return heap.copy(element, array as ArrayLike<number>);
  const word = wordOf(operation, shape[1] as number);
  const copy = heap.allocate(word, array.byteLength / (word === "i32" ? 4 : 1));
  bytesOf(copy).set(bytesOf(array));
  return copy;
}

function bytesOf({ buffer, byteOffset, byteLength }: BufferArray | Memory["array"]): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
