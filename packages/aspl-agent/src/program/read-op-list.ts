/** Reads operator lists: JSON objects `{"ops": [...], "ret": [...]}`. */
import { nearest } from "@millrace/ir-text";
import * as v from "valibot";
import { describeIssue, opListSchema, type RawOp, type RawOpList } from "../tasks/schema.ts";
import { arity, type Op, type OpName, type OpProgram, type Place } from "./program.ts";

/** Why a text is no program, and where: an operator of a list, or a place in a text. */
export interface ProgramFault {
  readonly message: string;
  readonly at?: number;
  readonly place?: Place;
}

/** A program, or why there is none. */
export type ReadProgram = { readonly program: OpProgram } | { readonly fault: ProgramFault };

/** A program from an operator list as parsed JSON; other fields beside `ops` and `ret` are passed over. */
export function readOpList(json: unknown): ReadProgram {
  const read = v.safeParse(opListSchema, json, { abortEarly: true, abortPipeEarly: true });
  if (!read.success) {
    const message = `an operator list is {"ops": [...], "ret": [...]}: ${describeIssue(read.issues[0])}`;
    const at = read.issues[0].path?.[1]?.key;
    return { fault: typeof at === "number" ? { message, at } : { message } };
  }
  return fromRawOps(read.output);
}

/** A program from a checked list. */
export function fromRawOps({ ops, ret }: RawOpList): ReadProgram {
  const built: Op[] = [];
  const made = new Set<string>();
  for (const [at, raw] of ops.entries()) {
    const op = toOp(raw);
    if (typeof op === "string") return { fault: { message: `operator ${at}: ${op}`, at } };
    for (const name of op.out) {
      if (made.has(name)) return { fault: { message: `operator ${at}: the value '${name}' is made twice`, at } };
      made.add(name);
    }
    built.push(op);
  }
  return { program: { ops: built, returns: ret } };
}

function toOp(raw: RawOp): Op | string {
  if (!Object.hasOwn(arity, raw.op)) {
    const close = nearest(raw.op, Object.keys(arity));
    return `there is no operator '${raw.op.slice(0, 40)}'; ${close ? `did you mean '${close}'?` : `known are ${Object.keys(arity).join(", ")}`}`;
  }
  const name = raw.op as OpName;
  for (const side of ["in", "out"] as const) {
    const wanted = arity[name][side];
    if (raw[side].length !== wanted) {
      return `${name} ${side === "in" ? "takes" : "makes"} ${wanted} value${wanted === 1 ? "" : "s"}, not ${raw[side].length}`;
    }
  }
  return settingsOf(name, raw);
}

function settingsOf(name: OpName, raw: RawOp): Op | string {
  const ends = { in: raw.in, out: raw.out };
  const missing = (setting: string): string => `${name} needs '${setting}'`;
  switch (name) {
    case "Map":
    case "Merge":
      return raw.fn === undefined ? missing("fn") : { ...ends, op: name, fn: raw.fn };
    case "Accum":
    case "Scan":
      if (raw.fn === undefined) return missing("fn");
      return raw.b === undefined ? missing("b") : { ...ends, op: name, fn: raw.fn, b: raw.b };
    case "Promote":
      return raw.b === undefined ? missing("b") : { ...ends, op: name, b: raw.b };
    case "Bufferize":
      return raw.a === undefined ? missing("a") : { ...ends, op: name, a: raw.a };
    case "Repeat":
    case "Partition":
      return raw.n === undefined ? missing("n") : { ...ends, op: name, n: raw.n };
    case "MapEach":
      return raw.fns === undefined ? missing("fns") : { ...ends, op: name, fns: raw.fns };
    case "Flatten": {
      const levels = raw.levels ?? (raw.level === undefined ? undefined : [raw.level]);
      return levels === undefined ? missing("level") : { ...ends, op: name, levels };
    }
    default:
      return { ...ends, op: name };
  }
}

/** The list as JSON has it; settings in the order of the files of the benchmark. */
export function writeOpList({ ops, returns }: OpProgram): unknown {
  const entries = ops.map((op) => {
    const { in: taken, out, ...settings } = op;
    if (op.op === "Flatten" && op.levels.length === 1) return { op: op.op, level: op.levels[0], out, in: taken };
    return { ...settings, out, in: taken };
  });
  return { ops: entries, ret: returns };
}
