/** The lengths of key caches as streams for the program of `attention`. */
import { StepError } from "../errors.ts";
import { encodeTokens, type Token } from "../stream/tokens.ts";
import { SelectorValue, scalar, type Value } from "../stream/value.ts";
import {
  type AttentionOptions,
  type AttentionSettings,
  attentionSettings,
  coarseRegions,
} from "./attention-options.ts";

/** What the lengths of key caches give to the program of `attention`. */
export interface AttentionTrace {
  /** Streams for its sources. */
  readonly sources: Readonly<Record<string, readonly Token<Value>[]>>;
  /** Tiles of each request's cache, with the new key. */
  readonly tiles: readonly number[];
}

/**
 * The streams for requests whose caches hold so many keys before the new one.
 *
 * @throws {StepError} `trace-malformed` if a length is not an integer of at least 0 or above what the cache holds, or if
 *   there are not as many as requests; `workload-options`.
 */
export function attentionTrace(lengths: readonly number[], options: AttentionOptions): AttentionTrace {
  const settings = attentionSettings(options);
  const { batch, cacheTiles, tileRows } = settings;
  if (lengths.length !== batch) {
    throw new StepError("trace-malformed", `there are ${lengths.length} lengths for ${batch} requests`);
  }
  const room = cacheTiles * tileRows - 1;
  const wrong = lengths.findIndex((length) => !(Number.isSafeInteger(length) && length >= 0 && length <= room));
  if (wrong !== -1) {
    const rule = `an integer from 0 to ${room}, so that the cache of ${cacheTiles} tiles has room for one more key`;
    throw new StepError("trace-malformed", `request ${wrong} has length ${lengths[wrong]}; expected ${rule}`);
  }
  const tiles = lengths.map((length) => Math.ceil((length + 1) / tileRows));
  const taken = lengths.map((length) => length % tileRows);
  const row = lengths.map((_, request) => request);
  return { sources: sourcesOf({ row, tiles, taken }, settings), tiles };
}

type Numbers = Readonly<Record<"row" | "tiles" | "taken", readonly number[]>>;

function sourcesOf(numbers: Numbers, settings: AttentionSettings): AttentionTrace["sources"] {
  const entries = Object.entries(numbers);
  if (settings.strategy === "coarse") {
    const streams = coarseRegions(settings).flatMap((requests, region) => [
      ...entries.map(([name, all]) => [`${name}_of${region}`, listed(requests.map((request) => all[request]!))]),
      ...["query", "key", "value"].map((name) => [`${name}_at${region}`, listed(requests)]),
    ]);
    return Object.fromEntries(streams);
  }
  const streams = entries.map(([name, all]) => [`${name}_of`, listed(all)]);
  return Object.fromEntries([...streams, ...(settings.strategy === "dynamic" ? Object.entries(turns(settings)) : [])]);
}

/** A stream [1, numbers]. */
function listed(numbers: readonly number[]): Token<Value>[] {
  return encodeTokens<Value>([numbers.map(scalar)], 1);
}

/** Which requests take their turn from the first regions, and which from those that are ready. */
function turns({ batch, regions }: AttentionSettings): AttentionTrace["sources"] {
  const each = (length: number, choose: (place: number) => number): SelectorValue[] =>
    Array.from({ length }, (_, place) => new SelectorValue([choose(place)]));
  const first = each(regions, (place) => place);
  if (batch === regions) return { first };
  const order = each(batch, (place) => (place < regions ? 0 : 1));
  return {
    first,
    order: encodeTokens<Value>([order], 1),
    used: each(batch, (place) => (place < batch - regions ? 1 : 0)),
  };
}
