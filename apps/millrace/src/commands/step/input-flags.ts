/** Flags that give a program its sources, symbols and tensors. */
import type { Bindings, GivenSources, NestedNumbers } from "@millrace/step-ir";
import type { FlagParametersForType } from "@stricli/core";
import { type Binding, bindingTable } from "../../cli/flags.ts";
import type { Invocation } from "../../cli/outcome.ts";
import { MillraceError } from "../../errors.ts";
import { parseJson, readTrace } from "../../step/read-trace.ts";

/** What a program runs on. */
export interface InputFlags {
  readonly trace?: string | undefined;
  readonly source?: readonly Binding[] | undefined;
}

/** Definitions of {@link InputFlags}. */
export const inputFlags: FlagParametersForType<InputFlags, Invocation> = {
  trace: {
    kind: "parsed",
    parse: String,
    brief: "Numbers for all sources (.npz, .npy, .json), or {sources, symbols} in JSON",
    placeholder: "FILE",
    optional: true,
  },
  source: {
    kind: "parsed",
    parse: dottedBinding("x=1.2.S1.3.S2.D"),
    brief: "One source: a stream like 1.2.S1.3.S2.D, or @FILE",
    placeholder: "ID=STREAM",
    variadic: true,
    optional: true,
  },
};

/** A parser of `ID=VALUE` where a name may hold points, number signs and hyphens. */
export function dottedBinding(example: string): (text: string) => Binding {
  return (text) => {
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_.#-]*)=(.+)$/s.exec(text) ?? [];
    if (name !== undefined && value !== undefined) return { name, value };
    throw new MillraceError("argument", `must be NAME=VALUE, not "${text}"`, { help: `for example ${example}` });
  };
}

/** What the flags give. */
export interface GivenInputs {
  readonly sources: GivenSources;
  readonly symbols: Bindings;
}

/** Reads the files that the flags name. */
export async function readInputs(folder: string, flags: InputFlags): Promise<GivenInputs> {
  const sources: Record<string, NestedNumbers | string> = {};
  let symbols: Bindings = new Map();
  if (flags.trace !== undefined) {
    const document = flags.trace.toLowerCase().endsWith(".json") ? parseJson(folder, flags.trace) : undefined;
    if (holdsInputs(document)) {
      Object.assign(sources, document.sources ?? {});
      symbols = new Map(Object.entries(document.symbols ?? {}));
    } else sources["*"] = await readTrace(folder, flags.trace, anyKind);
  }
  for (const [id, value] of bindingTable("--source", flags.source ?? [])) {
    sources[id] = value.startsWith("@") ? await readTrace(folder, value.slice(1), anyKind) : value;
  }
  return { sources, symbols };
}

const anyKind = { holds: "list of lists of numbers", levels: 2, names: ["data", "indices", "topkIds"] } as const;

interface InputsDocument {
  readonly sources?: GivenSources;
  readonly symbols?: Readonly<Record<string, number | readonly number[]>>;
}

function holdsInputs(document: unknown): document is InputsDocument {
  if (typeof document !== "object" || document === null || Array.isArray(document)) return false;
  return "sources" in document || "symbols" in document;
}
