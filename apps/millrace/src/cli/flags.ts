/** Flags that every command takes, and parsers for the kinds of values that flags have. */
import type { FlagParametersForType } from "@stricli/core";
import { MillraceError } from "../errors.ts";
import type { ErrorFormat } from "./fault.ts";
import type { Invocation } from "./outcome.ts";

/** The flags every command takes. */
export interface CommonFlags {
  readonly json?: boolean | undefined;
  readonly out?: string | undefined;
  readonly seed: number;
  readonly quiet?: boolean | undefined;
  readonly errorFormat: ErrorFormat;
}

/** Definitions of {@link CommonFlags}. */
export const commonFlags: FlagParametersForType<CommonFlags, Invocation> = {
  json: { kind: "boolean", brief: "Print one JSON document on stdout", optional: true, withNegated: false },
  out: {
    kind: "parsed",
    parse: String,
    brief: "Also keep the results in this folder",
    placeholder: "DIR",
    optional: true,
  },
  seed: {
    kind: "parsed",
    parse: integerFrom(0, 0xffff_ffff),
    brief: "Seed of everything drawn at random",
    placeholder: "N",
    default: "0",
  },
  quiet: { kind: "boolean", brief: "No progress, no notes", optional: true, withNegated: false },
  errorFormat: { kind: "enum", values: ["text", "json"], brief: "How faults are printed on stderr", default: "text" },
};

/** A parser of integers between two bounds. */
export function integerFrom(least: number, most: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new MillraceError("argument", `must be an integer ${range}, not "${text}"`);
  };
}

/** A stretch of a run. */
export interface CycleWindow {
  readonly from: number;
  readonly until: number;
}

/** Parses `FROM:UNTIL`. */
export function parseWindow(text: string): CycleWindow {
  const [, from, until] = /^(\d{1,15}):(\d{1,15})$/.exec(text) ?? [];
  if (from !== undefined && until !== undefined && Number(from) < Number(until)) {
    return { from: Number(from), until: Number(until) };
  }
  throw new MillraceError("argument", `must be FROM:UNTIL in cycles, not "${text}"`, { help: "for example 0:20000" });
}

/** Refuses a stretch of a timeline that nobody asked for. @throws {MillraceError} `argument` */
export function checkWindow(flags: CommonFlags & { readonly timeline?: string; readonly window?: CycleWindow }): void {
  if (flags.window === undefined || flags.timeline !== undefined) return;
  throw new MillraceError("argument", "--window is of a timeline, and none is written", {
    help: "name its file with --timeline FILE",
  });
}

/** A name and what it is bound to. */
export interface Binding {
  readonly name: string;
  readonly value: string;
}

/** A parser of `NAME=VALUE`; `example` shows a right one. */
export function bindingLike(example: string): (text: string) => Binding {
  return (text) => {
    const equals = text.indexOf("=");
    const name = text.slice(0, Math.max(0, equals));
    const value = text.slice(equals + 1);
    if (/^[A-Za-z_][\w.]*$/.test(name) && value !== "") return { name, value };
    throw new MillraceError("argument", `must be NAME=VALUE, not "${text}"`, { help: `for example ${example}` });
  };
}

/** Bindings as a table; refuses two values for one name. */
export function bindingTable(flag: string, bindings: readonly Binding[]): Map<string, string> {
  const table = new Map<string, string>();
  for (const { name, value } of bindings) {
    const other = table.get(name);
    if (other !== undefined)
      throw new MillraceError("argument", `${flag} binds ${name} twice: to ${other} and to ${value}`);
    table.set(name, value);
  }
  return table;
}

/** The text of `--help` below the usage line: what the command does, then examples. */
export function describe(what: string, examples: readonly string[]): string {
  return [what, "", examples.length === 1 ? "EXAMPLE" : "EXAMPLES", ...examples.map((line) => `  ${line}`)].join("\n");
}
