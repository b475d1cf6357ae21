import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Fault } from "./fault.ts";

/** Larger files, and compressed ones, are told by line and column alone. */
const LARGEST_TEXT = 1 << 22;

/** Gives a fault in a text file the span it lacks, so that it is printed with its line and a caret. */
export function withExcerpt(fault: Fault, folder: string): Fault {
  const { place, diagnostics } = fault;
  const [diagnostic] = diagnostics;
  if (place === undefined || "offset" in place || diagnostic === undefined) return fault;
  const text = smallText(resolve(folder, place.file));
  if (text === undefined) return fault;
  const prefix = `${place.file}:${place.line}:${place.column}: `;
  if (!diagnostic.message.startsWith(prefix)) return fault;
  const start = offsetOf(text, place.line, place.column);
  const word = /^\S*/.exec(text.slice(start, start + 80))![0].length;
  const span = { source: { name: place.file, text }, start, end: start + word };
  return { ...fault, diagnostics: [{ ...diagnostic, message: diagnostic.message.slice(prefix.length), span }] };
}

// Latin-1 keeps one character for each byte, which is how readers count columns.
function smallText(path: string): string | undefined {
  try {
    if (statSync(path).size > LARGEST_TEXT) return undefined;
    const text = readFileSync(path, "latin1");
    return text.startsWith("\x1f\x8b") ? undefined : text;
  } catch {
    return undefined;
  }
}

function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let passed = 1; passed < line; passed++) {
    const end = text.indexOf("\n", start);
    if (end < 0) break;
    start = end + 1;
  }
  return Math.min(text.length, start + column - 1);
}
