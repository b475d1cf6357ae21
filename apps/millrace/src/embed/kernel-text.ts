/** Compiled kernels of embedding operations as text. */
import { defaultRunAheadLines, operationKernel } from "@millrace/ember-dae";
import { emitC, emitWasm, printWat } from "@millrace/loop-ir";
import { MillraceError } from "../errors.ts";
import type { NamedProgram } from "./load-programs.ts";

/** The kernel of a program, for rows of `width` elements where the model does not say how many. */
export function kernelText({ name, operation, width }: NamedProgram, target: "c" | "wat", given?: number): string {
  const elements = width ?? given;
  if (operation === undefined) {
    throw new MillraceError("argument", `${name} is a loop nest that no kernel has the form of`, {
      help: "kernels are compiled for bags of rows; --emit dlc compiles any nest",
    });
  }
  if (elements === undefined) {
    throw new MillraceError("argument", `${name}: the elements of a row are not known before it runs`, {
      help: "a kernel is specialised to them: give --width N",
    });
  }
  const [vectorBytes, runAheadLines] = target === "c" ? ([64, defaultRunAheadLines] as const) : ([16, 0] as const);
  const nest = operationKernel(operation, { width: elements, vectorBytes, runAheadLines });
  return target === "c" ? emitC([nest], { checked: false }).text : printWat(emitWasm(nest, { checked: false }).bytes);
}
