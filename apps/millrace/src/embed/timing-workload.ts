/** The operation, the ids and the extents that `embed simulate` times. */
import {
  bagsOf,
  EmberError,
  fibresFromOffsets,
  type Operation,
  type TableElement,
  type Workload,
} from "@millrace/ember-dae";
import { nearest } from "@millrace/ir-text";
import { MillraceError } from "../errors.ts";
import { loadTrace } from "./load-trace.ts";

/** Extents by name. */
export interface Dims {
  /** Rows of the table; one more than the largest id unless given. */
  readonly rows: number | undefined;
  readonly width: number;
  readonly bag: number;
  readonly block: number;
}

/** What was asked for. */
export interface WorkloadChoice {
  readonly operation: string;
  readonly trace: string;
  /** Take the first so many ids; all unless given. */
  readonly ids?: number | undefined;
  readonly offsets?: string | undefined;
  readonly dims: Dims;
  readonly type: TableElement;
}

const plain = { kind: "bag", weights: "none", reduce: "add", finish: "none" } as const;

// The names of the literature beside those of the operations.
const shapes = {
  sls: plain,
  mean: { ...plain, finish: "mean" },
  max: { ...plain, reduce: "maximum", finish: "zero-empty" },
  spmm: { ...plain, weights: "multiply" },
  kg: { ...plain, weights: "add", reduce: "maximum" },
  sddmm: { kind: "sddmm", weights: "none" },
  fusedmm: { kind: "fused", activation: "sigmoid" },
  gather: { kind: "gather" },
} as const;

/** Names of operations that can be timed. */
export const timedOperations: readonly string[] = Object.keys(shapes);

/** The name that an operation is timed by; undefined for one that has none. */
export function timedNameOf(operation: Operation): string | undefined {
  const members = Object.entries(shapes).find(([, shape]) =>
    Object.entries(shape).every(([name, value]) => operation[name as keyof Operation] === value),
  );
  return members?.[0];
}

const extentNames = ["rows", "width", "bag", "block"] as const;

/** Parses `ROWSxWIDTH` or `rows=R,width=D,bag=B,block=N`. */
export function parseDims(text: string): Dims {
  const [, rows, width] = /^(\d{1,12})x(\d{1,9})$/.exec(text) ?? [];
  if (rows !== undefined && width !== undefined) return checkDims({ rows: Number(rows), width: Number(width) }, text);
  const given: Partial<Record<(typeof extentNames)[number], number>> = {};
  for (const part of text.split(",")) {
    const [, name = "", value = ""] = /^\s*(\w+)=(\d{1,12})\s*$/.exec(part) ?? [];
    const known = extentNames.find((each) => each === name);
    if (known === undefined) {
      const close = nearest(name, extentNames);
      throw new MillraceError("argument", `must be NAME=NUMBER with commas between them, not "${part}"`, {
        help: close === undefined ? "for example rows=1000000,width=64,bag=80" : `did you mean ${close}?`,
      });
    }
    given[known] = Number(value);
  }
  return checkDims(given, text);
}

function checkDims({ rows, width, bag = 64, block = 1 }: Partial<Dims>, text: string): Dims {
  if (width === undefined) {
    throw new MillraceError("argument", `"${text}" has no width`, { help: "for example rows=1000000,width=64,bag=80" });
  }
  for (const [name, value] of Object.entries({ width, bag, block })) {
    if (value < 1) throw new MillraceError("argument", `${name} must be at least 1, not ${value}`);
  }
  return { rows, width, bag, block };
}

/** Reads the traces of a workload. @throws {EmberError} where ids or offsets are wrong */
export function loadWorkload(folder: string, choice: WorkloadChoice): Workload {
  const { dims, offsets, trace } = choice;
  const operation = operationNamed(choice);
  const all = loadTrace(folder, trace);
  const ids = choice.ids === undefined ? all : all.subarray(0, choice.ids);
  const block = operation.kind === "gather" ? operation.block : 1;
  const rows = dims.rows ?? block * (ids.reduce((most, id) => Math.max(most, id), 0) + 1);
  const extents = { operation, rows, width: dims.width };
  if (operation.kind === "gather") return { ...extents, ids };
  if (offsets === undefined) return { ...extents, fibres: bagsOf(ids, dims.bag) };
  const starts = loadTrace(folder, offsets);
  return { ...extents, fibres: fibresFromOffsets({ indices: ids, offsets: starts, includeLastOffset: false }) };
}

function operationNamed({ operation, dims, type }: WorkloadChoice): Operation {
  const shape = shapes[operation as keyof typeof shapes];
  if (shape === undefined) {
    const close = nearest(operation, timedOperations);
    throw new EmberError("operation-missing", `there is no operation "${operation}"`, {
      help: close === undefined ? `operations are ${timedOperations.join(", ")}` : `did you mean ${close}?`,
    });
  }
  const base = { ...shape, table: type, index: "i64" } as const;
  return base.kind === "gather" ? { ...base, block: dims.block } : base;
}
