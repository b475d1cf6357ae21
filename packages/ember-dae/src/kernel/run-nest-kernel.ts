/** Runs loop nests that are operations on the operations' kernels. */
import type { KernelCompiler } from "@millrace/loop-ir";
import type { Memory } from "../interpret/memory.ts";
import type { Program } from "../ir/op.ts";
import { operationOfNest } from "../raise/operation-of-nest.ts";
import { runKernel } from "./run-kernel.ts";

/**
 * Runs a program of the SCF level on the kernel of the bag that it is, and writes its output; false where it is none, or
 * where its memories do not fit together as those of a bag do.
 *
 * @throws {EmberError} as {@link runKernel}
 */
export function runNestKernel(
  program: Program,
  memories: readonly (Memory | number)[],
  compiler: KernelCompiler,
): boolean {
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
