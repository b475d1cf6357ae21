import type { SamBlock, SamGraph, StreamKind } from "../../graph.ts";
import type { TortillaMessage } from "../message.ts";
import type { TortillaVersion } from "../schema.ts";

/** The streams at the ports of one block. */
export interface OperationStreams {
  /** The stream into a port; number 0 if there is none. */
  input(port: string): TortillaMessage;
  /** The stream out of a port; number 0 if there is none. */
  output(port: string): TortillaMessage;
  /** Kind of the stream into a port. */
  kind(port: string): StreamKind | undefined;
  /** The block that feeds a port. */
  producer(port: string): string | undefined;
  /** The stream whose shape the signal of a repeat has. */
  signalSource(): { readonly kind: StreamKind; readonly stream: TortillaMessage } | undefined;
}

/** What an operation is made from besides its block. */
export interface OperationContext {
  readonly streams: OperationStreams;
  readonly graph: SamGraph;
  readonly version: TortillaVersion;
  /** Blocks that other operations stand for. */
  readonly folded: ReadonlySet<string>;
}

/** An operation: the field of `Operation` that it sets, and the name that Comal's compiler gives such operations. */
export interface NamedOperation {
  readonly name: string;
  readonly field: string;
  readonly message: TortillaMessage;
}

/** The operation of a block, or why there is none. */
export function operationOf(block: SamBlock, context: OperationContext): NamedOperation | string {
  const { streams, version } = context;
  const old = version !== "newest";
  const label = block.label === undefined ? {} : { label: block.label.replaceAll("\n", "\\n") };
  const make = (name: string, field: string, message: TortillaMessage): NamedOperation => ({ name, field, message });
  // Comal's tiles are matrices multiplied as they come: it has no way to say which axes meet.
  if ("tile" in block && block.tile !== undefined) return "it works on tiles, whose axes this format cannot name";
  switch (block.type) {
    case "root":
      if (version === "45d1855") return "this version has roots only at scanners and repeats";
      return make("root", "root", { ...label, tensor: block.tensor, output_ref: streams.output("ref") });
    case "scanner":
      return scanner(block, context);
    case "intersect":
    case "union":
      return joiner(block, context);
    case "repeat":
      return repeat(block, context);
    case "repsiggen":
      if (streams.kind("crd") !== "crd") return "this version makes signals from coordinates only";
      return make("repsiggen", "repeatsig", {
        ...{ input_crd: streams.input("crd"), output_rep_sig: streams.output("repsig") },
        ...{ ...label, index: block.index },
      });
    case "array":
      return make("arrayvals", "array", {
        tensor: block.tensor,
        input_ref: streams.input("ref"),
        output_val: streams.output("val"),
        ...label,
      });
    case "alu":
    case "unary":
      return arithmetic(block, context);
    case "reduce":
      if (old && block.operation !== "add") return `this version only adds, and it reduces by ${block.operation}`;
      if (streams.producer("crd") !== undefined)
        return "Comal's reducer has no input for coordinates; lower without guides";
      return make("reduce", "reduce", {
        ...{ input_val: streams.input("val"), output_val: streams.output("val"), ...label },
        ...(old ? {} : { reduce_type: block.operation.toUpperCase() }),
      });
    case "spacc":
      return accumulator(block, context);
    case "crdhold":
    case "crddrop":
      if (block.type === "crddrop" && block.of === "val") return "Comal drops coordinates, not values";
      return make(block.type, block.type === "crdhold" ? "coord_hold" : "coord_drop", {
        ...{ input_inner_crd: streams.input("inner"), input_outer_crd: streams.input("outer") },
        ...{ output_inner_crd: streams.output("inner"), output_outer_crd: streams.output("outer") },
        ...{ inner_crd: block.inner, outer_crd: block.outer, ...label },
      });
    case "broadcast":
    case "fork":
    case "join":
      return bundle(block, context);
    case "locate":
      if (version === "45d1855") return "this version has no locate";
      if (block.parent) return "its locate finds positions in a first level only";
      return make("locate", "locate", {
        ...{ input_crd: streams.input("crd"), input_ref: streams.input("ref") },
        ...{ output_ref1: streams.output("ref0"), output_ref2: streams.output("ref1") },
        ...{ output_crd: streams.output("crd"), ...label },
      });
    case "write-level": {
      if (block.words) return "it writes coordinates, not words";
      const written = { index: block.index, tensor: block.tensor, format: block.format, ...label };
      return make("fiberwrite", "fiber_write", { input_crd: streams.input("crd"), ...written });
    }
    case "write-values":
      return make("valwrite", "val_write", { input_val: streams.input("val"), ...label, tensor: block.tensor });
    default:
      return `it has no ${block.type}`;
  }
}

