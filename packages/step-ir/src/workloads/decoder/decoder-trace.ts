import { encodeTokens, type Token } from "../../stream/tokens.ts";
import { scalar, type Value } from "../../stream/value.ts";
import { attentionTrace } from "../attention-trace.ts";
import { routingTrace } from "../routing-trace.ts";
import { attentionOf } from "./decoder-layer.ts";
import { type DecoderOptions, decoderSettings } from "./decoder-options.ts";

/**
 * The streams of the sources of `decoderLayer`: `lengths` are the keys of each request before the new one, `routing` the
 * experts of each token.
 *
 * @throws {StepError} `trace-malformed`, `workload-options`.
 */
export function decoderTrace(
  lengths: readonly number[],
  routing: readonly (readonly number[])[],
  options: DecoderOptions,
): Readonly<Record<string, readonly Token<Value>[]>> {
  const settings = decoderSettings(options);
  const { model, batch, tileOut } = settings;
  const perHead = lengths.flatMap((length) => new Array<number>(model.keyHeads).fill(length));
  const listed = (numbers: readonly number[]): readonly Token<Value>[] => encodeTokens<Value>([numbers.map(scalar)], 1);
  const places = (name: string, heads: number) =>
    Array.from({ length: heads }, (_, head) => [
      `${name}_places_head${head}`,
      listed(Array.from({ length: batch }, (_, token) => token * heads + head)),
    ]);
  const lanes = Array.from({ length: model.hidden / tileOut }, (_, lane) => [`out_place${lane}`, listed([lane])]);
  return {
    ...attentionTrace(perHead, attentionOf(settings)).sources,
    ...routingTrace(routing, model.experts).sources,
    ...Object.fromEntries([
      ...places("query", model.queryHeads),
      ...places("key", model.keyHeads),
      ...places("value", model.keyHeads),
      ...lanes,
    ]),
  };
}
