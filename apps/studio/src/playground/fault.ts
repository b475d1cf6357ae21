/** Faults of the packages as the playground shows them. */
import { DiagnosticError } from "@millrace/ir-text";
import type { Part, PlaygroundFault } from "./answer.ts";

/** What went wrong, with the places in the expression that it is about. */
export function faultOf(error: unknown): PlaygroundFault {
  if (error instanceof DiagnosticError) {
    const spans = error.diagnostics.flatMap(({ span, message }) =>
      span === undefined ? [] : [{ start: span.start, end: span.end, message }],
    );
    return { text: error.message, spans };
  }
  const text = error instanceof Error ? error.message : String(error);
  return { text, spans: [], ...(error instanceof TensorFault && { tensor: error.tensor }) };
}

/** A fault of one tensor's format. */
export class TensorFault extends Error {
  override readonly name = "TensorFault";
  readonly tensor: string;

  constructor(tensor: string, cause: unknown) {
    super(`${tensor}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.tensor = tensor;
  }
}

/** The part that `make` makes, or why it cannot. */
export function partOf<Value>(make: () => Value): Part<Value> {
  try {
    return { ok: true, value: make() };
  } catch (error) {
    return { ok: false, fault: faultOf(error) };
  }
}
