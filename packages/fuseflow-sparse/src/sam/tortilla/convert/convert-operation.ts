import type { SamBlock } from "../../graph.ts";
import { maximumArity } from "../../ports.ts";
import { messageIn, messagesIn, stringIn, type TortillaMessage } from "../message.ts";
import { convertAlu, convertSpacc } from "./convert-arithmetic.ts";
import { convertJoiner, convertLookup, convertRepeat } from "./convert-lookup.ts";
import {
  type ConvertedOperation,
  end,
  isTiled,
  named,
  type OpenEnd,
  type Refusal,
  simple,
  streamNumber,
  tiled,
} from "./stream-ends.ts";

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
