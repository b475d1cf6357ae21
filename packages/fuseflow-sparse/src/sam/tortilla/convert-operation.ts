import type { BinaryOperation, SamBlock, SamLevelKind, StreamKind, UnaryOperation } from "../graph.ts";
import { maximumArity } from "../ports.ts";
import { messageIn, messagesIn, numberIn, stringIn, type TortillaMessage } from "./message.ts";

/** A port of a converted block and the number of the stream on it. */
export interface StreamEnd {
  readonly block: string;
  readonly port: string;
  readonly kind: StreamKind;
  /** Number within the streams of its kind; 0 is no stream. */
  readonly stream: number;
}

/** What one operation becomes: a block (or two), and the streams at its ports. */
export interface ConvertedOperation {
  readonly blocks: readonly SamBlock[];
  readonly inputs: readonly StreamEnd[];
  readonly outputs: readonly StreamEnd[];
  /** Edges inside of it. */
  readonly inner: readonly { readonly from: StreamEnd; readonly to: StreamEnd }[];
}

/** An operation that SamGraph has no block for, with the reason. */
export interface Refusal {
  readonly refused: string;
}

/** Converts the operation `id`, of which `name` is the field set in its `oneof` and `body` that field. */
export function convertOperation(id: string, name: string, body: TortillaMessage): ConvertedOperation | Refusal {
  const convert = converters[name];
  return convert === undefined ? { refused: `operation ${name} has no meaning in a SAM graph` } : convert(id, body);
}

type Converter = (id: string, body: TortillaMessage) => ConvertedOperation | Refusal;

/** Names of operations whose fields are looked for in an `Operation`. */
export const operationNames: readonly string[] = [
  ...["root", "joiner", "fiber_lookup", "fiber_write", "repeat", "repeatsig", "alu", "reduce", "coord_hold"],
  ...[
    "coord_mask",
    "coord_drop",
    "array",
    "spacc",
    "val_write",
    "func",
    "broadcast",
    "fork",
    "join",
    "gen_ref",
    "locate",
  ],
];

const converters: Readonly<Record<string, Converter>> = {
  root: (id, body) =>
    simple(
      { ...named(id, body), type: "root", tensor: stringIn(body, "tensor") },
      [],
      [end("ref", "ref", body, "output_ref")],
    ),
  joiner: convertJoiner,
  fiber_lookup: convertLookup,
  fiber_write: (id, body) => {
    const index = stringIn(body, "index");
    const block: SamBlock = {
      ...named(id, body),
      type: "write-level",
      tensor: stringIn(body, "tensor"),
      level: 0,
      index,
      format: "compressed",
      mergeEmptyFibers: true,
    };
    return simple(block, [end("crd", "crd", body, "input_crd")], []);
  },
  repeat: convertRepeat,
  repeatsig: (id, body) =>
    simple(
      { ...named(id, body), type: "repsiggen", index: stringIn(body, "index") },
      [end("crd", "crd", body, "input_crd")],
      [end("repsig", "repsig", body, "output_rep_sig")],
    ),
  alu: convertAlu,
  reduce: (id, body) => {
    if (isTiled(body)) return tiled("reduce");
    const operation = ({ MAX: "max", ADDSUM: "addsum" } as const)[stringIn(body, "reduce_type")] ?? "add";
    return simple(
      { ...named(id, body), type: "reduce", operation },
      [end("val", "val", body, "input_val")],
      [end("val", "val", body, "output_val")],
    );
  },
  coord_hold: (id, body) => coordinatePair(body, { ...named(id, body), type: "crdhold", ...pairIndices(body) }),
  coord_drop: (id, body) =>
    coordinatePair(body, { ...named(id, body), type: "crddrop", ...pairIndices(body), of: "crd" }),
  array: (id, body) => {
    if (isTiled(body)) return tiled("array");
    return simple(
      { ...named(id, body), type: "array", tensor: stringIn(body, "tensor") },
      [end("ref", "ref", body, "input_ref")],
      [end("val", "val", body, "output_val")],
    );
  },
  spacc: convertSpacc,
  val_write: (id, body) =>
    simple(
      { ...named(id, body), type: "write-values", tensor: stringIn(body, "tensor") },
      [end("val", "val", body, "input_val")],
      [],
    ),
  broadcast: (id, body) => convertBundle(id, body, "broadcast"),
  fork: (id, body) => convertBundle(id, body, "fork"),
  join: (id, body) => convertBundle(id, body, "join"),
  locate: (id, body) =>
    simple(
      { ...named(id, body), type: "locate", tensor: "", level: 0, index: "", parent: false },
      [end("crd", "crd", body, "input_crd"), end("ref", "ref", body, "input_ref")],
      [
        end("crd", "crd", body, "output_crd"),
        end("ref0", "ref", body, "output_ref1"),
        end("ref1", "ref", body, "output_ref2"),
      ],
    ),
  coord_mask: () => ({ refused: "coord_mask does not say which coordinates it keeps" }),
  gen_ref: () => ({ refused: "gen_ref carries coordinates and references as values" }),
};

