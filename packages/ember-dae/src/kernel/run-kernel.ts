/** Runs bags on compiled kernels. */
import type { KernelCompiler } from "@millrace/loop-ir";
import type { Instance } from "../operation/instance.ts";
import { argumentNames } from "../operation/operation.ts";
import { bagKernel } from "./bag-kernel.ts";

/** Lines that prefetches run ahead: the flat optimum between 64 and 128 for rows of 64 to 1024 bytes. */
export const defaultRunAheadLines = 96;

/**
 * Runs an instance on the target of a compiler and writes its output. Arguments are checked before anything is read.
 *
 * @throws {EmberError} `unsupported` for operations without a compiled kernel
 * @throws {LoopError} `argument` for ids and offsets outside of their ranges
 */
export function runKernel({ operation, memories }: Instance, compiler: KernelCompiler): void {
  const named = new Map(argumentNames(operation).map((name, place) => [name, memories[place]] as const));
  const [table, out] = [named.get("table"), named.get("out")];
  const vectorBytes = compiler.target === "c" ? 64 : 16;
  const width = out?.shape[1] ?? 0;
  const nest = bagKernel(operation, { width, vectorBytes, runAheadLines: defaultRunAheadLines });
  if (width === 0 || out === undefined || out.array.length === 0) return;
  const [kernel] = compiler.compile([nest]);
  const { heap } = compiler;
  const copies: Record<string, ReturnType<typeof heap.allocate>> = {};
  for (const [name, memory] of named) {
    if (memory !== undefined) copies[name] = heap.copy(memory.element as "f32", memory.array as ArrayLike<number>);
  }
  try {
    const rows = table?.shape[0] ?? 0;
    const given = { ...copies, bags: BigInt(out.shape[0] ?? 0), rows: operation.index === "i64" ? BigInt(rows) : rows };
    const bound = kernel?.bind(given);
    bound?.run({ units: 1 });
    bound?.release();
    (out.array as Float32Array).set(copies.out as Float32Array);
  } finally {
    for (const copy of Object.values(copies)) heap.free(copy);
  }
}
