/** STeP programs by file: program text, or JSON. */
import { type Program, parseProgram, programFromJson } from "@millrace/step-ir";
import { MillraceError } from "../errors.ts";
import { readText } from "../files/read.ts";

/**
 * Reads a program, named from `folder`; JSON is told by its first character.
 *
 * @throws {MillraceError} `file-missing`, `file-unreadable`, `file-kind`
 * @throws {DiagnosticError} for faults in text, {StepError} for faults in JSON
 */
export function loadProgram(folder: string, name: string): Program {
  const text = readText(folder, name);
  if (!/^\s*\{/.test(text)) return parseProgram({ name, text });
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new MillraceError("file-kind", `${name} is not JSON: ${(cause as Error).message}`, { cause });
  }
  return programFromJson(document);
}
