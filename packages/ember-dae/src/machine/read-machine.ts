/** Machines from files: a machine by name, and what is different. */
import { nearest } from "@millrace/ir-text";
import type { Machine } from "./machine.ts";
import { machineNamed, machineNames } from "./presets.ts";

/** Keys and places in lists that lead to a value. */
export type ValuePath = readonly (string | number)[];

/** Told what is wrong and where; it throws. */
export type Refusal = (path: ValuePath, message: string, help?: string) => never;

interface Range {
  readonly least: number;
  readonly most: number;
  readonly whole: boolean;
}

const whole = (least: number, most: number): Range => ({ least, most, whole: true });
const real = (least: number, most: number): Range => ({ least, most, whole: false });

// By key, wherever it stands. Numbers of other keys are at least 0.
const ranges: Readonly<Record<string, Range>> = {
  clockGigahertz: real(0.001, 1000),
  layers: whole(1, 64),
  streamBytesPerLane: whole(64, 2 ** 30),
  outstandingLines: whole(1, 2 ** 20),
  writeBytesPerCycle: real(1, 2 ** 20),
  chunkBytes: whole(1, 2 ** 30),
  chunks: whole(1, 2 ** 20),
  secondBytes: whole(0, 2 ** 34),
  secondCycles: whole(1, 1e6),
  lastBytes: whole(0, 2 ** 34),
  lastCycles: whole(1, 1e6),
  vectorBytes: whole(1, 4096),
  instructionsPerCycle: real(0.01, 1000),
  reorderBuffer: whole(1, 1e6),
  loadQueue: whole(1, 1e6),
  firstMisses: whole(1, 1e6),
  secondMisses: whole(1, 1e6),
  memoryGigabytesPerSecond: real(0.001, 1e6),
  cacheGigabytesPerSecond: real(0.001, 1e6),
  gigaflops: real(0.001, 1e9),
  processors: whole(1, 1e6),
  warpsPerProcessor: whole(1, 1e6),
  runAheadRows: whole(0, 1e6),
};
const otherwise = real(0, 1e12);

const words: Readonly<Record<string, readonly string[]>> = { entry: ["last", "hinted"] };
const laneCounts = [2, 4, 8, 16];

/**
 * The machine that a value describes: `base` names a machine, all other keys replace what it has there.
 *
 * `refuse` is told the first fault.
 *
 * @example
 * const machine = readMachine({ base: "dae", queue: { chunks: 4 } }, (path, message) => { throw new Error(message); });
 * machine.kind === "dae" && machine.queue // => { chunkBytes: 2048, chunks: 4 }
 */
export function readMachine(value: unknown, refuse: Refusal): Machine {
  if (!isRecord(value)) return refuse([], "a machine is a mapping of keys to values", `for example base: dae`);
  const { base, name, ...changes } = value;
  if (typeof base !== "string" || !machineNames.includes(base)) {
    const close = typeof base === "string" ? nearest(base, machineNames) : undefined;
    const help = close === undefined ? `machines are ${machineNames.join(", ")}` : `did you mean ${close}?`;
    return refuse(base === undefined ? [] : ["base"], "base must be the name of a machine", help);
  }
  if (name !== undefined && typeof name !== "string") return refuse(["name"], "name must be a text");
  const machine = changed(machineNamed(base), changes, { path: [], refuse }) as unknown as Machine;
  return { ...machine, name: name ?? `${machine.name}, changed` };
}

interface Place {
  readonly path: ValuePath;
  readonly refuse: Refusal;
}

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function changed(base: object, changes: Fields, { path, refuse }: Place): Fields {
  const known = Object.keys(base).filter((key) => key !== "kind" && key !== "name");
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(changes)) {
    const here = { path: [...path, key], refuse };
    if (!known.includes(key)) {
      const close = nearest(key, known);
      refuse(
        here.path,
        `unknown key ${key}`,
        close === undefined ? `keys are ${known.join(", ")}` : `did you mean ${close}?`,
      );
    }
    result[key] = changedValue(key, (base as Fields)[key], { value, here });
  }
  return result;
}

function changedValue(key: string, old: unknown, { value, here }: { value: unknown; here: Place }): unknown {
  if (Array.isArray(old)) return listOf(old, value, here);
  if (isRecord(old)) {
    if (!isRecord(value)) return here.refuse(here.path, `${key} must be a mapping of keys to values`);
    return changed(old, value, here);
  }
  const choices = words[key];
  if (choices !== undefined) {
    if (!choices.includes(String(value))) here.refuse(here.path, `${key} must be ${choices.join(" or ")}`);
    return value;
  }
  if (key === "lanes") {
    if (!laneCounts.includes(value as number)) here.refuse(here.path, `lanes must be ${laneCounts.join(", ")}`);
    return value;
  }
  return number(key, value, here);
}

// Entries of a list have all keys that those of the base have.
function listOf(old: readonly unknown[], value: unknown, { path, refuse }: Place): readonly unknown[] {
  if (!Array.isArray(value)) return refuse(path, "expected a list");
  return value.map((entry: unknown, at) => {
    const here = { path: [...path, at], refuse };
    if (!isRecord(entry)) return refuse(here.path, "expected a mapping of keys to values");
    const full = old[0] as object;
    for (const key of Object.keys(full)) if (!(key in entry)) refuse(here.path, `${key} is missing`);
    return changed(full, entry, here);
  });
}

function number(key: string, value: unknown, { path, refuse }: Place): number {
  const { least, most, whole: integer } = ranges[key] ?? otherwise;
  const right = typeof value === "number" && value >= least && value <= most && (!integer || Number.isInteger(value));
  if (!right) return refuse(path, `${key} must be ${integer ? "an integer" : "a number"} from ${least} to ${most}`);
  return value;
}
