/** The compiled kernel of any operation. */
import type { Nest } from "@millrace/loop-ir";
import type { Operation } from "../operation/operation.ts";
import { bagKernel } from "./bag-kernel.ts";
import { gatherKernel } from "./gather-kernel.ts";
import { pairKernel } from "./pair-kernel.ts";
import type { KernelOptions } from "./row-parts.ts";

/**
 * The loop nest of an operation for rows of one width, to be compiled with `checked: false`: it checks every offset and
 * every id itself, and ends with the reason `fault` at the first that is wrong.
 *
 * Buffers are those of {@link argumentNames}, scalars `rows` of the table and `bags`, or `count` of ids to gather; ids and
 * offsets of `index` are `i64`, and a gather copies words.
 */
export function operationKernel(operation: Operation, options: KernelOptions): Nest {
  if (operation.kind === "bag") return bagKernel(operation, options);
  return operation.kind === "gather" ? gatherKernel(operation, options) : pairKernel(operation, options);
}
