/** The shape of task files and operator lists, as data from outside must have it. */
import * as v from "valibot";
import type { Elem } from "../program/element-type.ts";
import type { Task } from "./task.ts";

const longestList = 256;
const name = v.pipe(v.string(), v.regex(/^[A-Za-z_]\w{0,99}$/, "expected a name of letters, digits and _"));
const dim = v.union([
  v.pipe(v.string(), v.regex(/^\w{1,100}(?:\*\w{1,100}){0,7}$/, "expected a symbol, or a product of symbols")),
  v.pipe(
    v.number(),
    v.integer("expected a whole number"),
    v.minValue(1, "expected at least 1"),
    v.maxValue(2 ** 22),
    v.transform(String),
  ),
]);
const dims = v.pipe(v.array(dim), v.maxLength(16, "expected at most 16 axes"));

const elem: v.GenericSchema<unknown, Elem> = v.lazy(() =>
  v.union(
    [
      v.literal("f32"),
      v.strictObject({ multihot: dim }),
      v.strictObject({ buffer: elem, dims }),
      v.strictObject({ tuple: v.pipe(v.array(elem), v.minLength(1), v.maxLength(16, "expected at most 16")) }),
    ],
    'expected an element type: "f32", {"multihot": dim}, {"buffer": type, "dims": [...]} or {"tuple": [types]}',
  ),
);

const count = v.pipe(v.number(), v.integer("expected a whole number"), v.minValue(0, "expected at least 0"));
const stream = { elem, shape: v.pipe(dims, v.minLength(1, "expected at least one axis")) };

const input = v.union(
  [
    v.object({ name, ...stream, gen: v.picklist(["uniform01", "normal", "ones"]) }),
    v.object({ name, ...stream, gen: v.literal("multihot"), minOnes: count, maxOnes: count }),
  ],
  'expected an input with a name, an elem, a shape and "gen": "uniform01", "normal", "ones", or "multihot" with minOnes and maxOnes',
);

const start = v.union([
  v.pipe(v.number(), v.finite()),
  v.pipe(
    v.picklist(["-inf", "inf"]),
    v.transform((text) => (text === "inf" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY)),
  ),
]);

const fn = v.object({
  name,
  kind: v.picklist(["map", "fold"]),
  in: elem,
  out: elem,
  init: v.optional(v.pipe(v.array(start), v.maxLength(16, "expected at most 16")), []),
  expr: v.pipe(
    v.array(v.pipe(v.string(), v.maxLength(4096, "expected at most 4096 characters"))),
    v.minLength(1),
    v.maxLength(16, "expected at most 16"),
  ),
});

const names = v.pipe(v.array(name), v.maxLength(longestList, `expected at most ${longestList}`));
const position = v.pipe(v.number(), v.integer("expected a whole number"));

/** One operator as it stands in a list; which settings it needs is judged by its name. */
export interface RawOp {
  readonly op: string;
  readonly in: readonly string[];
  readonly out: readonly string[];
  readonly fn?: string | undefined;
  readonly fns?: readonly string[] | undefined;
  readonly b?: number | undefined;
  readonly a?: number | undefined;
  readonly n?: string | undefined;
  readonly level?: number | undefined;
  readonly levels?: readonly number[] | undefined;
}

/** An operator list as it stands in a file. */
export interface RawOpList {
  readonly ops: readonly RawOp[];
  readonly ret: readonly string[];
}

/** A task as it stands in a file. */
export interface RawTask extends Omit<Task, "reference"> {
  readonly reference?: RawOpList | undefined;
}

const opSchema: v.GenericSchema<unknown, RawOp> = v.object({
  op: v.string(),
  in: names,
  out: names,
  fn: v.optional(name),
  fns: v.optional(names),
  b: v.optional(position),
  a: v.optional(position),
  n: v.optional(dim),
  level: v.optional(position),
  levels: v.optional(v.pipe(v.array(position), v.maxLength(16, "expected at most 16"))),
});

/** An operator list with what it returns. */
export const opListSchema: v.GenericSchema<unknown, RawOpList> = v.object({ ops: v.array(opSchema), ret: names });

/** A task. */
export const taskSchema: v.GenericSchema<unknown, RawTask> = v.object({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  group: v.optional(v.string(), ""),
  about: v.optional(v.string(), ""),
  dims: v.record(name, v.pipe(v.number(), v.integer("expected a whole number"), v.minValue(1), v.maxValue(4096))),
  experts: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(256))), null),
  inputs: v.pipe(v.array(input), v.minLength(1), v.maxLength(longestList, `expected at most ${longestList}`)),
  params: v.optional(
    v.pipe(v.array(v.object({ name, shape: dims })), v.maxLength(longestList, `expected at most ${longestList}`)),
    [],
  ),
  fns: v.pipe(v.array(fn), v.maxLength(longestList, `expected at most ${longestList}`)),
  outputs: v.pipe(v.array(v.object(stream)), v.minLength(1), v.maxLength(16, "expected at most 16")),
  reference: v.optional(opListSchema),
});

/** A place in JSON: `tasks[3].fns[0].kind`. */
function pathOf(issue: v.BaseIssue<unknown>): string {
  let path = "";
  for (const { key } of issue.path ?? []) path += typeof key === "number" ? `[${key}]` : `${path && "."}${String(key)}`;
  return path;
}

/** The first fault in words: where it is and what was expected. */
export function describeIssue(issue: v.BaseIssue<unknown>): string {
  const where = pathOf(issue);
  // A key that is not there has no value to speak of.
  const missing = issue.received === "undefined" && issue.type.endsWith("object");
  const fault = missing ? "this key is missing" : issue.message;
  return where === "" ? fault : `${where}: ${fault}`;
}
