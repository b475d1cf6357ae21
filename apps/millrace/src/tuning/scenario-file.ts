/** Scenario files, with their faults as diagnostics. */
import { checkScenario, checkT1, type Fault, isT1, type Scenario } from "@millrace/baco-tuner";
import { type Diagnostic, DiagnosticError, renderDiagnostics, type Source } from "@millrace/ir-text";
import type { Workplace } from "../cli/outcome.ts";

/** Reads a scenario; warnings are noted. @throws {DiagnosticError} with all faults of the text */
export function readScenarioText(source: Source, place: Pick<Workplace, "note">): Scenario {
  const { scenario, faults } = isT1(source.text) ? checkT1(source.text) : checkScenario(source);
  const diagnostics = faults.map((fault) => diagnosticOf(fault, source));
  const [errors, warnings] = [false, true].map((warning) =>
    diagnostics.filter(({ severity }) => (severity === "warning") === warning),
  );
  if (scenario === undefined) throw new DiagnosticError(errors!);
  if (warnings!.length > 0) place.note(renderDiagnostics(warnings!).trimEnd());
  return scenario;
}

function diagnosticOf({ severity, code, message, path, place, help }: Fault, source: Source): Diagnostic {
  const text = path === "" ? message : `${path}: ${message}`;
  if (place === undefined) return { severity, code, message: text, ...(help && { help }) };
  let line = 0;
  for (let passed = 1; passed < place.line; passed++) line = source.text.indexOf("\n", line) + 1;
  const start = line + place.column - 1;
  const span = { source, start, end: Math.min(source.text.length, start + place.length) };
  return { severity, code, message: text, span, ...(help && { help }) };
}
