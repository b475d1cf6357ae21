/** Reads schedules from YAML, of which JSON is a part. Every refusal points at the text it is about. */
import { type Diagnostic, DiagnosticBag, DiagnosticError, nearest, type Source, type Span } from "@millrace/ir-text";
import * as v from "valibot";
import { type Document, isNode, parseDocument } from "yaml";
import type { EinsumProgram } from "../program/program.ts";
import { completeSchedule } from "./complete-schedule.ts";
import type { FusionSchedule } from "./schedule.ts";

const LONGEST = 1 << 20;
const names = v.array(v.string());
const count = v.pipe(v.number(), v.integer(), v.minValue(1));

const lane = v.strictObject({
  variable: v.string(),
  factor: v.pipe(count, v.maxValue(1024)),
  balance: v.optional(v.picklist(["turns", "work"])),
});

const region = v.strictObject({
  name: v.string(),
  tensors: v.pipe(names, v.minLength(1)),
  order: v.optional(names),
  orders: v.optional(v.record(v.string(), names)),
  parallel: v.optional(v.array(lane)),
});

const schedule = v.strictObject({
  regions: v.optional(v.array(region), []),
  formats: v.optional(v.record(v.string(), v.string())),
  block: v.optional(v.pipe(count, v.maxValue(64))),
  memory: v.optional(v.string()),
  locate: v.optional(v.boolean()),
  results: v.optional(v.picklist(["auto", "compressed"])),
});

/** Every key that a schedule may have, at any depth. */
const keys = [schedule, region, lane].flatMap(({ entries }) => Object.keys(entries));

/**
 * Reads a schedule for `program`. Statements in no region stand alone.
 *
 * @throws {DiagnosticError} for text that is no YAML, keys and values that mean nothing, and names the program lacks
 */
export function readSchedule(source: Source, program: EinsumProgram): FusionSchedule {
  if (source.text.length > LONGEST) fail("a schedule is at most a megabyte of text", spanOf(source, [0, 1]));
  const document = parsed(source);
  const result = v.safeParse(schedule, document.toJS({ maxAliasCount: 100 }) ?? {});
  const place = (path: readonly (string | number)[]): Span => placeOf(source, document, path);
  if (!result.success) {
    const faults = result.issues.map((issue): Diagnostic => {
      const path = issue.path?.map(({ key }) => key as string | number) ?? [];
      return fault(`${path.join(".") || "the schedule"}: ${reasonOf(issue)}`, place(path));
    });
    throw new DiagnosticError(faults);
  }
  const bag = new DiagnosticBag();
  const complete = completeSchedule(result.output as FusionSchedule, program, {
    report: (message, path, help) => bag.report({ ...fault(message, place(path)), ...(help && { help }) }),
  });
  bag.throwIfFailed();
  return complete;
}

function parsed(source: Source): Document {
  let document: Document;
  try {
    document = parseDocument(source.text, { logLevel: "error", prettyErrors: false });
  } catch (cause) {
    // The parser recurses: a text nested ten thousand deep ends here.
    return fail(`not YAML: ${(cause as Error).message}`, spanOf(source, [0, 1]));
  }
  const [error] = document.errors;
  if (error !== undefined) fail(`not YAML: ${error.message.split("\n", 1)[0]}`, spanOf(source, error.pos));
  return document;
}

function reasonOf(issue: v.BaseIssue<unknown>): string {
  if (issue.expected === "never") {
    const key = String(issue.path?.at(-1)?.key);
    const near = nearest(key, keys);
    return near === undefined ? "unknown key" : `unknown key; did you mean ${near}?`;
  }
  if (issue.received === "undefined") return "it is missing";
  return issue.message.replace(/^Invalid [a-z]+: /, "").replace(/^Expected/, "expected");
}

function placeOf(source: Source, document: Document, path: readonly (string | number)[]): Span {
  for (let depth = path.length; depth >= 0; depth--) {
    const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return spanOf(source, [node.range[0], node.range[1]]);
  }
  return spanOf(source, [0, 1]);
}

function spanOf(source: Source, [start, end]: readonly [number, number]): Span {
  return { source, start, end: Math.max(end, start) };
}

function fault(message: string, span: Span): Diagnostic {
  return { severity: "error", code: "schedule-invalid", message, span };
}

function fail(message: string, span: Span): never {
  throw new DiagnosticError([fault(message, span)]);
}
