/** Flags that the experiments of `step` share. */
import type { NestedNumbers, Settings, Strategy, Tiling } from "@millrace/step-ir";
import type { FlagParametersForType } from "@stricli/core";
import { integerFrom } from "../../../cli/flags.ts";
import type { Invocation, Workplace } from "../../../cli/outcome.ts";
import { MillraceError } from "../../../errors.ts";
import { lengthKind, readTrace, routingKind } from "../../../step/read-trace.ts";
import type { JsonValue } from "../../../terminal/json.ts";
import { type MachineFlags, machineFlags } from "../machine-flags.ts";

/** Flags of every experiment. */
export interface ExperimentFlags extends MachineFlags {
  readonly model: string;
  readonly trace: string;
  readonly settings: Settings;
  readonly computeBandwidth?: number | undefined;
  readonly batch?: number | undefined;
}

/** Definitions of {@link ExperimentFlags}. */
export const experimentFlags: FlagParametersForType<ExperimentFlags, Invocation> = {
  model: { kind: "parsed", parse: String, brief: "mixtral-8x7b or qwen3-30b-a3b", placeholder: "MODEL" },
  trace: {
    kind: "parsed",
    parse: String,
    brief: "Trace: .npz, .npy or .json; FILE#NAME picks a list",
    placeholder: "FILE",
  },
  settings: {
    kind: "enum",
    values: ["published", "equal"],
    brief: "Machines as published, or the same for all designs",
    default: "published",
  },
  computeBandwidth: {
    kind: "parsed",
    parse: integerFrom(1, 2 ** 30),
    brief: "Operations per cycle of each node that computes",
    placeholder: "N",
    optional: true,
  },
  batch: {
    kind: "parsed",
    parse: integerFrom(1, 2 ** 20),
    brief: "Take the first N entries of the trace",
    placeholder: "N",
    optional: true,
  },
  ...machineFlags,
};

/** A parser of lists separated by commas. */
export function listOf<T>(parse: (text: string) => T): (text: string) => readonly T[] {
  return (text) => text.split(",").map((part) => parse(part.trim()));
}

/** Parses `static:N` or `dynamic`. */
export function parseTiling(text: string): Tiling {
  if (text === "dynamic") return { kind: "dynamic" };
  const [, rows] = /^static:(\d{1,7})$/.exec(text) ?? [];
  if (rows !== undefined && Number(rows) >= 1) return { kind: "static", rows: Number(rows) };
  throw new MillraceError("argument", `must be static:N or dynamic, not "${text}"`, { help: "for example static:16" });
}

/** The name of a tiling. */
export function tilingName(tiling: Tiling): string {
  return tiling.kind === "static" ? `static:${tiling.rows}` : "dynamic";
}

/** The experts of each token of a trace. @throws {MillraceError} `file-kind` if it is none */
export async function readRouting(
  flags: ExperimentFlags,
  { host }: Workplace,
): Promise<readonly (readonly number[])[]> {
  const list = await readTrace(host.folder, flags.trace, routingKind);
  const rows = entriesOf(list, flags);
  if (rows.length > 0 && rows.every((row) => Array.isArray(row) && row.every((one) => typeof one === "number"))) {
    return rows as readonly (readonly number[])[];
  }
  throw new MillraceError("file-kind", `${flags.trace} is no routing trace: expected the experts of each token`);
}

/** The lengths of a trace. @throws {MillraceError} `file-kind` if it is none */
export async function readLengths(
  target: string,
  flags: Pick<ExperimentFlags, "batch">,
  { host }: Workplace,
): Promise<readonly number[]> {
  const list = await readTrace(host.folder, target, lengthKind);
  const lengths = entriesOf(list, { trace: target, ...flags });
  if (lengths.length > 0 && lengths.every((length) => typeof length === "number")) return lengths as readonly number[];
  throw new MillraceError("file-kind", `${target} is no trace of lengths: expected a number for each request`);
}

function entriesOf(
  list: NestedNumbers,
  { trace, batch }: { readonly trace: string; readonly batch?: number | undefined },
): readonly NestedNumbers[] {
  if (typeof list === "number") throw new MillraceError("file-kind", `${trace} holds a single number, expected a list`);
  if (batch === undefined) return list;
  if (batch <= list.length) return list.slice(0, batch);
  throw new MillraceError("argument", `--batch ${batch} is more than the ${list.length} entries of ${trace}`);
}

/** What of the flags decides the result of a point. */
export function machineKey(flags: ExperimentFlags): Record<string, JsonValue> {
  const { settings, memory, depth = null, computeBandwidth = null, quirk = [] } = flags;
  const quirks = quirk.map(({ name, value }) => `${name}=${value}`).sort();
  return { settings, memory, depth, computeBandwidth, quirks };
}

/** Parses a strategy of attention. */
export function parseStrategy(text: string): Strategy {
  if (text === "coarse" || text === "interleaved" || text === "dynamic") return text;
  throw new MillraceError("argument", `must be coarse, interleaved or dynamic, not "${text}"`);
}
