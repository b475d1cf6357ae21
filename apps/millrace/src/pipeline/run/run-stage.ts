/** One run of one stage, in this thread or in one of its own; whatever goes wrong says which stage it was. */
import { DiagnosticError } from "@millrace/ir-text";
import { withExcerpt } from "../../cli/excerpt.ts";
import { type Fault, faultOf } from "../../cli/fault.ts";
import { MillraceError } from "../../errors.ts";
import type { JsonValue } from "../../terminal/json.ts";
import { kindNamed } from "../catalogue.ts";
import type { StagePlace } from "../stage-kind.ts";
import type { StageResult } from "../stage-result.ts";

/** A run as plain data, which can be passed to a thread. */
export interface StageTask {
  readonly name: string;
  readonly kind: string;
  readonly options: Readonly<Record<string, JsonValue | undefined>>;
  readonly inputs: Readonly<Record<string, JsonValue>>;
  readonly place: Pick<StagePlace, "folder" | "work" | "key">;
}

/** What a run may ask and tell. */
export type StageWatch = Pick<StagePlace, "now" | "stopRequested" | "begin" | "report">;

/** Runs a stage here; gives what went wrong as plain data. */
export async function attemptStage(
  task: StageTask,
  watch: StageWatch,
): Promise<StageResult | { readonly fault: Fault }> {
  const { kind, options, inputs, place } = task;
  try {
    return await kindNamed(kind)!.run({ options, inputs, place: { ...place, ...watch } });
  } catch (error) {
    return { fault: withExcerpt(faultOf(error), place.folder) };
  }
}

/** The error that a fault of a stage is. */
export function errorOfStage(name: string, { status, diagnostics }: Fault): Error {
  if (status === 130) return new MillraceError("interrupted", `interrupted in stage ${name}`);
  if (status !== 2) return new Error(`stage ${name}: ${diagnostics.map(({ message }) => message).join("\n")}`);
  const notes = [{ message: `in stage ${name}` }];
  return new DiagnosticError(diagnostics.map((each) => ({ ...each, notes: [...(each.notes ?? []), ...notes] })));
}
