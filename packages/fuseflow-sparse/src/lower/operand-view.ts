/**
 * One use of a tensor in a product, and how far the compiler has walked into its levels.
 *
 * The reference stream is made on demand: a view that is located rather than scanned never asks for its root, and then
 * neither the root nor the repeats below it are built.
 */
import type { Access } from "@millrace/tensor";
import type { SamTensor } from "../sam/graph.ts";
import type { OutPort } from "./graph-builder.ts";

/** A stream that is built when it is first asked for. */
export type LazyPort = () => OutPort;

/** A use of a tensor while its product is being lowered. */
export interface OperandView {
  readonly access: Access;
  readonly tensor: SamTensor;
  /** Variable of each level, outermost first. */
  readonly variables: readonly string[];
  /** Levels walked so far; the next one to walk has this number. */
  depth: number;
  /** References into the level above `depth`, one for each iteration of the loops so far. */
  ref: LazyPort;
  /** Whether `ref` may hold empty references, because a union found no coordinate of this view. */
  maybeEmpty: boolean;
}

/** Whether the view has a level for `variable`. */
export function hasVariable(view: OperandView, variable: string): boolean {
  return view.variables.includes(variable);
}

/** Builds the stream once, at its first use. */
export function lazy(build: LazyPort): LazyPort {
  let built: OutPort | undefined;
  return () => {
    built ??= build();
    return built;
  };
}
