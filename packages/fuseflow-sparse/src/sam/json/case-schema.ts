import * as v from "valibot";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const text = v.string();
const end = v.tuple([text, text]);

const node = v.object({
  kind: text,
  tensor: v.exactOptional(text),
  index: v.exactOptional(text),
  level: v.exactOptional(v.pipe(count, v.maxValue(63))),
  neg2: v.exactOptional(v.boolean()),
});

const input = v.object({
  dims: v.array(count),
  storageOrder: text,
  levelKinds: v.pipe(text, v.regex(/^[sdb]*$/, "level kinds are letters: s, d, b")),
  file: v.exactOptional(text),
  value: v.exactOptional(v.number()),
});

/** What `JSON.parse` must give for a recorded case; fields that are not used here may be anything. */
export const caseSchema: v.GenericSchema<unknown, CaseFile> = v.object({
  kernel: text,
  case: text,
  expression: text,
  outputOrder: text,
  inputs: v.record(text, input),
  cycles: count,
  tokens: count,
  cyclesByFifoDepth: v.record(text, count),
  output: v.object({
    levels: v.array(v.object({ index: text, seg: v.array(count), crd: v.array(count) })),
    vals: v.array(v.number()),
  }),
  graph: v.object({
    nodes: v.record(text, node),
    edges: v.array(v.object({ frm: v.array(end), to: end })),
    roots: v.array(end),
    outputs: v.object({ out_crds: v.array(text), out_vals: v.array(text) }),
  }),
  streams: v.exactOptional(v.record(text, v.array(v.union([text, v.array(text)])))),
});

/** A node of the wiring: a block of the simulator. */
export interface CaseNode {
  readonly kind: string;
  readonly tensor?: string;
  readonly index?: string;
  readonly level?: number;
  readonly neg2?: boolean;
}

/** An operand as the file describes it. */
export interface CaseFileInput {
  readonly dims: readonly number[];
  readonly storageOrder: string;
  readonly levelKinds: string;
  readonly file?: string;
  readonly value?: number;
}

/** A case as it stands in the file. */
export interface CaseFile {
  readonly kernel: string;
  readonly case: string;
  readonly expression: string;
  readonly outputOrder: string;
  readonly inputs: Readonly<Record<string, CaseFileInput>>;
  readonly cycles: number;
  readonly tokens: number;
  readonly cyclesByFifoDepth: Readonly<Record<string, number>>;
  readonly output: {
    readonly levels: readonly {
      readonly index: string;
      readonly seg: readonly number[];
      readonly crd: readonly number[];
    }[];
    readonly vals: readonly number[];
  };
  readonly graph: {
    readonly nodes: Readonly<Record<string, CaseNode>>;
    readonly edges: readonly { readonly frm: readonly [string, string][]; readonly to: readonly [string, string] }[];
    readonly roots: readonly [string, string][];
    /** Writers of the output's levels, outermost first, and of its values. */
    readonly outputs: { readonly out_crds: readonly string[]; readonly out_vals: readonly string[] };
  };
  readonly streams?: Readonly<Record<string, readonly (string | readonly string[])[]>>;
}
