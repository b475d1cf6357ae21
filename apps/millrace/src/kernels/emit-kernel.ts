/** The text that `--emit` asks for: code of a back end, the loops, or the plan. */
import {
  emitC,
  emitCuda,
  emitWasm,
  emitWgsl,
  type Nest,
  narrowNest,
  printNest,
  printWat,
  simplify,
} from "@millrace/loop-ir";
import { explainStage, type KernelOutcome, nestsOf } from "@millrace/sparse-partitioner";
import type { EmittedForm } from "../commands/kernel/kernel-flags.ts";

/** What the code is for. */
export interface EmitOptions {
  readonly units: number;
  /** Whether sums may be reordered, and fused with products. */
  readonly fast: boolean;
}

/** The text of all stages that were run, in order. */
export function emittedText(form: EmittedForm, { stages }: KernelOutcome, { units, fast }: EmitOptions): string {
  if (form === "plan") return stages.map(({ runner, plan }) => explainStage(runner, plan)).join("\n");
  const nests = stages.flatMap(({ runner }) => nestsOf(runner, units));
  return emitted(form, nests, fast);
}

function emitted(form: Exclude<EmittedForm, "plan">, nests: readonly Nest[], fast: boolean): string {
  switch (form) {
    case "loops":
      return nests.map(printNest).join("\n");
    case "c":
      return (fast ? emitC(nests, { fast }) : emitC(nests.map((nest) => simplify(nest)))).text;
    case "wat":
      return nests.map((nest) => printWat(emitWasm(nest, { fast }).bytes)).join("\n");
    case "cuda":
      return nests.map((nest) => emitCuda(nest).text).join("\n");
    case "wgsl":
      // Shaders have 32-bit numbers only: what they compute is this kernel in single precision.
      return nests.map((nest) => emitWgsl(narrowNest(nest)).text).join("\n");
  }
}
