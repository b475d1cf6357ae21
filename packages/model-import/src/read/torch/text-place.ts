/** Places in texts, and faults of the graph told as faults of the text. */
import { type DiagnosticBag, lineMapOf, type Span } from "@millrace/ir-text";
import { ModelError } from "../../errors.ts";
import type { Place } from "../../graph/place.ts";

/** Where a span begins. */
export function placeOf(span: Span, originalName?: string): Place {
  const { line, column } = lineMapOf(span.source).positionAt(span.start);
  return { file: span.source.name, line, column, ...(originalName === undefined ? {} : { originalName }) };
}

/** Runs `work`; what it refuses becomes a diagnostic at `span`, so that reading goes on and more faults are found. */
export function reported(bag: DiagnosticBag, span: Span, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    const message = error.message.replace(/^[^ ]*:\d+:\d+( \([^)]*\))?: /, "");
    bag.report({
      severity: "error",
      code: error.code,
      message,
      span,
      ...(error.help === undefined ? {} : { help: error.help }),
    });
  }
}
