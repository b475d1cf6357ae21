import { lineMapOf } from "../line-map.ts";
import type { Span } from "../source.ts";
import type { Diagnostic, DiagnosticNote } from "./diagnostic.ts";
import { excerptOf } from "./excerpt.ts";
import { showable } from "./glyph.ts";
import { type Paint, paintFor } from "./paint.ts";

/** How diagnostics are written out. */
export interface RenderOptions {
  /** Whether to use terminal colours (ANSI escapes); false unless given. */
  readonly color?: boolean;
  /** Most diagnostics written; the rest are counted in a last line. 20 unless given. */
  readonly maximum?: number;
}

const defaultMaximum = 20;

/**
 * Diagnostics as text for people, each with its source line and carets below the place:
 *
 *     model.step:4:32: error: tile extent 48 does not divide 128
 *       4 |   %t = step.streamify %x tile [48, 128]
 *         |                                ^^
 *       note: 128 is the extent of dimension 1, declared at model.step:2:11
 *         2 | %x = input [64, 128]
 *           |                 ^^^
 *       help: 32 and 64 divide it
 *
 * Tabs are shown as four spaces and control characters as their pictures; of a line above 100 cells a window is shown;
 * of a span over several lines the first and the last line are. Ends without a line break; any span over any text renders.
 *
 * @example
 * ```ts
 * const span = { source: { name: "a.conf", text: "lanes = four" }, start: 8, end: 12 };
 * const fault = { severity: "error", code: "syntax", message: "expected a size", span };
 * renderDiagnostics([fault]).split("\n")[0]; // => "a.conf:1:9: error: expected a size"
 * ```
 */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: RenderOptions = {}): string {
  const paint = paintFor(options.color ?? false);
  const maximum = Math.max(1, options.maximum ?? defaultMaximum);
  const lines: string[] = [];
  for (const diagnostic of diagnostics.slice(0, maximum)) renderOne(diagnostic, paint, lines);
  if (diagnostics.length > maximum) lines.push(restLine(diagnostics.slice(maximum)));
  return lines.join("\n");
}

/** `FILE:LINE:COLUMN` of the start of a span. */
export function locationOf(span: Span): string {
  const { line, column } = lineMapOf(span.source).positionAt(span.start);
  return `${showable(span.source.name)}:${line}:${column}`;
}

function renderOne(diagnostic: Diagnostic, paint: Paint, lines: string[]): void {
  const { severity, span } = diagnostic;
  const place = span === undefined ? "" : `${paint.strong(locationOf(span))}: `;
  pushText(`${place}${paint[severity](`${severity}:`)} `, diagnostic.message, lines);
  if (span !== undefined) renderSnippet(span, "  ", paint, lines);
  for (const note of diagnostic.notes ?? []) renderNote(note, paint, lines);
  if (diagnostic.help !== undefined) pushText(`  ${paint.note("help:")} `, diagnostic.help, lines);
}

function renderNote({ message, span }: DiagnosticNote, paint: Paint, lines: string[]): void {
  const place = span === undefined ? "" : ` at ${locationOf(span)}`;
  pushText(`  ${paint.note("note:")} `, message + place, lines);
  if (span !== undefined) renderSnippet(span, "    ", paint, lines);
}

/** A message may hold line breaks; its further lines are indented so that they cannot pass for diagnostics. */
function pushText(prefix: string, message: string, lines: string[]): void {
  const [first = "", ...rest] = message.split(/\r\n|\r|\n/);
  lines.push((prefix + showable(first)).trimEnd());
  for (const line of rest) lines.push(`    ${showable(line)}`.trimEnd());
}

function renderSnippet(span: Span, indent: string, paint: Paint, lines: string[]): void {
  const map = lineMapOf(span.source);
  const start = map.clamp(span.start);
  const end = Math.max(start, map.clamp(span.end));
  const first = map.indexAt(start);
  // A span that ends with a line break ends on the line before it, not on the next.
  const last = map.indexAt(Math.max(start, end - 1));
  const digits = String(map.numberOf(last)).length;

  const renderLine = (index: number, from: number, to: number): void => {
    const lineStart = map.startOf(index);
    const lineEnd = map.endOf(index);
    const stretch = { lineStart, lineEnd, from: Math.min(from, lineEnd), to: Math.min(to, lineEnd) };
    const { shown, underline } = excerptOf({ text: span.source.text, ...stretch });
    const gutter = `${indent}${String(map.numberOf(index)).padStart(digits)} |`;
    lines.push(`${paint.gutter(gutter)} ${shown}`.trimEnd());
    lines.push(`${paint.gutter(`${indent}${" ".repeat(digits)} |`)} ${paint.mark(underline)}`);
  };

  renderLine(first, start, first === last ? end : map.endOf(first));
  if (first === last) return;
  if (last - first > 1) lines.push(paint.gutter(`${indent}${" ".repeat(digits)} …`));
  renderLine(last, firstVisible(span.source.text, map.startOf(last), end), end);
}

/** Offset of the first character in [start, end) that is no space or tab; `start` if there is none. */
function firstVisible(text: string, start: number, end: number): number {
  for (let offset = start; offset < end; offset++) {
    const character = text[offset];
    if (character !== " " && character !== "\t") return offset;
  }
  return start;
}

function restLine(rest: readonly Diagnostic[]): string {
  const errors = rest.filter((diagnostic) => diagnostic.severity === "error").length;
  const parts: string[] = [];
  if (errors > 0) parts.push(counted(errors, "error"));
  if (rest.length > errors) parts.push(counted(rest.length - errors, "warning"));
  return `and ${parts.join(" and ")} more`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