type OpenEnd = Omit<StreamEnd, "block">;

function end(port: string, kind: StreamKind, body: TortillaMessage, field: string): OpenEnd {
  return { port, kind, stream: streamNumber(messageIn(body, field)) };
}

function streamNumber(stream: TortillaMessage | undefined): number {
  return numberIn(messageIn(stream, "id"), "id");
}

function named(id: string, body: TortillaMessage): { readonly id: string; readonly label?: string } {
  const label = stringIn(body, "label");
  return label === "" ? { id } : { id, label: label.replaceAll("\\n", "\n") };
}

function simple(block: SamBlock, inputs: readonly OpenEnd[], outputs: readonly OpenEnd[]): ConvertedOperation {
  const attach = (open: OpenEnd): StreamEnd => ({ block: block.id, ...open });
  return { blocks: [block], inputs: inputs.map(attach), outputs: outputs.map(attach), inner: [] };
}

function isTiled(body: TortillaMessage): boolean {
  return numberIn(body, "stream_shape") > 1 || body.blocked === true;
}

const tiled = (what: string): Refusal => ({ refused: `${what} works on tiles (stream_shape above 1)` });

function pairIndices(body: TortillaMessage): { readonly outer: string; readonly inner: string } {
  return { outer: stringIn(body, "outer_crd"), inner: stringIn(body, "inner_crd") };
}

function coordinatePair(body: TortillaMessage, block: SamBlock): ConvertedOperation {
  return simple(
    block,
    [end("outer", "crd", body, "input_outer_crd"), end("inner", "crd", body, "input_inner_crd")],
    [end("outer", "crd", body, "output_outer_crd"), end("inner", "crd", body, "output_inner_crd")],
  );
}

/** A reference, or in the newest layout a choice of reference and value. */
function payloadEnd(port: string, payload: TortillaMessage | undefined): OpenEnd {
  const value = messageIn(payload, "val_stream");
  if (value !== undefined) return { port, kind: "val", stream: streamNumber(value) };
  return { port, kind: "ref", stream: streamNumber(messageIn(payload, "ref_stream") ?? payload) };
}

function convertJoiner(id: string, body: TortillaMessage): ConvertedOperation | Refusal {
  const pairs = messagesIn(body, "input_pairs");
  if (pairs.length > maximumArity) return { refused: `a join of ${pairs.length} operands (at most ${maximumArity})` };
  const type = stringIn(body, "join_type") === "UNION" ? "union" : "intersect";
  const inputs = pairs.flatMap((pair, k): OpenEnd[] => [
    end(`crd${k}`, "crd", pair, "crd"),
    payloadEnd(`ref${k}`, messageIn(pair, "in_ref") ?? messageIn(pair, "ref")),
  ]);
  const old = [messageIn(body, "output_ref1"), messageIn(body, "output_ref2")].filter((ref) => ref !== undefined);
  const references = old.length > 0 ? old : messagesIn(body, "output_refs");
  if (references.length > pairs.length) return { refused: `${references.length} outputs for ${pairs.length} operands` };
  const outputs = [end("crd", "crd", body, "output_crd"), ...references.map((ref, k) => payloadEnd(`ref${k}`, ref))];
  const index = stringIn(body, "index");
  return simple({ ...named(id, body), type, index, arity: pairs.length }, inputs, outputs);
}

const levelKinds: ReadonlySet<string> = new Set<SamLevelKind>(["dense", "compressed"]);

