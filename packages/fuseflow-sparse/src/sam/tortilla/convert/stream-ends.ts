/** The pieces that conversions of single operations share. */
import type { SamBlock, StreamKind } from "../../graph.ts";
import { messageIn, numberIn, stringIn, type TortillaMessage } from "../message.ts";

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

export type OpenEnd = Omit<StreamEnd, "block">;

export function end(port: string, kind: StreamKind, body: TortillaMessage, field: string): OpenEnd {
  return { port, kind, stream: streamNumber(messageIn(body, field)) };
}

export function streamNumber(stream: TortillaMessage | undefined): number {
  return numberIn(messageIn(stream, "id"), "id");
}

export function named(id: string, body: TortillaMessage): { readonly id: string; readonly label?: string } {
  const label = stringIn(body, "label");
  return label === "" ? { id } : { id, label: label.replaceAll("\\n", "\n") };
}

export function simple(block: SamBlock, inputs: readonly OpenEnd[], outputs: readonly OpenEnd[]): ConvertedOperation {
  const attach = (open: OpenEnd): StreamEnd => ({ block: block.id, ...open });
  return { blocks: [block], inputs: inputs.map(attach), outputs: outputs.map(attach), inner: [] };
}

export function isTiled(body: TortillaMessage): boolean {
  return numberIn(body, "stream_shape") > 1 || body.blocked === true;
}

export const tiled = (what: string): Refusal => ({ refused: `${what} works on tiles (stream_shape above 1)` });

/** A reference, or in the newest layout a choice of reference and value. */
export function payloadEnd(port: string, payload: TortillaMessage | undefined): OpenEnd {
  const value = messageIn(payload, "val_stream");
  if (value !== undefined) return { port, kind: "val", stream: streamNumber(value) };
  return { port, kind: "ref", stream: streamNumber(messageIn(payload, "ref_stream") ?? payload) };
}