function scanner(
  block: Extract<SamBlock, { type: "scanner" }>,
  { streams, version, graph, folded }: OperationContext,
): NamedOperation | string {
  if (block.format === "bitvector") return "it has no bit vectors";
  if (block.gallop) return "its scanners do not skip";
  if (streams.kind("ref") === "crd") return "it keeps coordinates and references apart";
  const rooted = folded.has(streams.producer("ref") ?? "");
  const mode =
    version === "newest" ? block.level : (graph.tensors[block.tensor]?.modeOrder[block.level] ?? block.level);
  const message = {
    ...(rooted ? {} : { input_ref: streams.input("ref") }),
    ...{ output_ref: streams.output("ref"), output_crd: streams.output("crd") },
    ...{ index: block.index, tensor: block.tensor, mode, format: block.format, src: rooted, root: rooted },
    ...(block.label === undefined ? {} : { label: block.label.replaceAll("\n", "\\n") }),
  };
  return { name: "fiberlookup", field: "fiber_lookup", message };
}

function joiner(
  block: Extract<SamBlock, { type: "intersect" | "union" }>,
  { streams, version }: OperationContext,
): NamedOperation | string {
  if (block.gallop) return "its joins do not skip";
  if (version === "45d1855" && block.arity !== 2) return `this version joins two operands, not ${block.arity}`;
  const operands = Array.from({ length: block.arity }, (_, k) => `ref${k}`);
  const isValue = (port: string): boolean => streams.kind(port) === "val";
  if (version !== "newest" && operands.some(isValue)) return "this version joins references only";
  if (operands.some((port) => streams.kind(port) === "crd")) return "it keeps coordinates and references apart";
  const payload = (port: string, stream: TortillaMessage): TortillaMessage =>
    isValue(port) ? { val_stream: stream } : { ref_stream: stream };
  const newest = version === "newest";
  const input_pairs = operands.map((port, k) => ({
    crd: streams.input(`crd${k}`),
    ...(newest ? { in_ref: payload(port, streams.input(port)) } : { ref: streams.input(port) }),
  }));
  const outputs = operands.map((port) => (newest ? payload(port, streams.output(port)) : streams.output(port)));
  const message = {
    ...{ join_type: block.type === "union" ? "UNION" : "INTERSECT", input_pairs, index: block.index },
    ...(block.label === undefined ? {} : { label: block.label.replaceAll("\n", "\\n") }),
    ...(version === "45d1855" ? { output_ref1: outputs[0], output_ref2: outputs[1] } : { output_refs: outputs }),
    output_crd: streams.output("crd"),
  };
  return { name: block.type, field: "joiner", message };
}

function repeat(
  block: Extract<SamBlock, { type: "repeat" }>,
  { streams, version, folded }: OperationContext,
): NamedOperation | string {
  const { index, tensor, root } = block;
  const label = block.label === undefined ? {} : { label: block.label.replaceAll("\n", "\\n") };
  const value = block.of === "val";
  const named = { ...label, index, root, tensor };
  if (streams.kind("ref") === "crd") return "it keeps coordinates and references apart";
  if (version !== "newest" && value) return "this version repeats references only";
  const rooted = folded.has(streams.producer("ref") ?? "");
  const ends = { ...(rooted ? {} : { input_ref: streams.input("ref") }), output_ref: streams.output("ref") };
  if (version === "45d1855") {
    const message = { ...ends, input_rep_sig: streams.input("repsig"), ...named, root: root || rooted };
    return { name: "repeat", field: "repeat", message };
  }
  const source = streams.signalSource();
  if (source === undefined || (version === "6daaa11" && source.kind !== "ref")) {
    return "this version makes signals from references only";
  }
  if (version === "6daaa11") {
    return { name: "repeat", field: "repeat", message: { ...ends, ...named, input_rep_ref: source.stream } };
  }
  const message = {
    ...(value ? { in_val: streams.input("ref") } : { in_ref: streams.input("ref") }),
    ...(value ? { out_val: streams.output("ref") } : { out_ref: streams.output("ref") }),
    ...(source.kind === "val" ? { rep_val: source.stream } : { rep_ref: source.stream }),
    ...named,
  };
  return { name: "repeat", field: "repeat", message };
}