function convertLookup(id: string, body: TortillaMessage): ConvertedOperation | Refusal {
  const format = stringIn(body, "format");
  if (!levelKinds.has(format)) return { refused: `level format '${format}' (dense or compressed)` };
  const tensor = stringIn(body, "tensor");
  const block: SamBlock = {
    ...named(id, body),
    type: "scanner",
    tensor,
    level: numberIn(body, "mode"),
    index: stringIn(body, "index"),
    format: format as SamLevelKind,
  };
  const outputs = [end("crd", "crd", body, "output_crd"), end("ref", "ref", body, "output_ref")];
  const input = end("ref", "ref", body, "input_ref");
  return body.root === true && input.stream === 0
    ? belowRoot(simple(block, [], outputs), tensor)
    : simple(block, [input], outputs);
}

/** Older files mark what stands below the root instead of connecting it to a generator. */
function belowRoot(converted: ConvertedOperation, tensor: string): ConvertedOperation {
  const block = converted.blocks.at(-1) as SamBlock;
  const root = `root-${block.id}`;
  const from: StreamEnd = { block: root, port: "ref", kind: "ref", stream: 0 };
  const to: StreamEnd = { block: block.id, port: "ref", kind: "ref", stream: 0 };
  const rootBlock: SamBlock = { id: root, type: "root", tensor };
  return { ...converted, blocks: [rootBlock, ...converted.blocks], inner: [...converted.inner, { from, to }] };
}

/** The newest layouts have no stream of repeat signals: the signal is made inside, from the shape of `rep_ref` or `rep_val`. */
function convertRepeat(id: string, body: TortillaMessage): ConvertedOperation | Refusal {
  const of = messageIn(body, "in_val") === undefined ? "ref" : "val";
  const index = stringIn(body, "index");
  const tensor = stringIn(body, "tensor");
  const oldInput = end("ref", "ref", body, "input_ref");
  const input = of === "val" ? end("ref", "val", body, "in_val") : pick(end("ref", "ref", body, "in_ref"), oldInput);
  const output =
    messageIn(body, "out_val") === undefined
      ? pick(end("ref", "ref", body, "out_ref"), end("ref", "ref", body, "output_ref"))
      : end("ref", "val", body, "out_val");
  if (input.kind !== output.kind)
    return { refused: "it repeats a ref stream into a val stream or the other way round" };
  const root = body.root === true;
  const block: SamBlock = { ...named(id, body), type: "repeat", index, tensor, root, of };
  const bySignal = messageIn(body, "input_rep_sig") !== undefined;
  const rooted = root && input.stream === 0;
  const inputs = [...(rooted ? [] : [input]), ...(bySignal ? [end("repsig", "repsig", body, "input_rep_sig")] : [])];
  const repeat = simple(block, inputs, [output]);
  const converted = bySignal ? repeat : withSignal(repeat, { body, index });
  return rooted ? belowRoot(converted, tensor) : converted;
}

const pick = (first: OpenEnd, second: OpenEnd): OpenEnd => (first.stream === 0 ? second : first);

function withSignal(repeat: ConvertedOperation, at: { body: TortillaMessage; index: string }): ConvertedOperation {
  const { body, index } = at;
  const block = repeat.blocks.at(-1) as SamBlock;
  const id = `${block.id}-signal`;
  const shape = messageIn(body, "rep_val")
    ? end("crd", "val", body, "rep_val")
    : pick(end("crd", "ref", body, "rep_ref"), end("crd", "ref", body, "input_rep_ref"));
  const from: StreamEnd = { block: id, port: "repsig", kind: "repsig", stream: 0 };
  const to: StreamEnd = { block: block.id, port: "repsig", kind: "repsig", stream: 0 };
  return {
    blocks: [{ id, type: "repsiggen", index }, ...repeat.blocks],
    inputs: [...repeat.inputs, { block: id, ...shape }],
    outputs: repeat.outputs,
    inner: [...repeat.inner, { from, to }],
  };
}

const binary: Readonly<Record<string, BinaryOperation>> = {
  ...{ ADD: "add", SUB: "sub", MUL: "mul", DIV: "div", MAX: "max", ELEMMUL: "elemmul" },
};
const unary: Readonly<Record<string, UnaryOperation>> = {
  ...{ EXP: "exp", SIN: "sin", COS: "cos", RSQRT: "rsqrt", SIGMOID: "sigmoid" },
};
const withConstant: Readonly<Record<string, UnaryOperation>> = {
  ...{ MAX: "max", SCALARADD: "scalar-add", SCALARMUL: "scalar-mul", SCALARDIV: "scalar-div" },
};

