import type { SamBlock, SamLevelKind } from "../../graph.ts";
import { maximumArity } from "../../ports.ts";
import { messageIn, messagesIn, numberIn, stringIn, type TortillaMessage } from "../message.ts";
import {
  type ConvertedOperation,
  end,
  named,
  type OpenEnd,
  payloadEnd,
  type Refusal,
  type StreamEnd,
  simple,
} from "./stream-ends.ts";

export function convertJoiner(id: string, body: TortillaMessage): ConvertedOperation | Refusal {
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

export function convertLookup(id: string, body: TortillaMessage): ConvertedOperation | Refusal {
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
export function convertRepeat(id: string, body: TortillaMessage): ConvertedOperation | Refusal {
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
