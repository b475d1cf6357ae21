/**
 * Faults: whatever a command line can end with other than a result, as diagnostics and one exit status.
 *
 * Wrong input is 2 and says where; everything nobody expected is 1, a fault of ours, and asks to be reported.
 */
import {
  type Diagnostic,
  DiagnosticError,
  type DiagnosticJson,
  diagnosticsToJson,
  renderDiagnostics,
} from "@millrace/ir-text";
import type { FilePlace, TensorError } from "@millrace/tensor";
import { type ExitStatus, MillraceError } from "../errors.ts";

/** How faults are printed on stderr: as text with carets, or as one JSON document. */
export type ErrorFormat = "text" | "json";

/** Why a command line ended without a result. */
export interface Fault {
  readonly status: ExitStatus;
  readonly diagnostics: readonly Diagnostic[];
  /** Where in a file the only diagnostic lies, if it has no span of its own; its message begins with it. */
  readonly place?: FilePlace | undefined;
}

// The error classes of the packages below, tensor's aside: what they refuse is what the user asked for. They are known by
// name, so that a command loads the packages that it uses, and no more.
const refusals = new Set([
  "AsplError",
  "ChatError",
  "EmberError",
  "FuseflowError",
  "ModelError",
  "PartitionError",
  "SieveError",
  "SimError",
  "StepError",
  "StudioError",
  "SweepError",
  "TunerError",
]);

/** What a thrown value means for the user. */
export function faultOf(error: unknown): Fault {
  if (error instanceof MillraceError) {
    const status = error.code === "interrupted" ? 130 : 2;
    return { status, diagnostics: [diagnostic(error.code, error.message, error.help)], place: error.place };
  }
  if (error instanceof DiagnosticError) return { status: 2, diagnostics: error.diagnostics };
  if (isTensorError(error)) {
    return { status: 2, diagnostics: [diagnostic(error.code, error.message)], place: error.place };
  }
  if (error instanceof Error && refusals.has(error.name) && "code" in error) {
    const hint = hintOf(error);
    // The hint stands on a line of its own.
    const message = hint === undefined ? error.message : error.message.replace(` Hint: ${hint}.`, "");
    return { status: 2, diagnostics: [diagnostic(String(error.code), message, hint)] };
  }
  return internalFault(error);
}

function isTensorError(error: unknown): error is TensorError {
  return error instanceof Error && error.name === "TensorError";
}

/** What to do, where the error says it. */
function hintOf(error: Error): string | undefined {
  if ("help" in error && typeof error.help === "string") return error.help;
  if (!("place" in error) || typeof error.place !== "object" || error.place === null) return undefined;
  return "hint" in error.place && typeof error.place.hint === "string" ? error.place.hint : undefined;
}

/** The fault that a wrong command line is. */
export function usageFault(message: string, help?: string): Fault {
  return { status: 2, diagnostics: [diagnostic("argument", message, help)] };
}

/** A fault of ours, whatever was thrown. */
export function internalFault(error: unknown): Fault {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const help = "please report this, with the command line that led here";
  return { status: 1, diagnostics: [diagnostic("internal", `internal error: ${detail}`, help)] };
}

/** Faults as text, the way compilers print them; ends with a line break. */
export function renderFaults(faults: readonly Fault[], color: boolean): string {
  const diagnostics = faults.flatMap((fault) => fault.diagnostics);
  return `${renderDiagnostics(diagnostics, { color }).trimEnd()}\n`;
}

/** Faults as one JSON document, `{"status", "errors": [diagnostic…]}`; ends with a line break. */
export function faultsToJson(faults: readonly Fault[]): string {
  const errors = faults.flatMap(({ diagnostics, place }) =>
    diagnosticsToJson(diagnostics).map((each) => placed(each, place)),
  );
  return `${JSON.stringify({ status: statusOf(faults), errors })}\n`;
}

/** The exit status that faults end with: a fault of ours outweighs wrong input. */
export function statusOf(faults: readonly Fault[]): ExitStatus {
  const statuses = faults.map((fault) => fault.status);
  return statuses.includes(1) ? 1 : (statuses[0] ?? 0);
}

function placed(diagnostic: DiagnosticJson, place: FilePlace | undefined): DiagnosticJson {
  if (place === undefined || diagnostic.file !== null) return diagnostic;
  const { file } = place;
  if ("offset" in place) return { ...diagnostic, file };
  const { line, column } = place;
  return { ...diagnostic, file, line, column, endLine: line, endColumn: column };
}

function diagnostic(code: string, message: string, help?: string): Diagnostic {
  return { severity: "error", code, message, ...(help === undefined ? {} : { help }) };
}