function convertAlu(id: string, body: TortillaMessage): ConvertedOperation | Refusal {
  if (isTiled(body)) return tiled("alu");
  const values = messageIn(body, "vals");
  if (values === undefined) return { refused: "it computes on coordinates" };
  const stages = messagesIn(body, "stages");
  const [stage] = stages;
  if (stage === undefined || stages.length > 1)
    return { refused: `${stages.length} stages (exactly one is supported)` };
  const operator = stringIn(stage, "op") || "ADD";
  const streams = messagesIn(values, "inputs");
  const order = Array.isArray(stage.inputs) ? (stage.inputs as readonly number[]) : streams.map((_, k) => k);
  if (order.length !== streams.length || order.some((k) => streams[k] === undefined)) {
    return { refused: `stage inputs ${order.join(", ")} of ${streams.length} streams` };
  }
  const output = end("val", "val", values, "output");
  const input = (k: number): number => streamNumber(streams[order[k] ?? 0]);
  if (streams.length === 2) {
    const operation = binary[operator];
    if (operation === undefined) return { refused: `${operator} of two streams` };
    const inputs = [0, 1].map((k): OpenEnd => ({ port: `val${k}`, kind: "val", stream: input(k) }));
    return simple({ ...named(id, body), type: "alu", operation }, inputs, [output]);
  }
  const operation = unary[operator] ?? withConstant[operator];
  if (streams.length !== 1 || operation === undefined) return { refused: `${operator} of ${streams.length} streams` };
  const constant = operator in withConstant ? { constant: numberIn(body, "scalar") } : {};
  const block: SamBlock = { ...named(id, body), type: "unary", operation, ...constant };
  return simple(block, [{ port: "val", kind: "val", stream: input(0) }], [output]);
}

function convertSpacc(id: string, body: TortillaMessage): ConvertedOperation | Refusal {
  if (isTiled(body)) return tiled("spacc");
  const oldOuter = messageIn(body, "input_outer_crd");
  const outers = oldOuter === undefined ? messagesIn(body, "input_outer_crds") : [oldOuter];
  const order = numberIn(body, "order");
  if (order < 1 || order > maximumArity || outers.length !== order) {
    return { refused: `a sparse accumulator of order ${order} with ${outers.length} outer coordinate streams` };
  }
  const names = (body.outer_crds ?? body.outer_crd ?? []) as readonly string[];
  const indices = [stringIn(body, "inner_crd"), ...outers.map((_, k) => names[k] ?? "")];
  const outputs = messagesIn(body, "output_outer_crds").slice(0, order - 1);
  return simple(
    { ...named(id, body), type: "spacc", form: "fibers", order, indices },
    [
      end("crd0", "crd", body, "input_inner_crd"),
      ...outers.map((stream, k): OpenEnd => ({ port: `crd${k + 1}`, kind: "crd", stream: streamNumber(stream) })),
      end("val", "val", body, "input_val"),
    ],
    [
      end("crd0", "crd", body, "output_inner_crd"),
      ...outputs.map((stream, k): OpenEnd => ({ port: `crd${k + 1}`, kind: "crd", stream: streamNumber(stream) })),
      end("val", "val", body, "output_val"),
    ],
  );
}

function convertBundle(
  id: string,
  body: TortillaMessage,
  type: "broadcast" | "fork" | "join",
): ConvertedOperation | Refusal {
  const stream = (["crd", "ref", "val", "repsig"] as const).find((kind) => messageIn(body, kind) !== undefined);
  const bundle = messageIn(body, stream ?? "");
  if (stream === undefined || bundle === undefined) return { refused: `a ${type} without streams` };
  const many = messagesIn(bundle, type === "join" ? "inputs" : "outputs");
  if (many.length > maximumArity) return { refused: `a ${type} of ${many.length} ways (at most ${maximumArity})` };
  const name = type === "join" ? "in" : "out";
  const ways = many.map((one, k): OpenEnd => ({ port: `${name}${k}`, kind: stream, stream: streamNumber(one) }));
  const block: SamBlock = { ...named(id, body), type, stream, ways: ways.length };
  return type === "join"
    ? simple(block, ways, [end("out", stream, bundle, "output")])
    : simple(block, [end("in", stream, bundle, "input")], ways);
}