const unaryOperators: Readonly<Record<string, string>> = {
  ...{ exp: "EXP", sin: "SIN", cos: "COS", rsqrt: "RSQRT", sigmoid: "SIGMOID", max: "MAX", relu: "MAX" },
  ...{ "scalar-add": "SCALARADD", "scalar-mul": "SCALARMUL", "scalar-div": "SCALARDIV" },
};
const eldest: ReadonlySet<string> = new Set(["ADD", "SUB", "MUL", "DIV", "EXP", "SIN", "COS", "MAX"]);

function arithmetic(
  block: Extract<SamBlock, { type: "alu" | "unary" }>,
  { streams, version }: OperationContext,
): NamedOperation | string {
  const op = block.type === "alu" ? block.operation.toUpperCase() : unaryOperators[block.operation];
  if (op === undefined || (version !== "newest" && !eldest.has(op))) return `it has no operation ${block.operation}`;
  const scalar = block.type === "unary" ? (block.constant ?? 0) : 0;
  if (version !== "newest" && scalar !== 0) return "this version has no constants";
  const ports = block.type === "alu" ? ["val0", "val1"] : ["val"];
  const message = {
    vals: { inputs: ports.map((port) => streams.input(port)), output: streams.output("val") },
    stages: [{ inputs: ports.map((_, k) => k), op }],
    ...(block.label === undefined ? {} : { label: block.label.replaceAll("\n", "\\n") }),
    ...(version === "newest" ? { scalar } : {}),
  };
  return { name: block.operation, field: "alu", message };
}

function accumulator(
  block: Extract<SamBlock, { type: "spacc" }>,
  { streams, version }: OperationContext,
): NamedOperation | string {
  if (block.form === "points") return "its accumulators sum fibres, not points";
  const { order, indices } = block;
  const outer = Array.from({ length: order }, (_, k) => k + 1);
  if (version === "45d1855" && order > 1) return "this version has one outer coordinate stream";
  const outers = outer.map((k) => streams.input(`crd${k}`));
  const names = indices.slice(1).some((index) => index !== "") ? indices.slice(1) : [];
  const oldest = version === "45d1855";
  const message = {
    ...{ input_inner_crd: streams.input("crd0"), output_inner_crd: streams.output("crd0") },
    ...(oldest ? { input_outer_crd: outers[0] } : { input_outer_crds: outers }),
    ...{ input_val: streams.input("val"), output_val: streams.output("val"), order, inner_crd: indices[0] ?? "" },
    ...(oldest ? { outer_crd: names } : { outer_crds: names }),
    ...(block.label === undefined ? {} : { label: block.label.replaceAll("\n", "\\n") }),
    ...(oldest ? {} : { output_outer_crds: outer.slice(0, -1).map((k) => streams.output(`crd${k}`)) }),
  };
  return { name: "spacc", field: "spacc", message };
}

function bundle(
  block: Extract<SamBlock, { ways: number }>,
  { streams, version }: OperationContext,
): NamedOperation | string {
  if (block.stream === "bv") return "it has no bit vectors";
  if (block.type === "fork" && block.deal !== undefined) return "it deals to lanes in turn only";
  if (version === "45d1855" && block.type !== "broadcast") return `this version has no ${block.type}`;
  const label = block.label === undefined ? {} : { label: block.label };
  const ways = Array.from({ length: block.ways }, (_, k) => k);
  const ends =
    block.type === "join"
      ? { output: streams.output("out"), inputs: ways.map((k) => streams.input(`in${k}`)) }
      : { input: streams.input("in"), outputs: ways.map((k) => streams.output(`out${k}`)) };
  return { name: block.type, field: block.type, message: { ...label, [block.stream]: ends } };
}
