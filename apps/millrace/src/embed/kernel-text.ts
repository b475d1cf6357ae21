/** Compiled kernels of embedding operations as text. */
import { defaultRunAheadLines, nestKernel, operationKernel } from "@millrace/ember-dae";
import { emitC, emitWasm, type Nest, printWat } from "@millrace/loop-ir";
import { MillraceError } from "../errors.ts";
import type { NamedProgram } from "./load-programs.ts";

/** The kernel of a program, for rows of `width` elements where the model does not say how many. */
export function kernelText(program: NamedProgram, target: "c" | "wat", given?: number): string {
  const nest = nestOf(program, target, given);
  return target === "c" ? emitC([nest], { checked: false }).text : printWat(emitWasm(nest, { checked: false }).bytes);
}

function nestOf({ name, program, operation, width }: NamedProgram, target: "c" | "wat", given?: number): Nest {
  const elements = width ?? given;
  if (operation === undefined) {
    const kernel = nestKernel(program);
    if (kernel !== undefined) return kernel.nest;
    throw new MillraceError("argument", `${name} has vectors or queues, or computes with halves: there is no kernel`, {
      help: "loop nests and programs of the slc level are compiled; --emit dlc lowers any program",
    });
  }
  if (elements === undefined) {
    throw new MillraceError("argument", `${name}: the elements of a row are not known before it runs`, {
      help: "a kernel is specialised to them: give --width N",
    });
  }
  const [vectorBytes, runAheadLines] = target === "c" ? ([64, defaultRunAheadLines] as const) : ([16, 0] as const);
  return operationKernel(operation, { width: elements, vectorBytes, runAheadLines });
}
