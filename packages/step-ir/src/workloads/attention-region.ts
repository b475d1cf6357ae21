/** One region of decode attention: it takes requests one after the other and reads their caches tile by tile. */
import { constant } from "../extent/arithmetic.ts";
import { accum, accum2 } from "../ops/compute/accum.ts";
import { map, map2 } from "../ops/compute/map.ts";
import { cacheAddresses } from "../ops/generate/cache-addresses.ts";
import { lastTile } from "../ops/generate/last-tile.ts";
import { randomLoad } from "../ops/memory/random-load.ts";
import { randomStore } from "../ops/memory/random-store.ts";
import { broadcast } from "../ops/routing/broadcast.ts";
import { partition } from "../ops/routing/partition.ts";
import { reassemble } from "../ops/routing/reassemble.ts";
import { expand } from "../ops/shape/expand.ts";
import { flatten } from "../ops/shape/flatten.ts";
import type { Stream } from "../program/program.ts";
import type { AttentionSettings } from "./attention-options.ts";

/** What reaches a region, for its requests in order. */
export interface RegionInputs {
  /** Queries, [requests, 1] of [queries, headSize]. */
  readonly query: Stream;
  /** The new key, [requests, 1] of [1, headSize]. */
  readonly key: Stream;
  /** The new value, [requests, 1] of [1, headSize]. */
  readonly value: Stream;
  /** The number of the request, [requests]. */
  readonly row: Stream;
  /** Tiles of its cache with the new key, [requests]. */
  readonly tiles: Stream;
  /** Rows of the last tile that are taken without the new key, [requests]. */
  readonly taken: Stream;
}

/** What comes out of a region. */
export interface RegionOutputs {
  /** Keys as they come from memory, [requests, tiles]. */
  readonly keys: Stream;
  /** An acknowledgement for each result that is stored, [requests]. */
  readonly stored: Stream;
}

/** Adds a region, which stores its results in tensor `to`. */
export function attentionRegion(
  region: string,
  inputs: RegionInputs,
  settings: AttentionSettings,
  to: string,
): RegionOutputs {
  const { queueDepth: depth, bandwidth } = settings;
  const rows = broadcast(inputs.row, { id: `row${region}`, copies: 5, depth });
  const tiles = broadcast(inputs.tiles, { id: `tiles${region}`, copies: 6, depth });
  const taken = broadcast(inputs.taken, { id: `taken${region}`, copies: 2, depth });
  const keys = cached(
    "key",
    region,
    { row: rows.slice(0, 2), tiles: tiles.slice(0, 3), taken: taken[0]! },
    queued(inputs.key, `key_line${region}`, depth),
    settings,
  );
  const values = cached(
    "value",
    region,
    { row: rows.slice(2, 4), tiles: tiles.slice(3, 6), taken: taken[1]! },
    queued(inputs.value, `value_line${region}`, depth),
    settings,
  );
  const compute = bandwidth === undefined ? {} : { bandwidth };
  const query = expand(queued(inputs.query, `query_queue${region}`, depth), keys.whole, {
    id: `query${region}`,
    rank: 0,
  });
  const scores = map2(query, keys.whole, { id: `scores${region}`, fn: "scores", ...compute });
  const weights = map(scores, { id: `exponentials${region}`, fn: "exp", ...compute });
  const sum = accum2(weights, values.whole, { id: `mixed${region}`, fn: "matmul", rank: 1, ...compute });
  const perTile = accum(weights, { id: `tile_sums${region}`, fn: "add", rank: 1, ...compute });
  const total = map(perTile, { id: `denominators${region}`, fn: "row-sum", ...compute });
  const result = map2(sum, total, { id: `attended${region}`, fn: "divide", store: true, ...compute });
  const stored = randomStore(rows[4]!, result, { id: `out${region}`, tensor: to });
  return { keys: keys.loaded, stored };
}

/** The stream through a queue, if it is longer than the slot that there is anyway. */
function queued(stream: Stream, id: string, depth: number): Stream {
  return depth === 1 ? stream : broadcast(stream, { id, copies: 1, depth })[0]!;
}

/** Copies of the numbers that tell where a cache lies and how long it is. */
interface Places {
  readonly row: readonly Stream[];
  readonly tiles: readonly Stream[];
  readonly taken: Stream;
}

/** The cache of a request with the new row behind its last one, which also goes back to memory. */
function cached(
  name: "key" | "value",
  region: string,
  places: Places,
  added: Stream,
  settings: AttentionSettings,
): { readonly loaded: Stream; readonly whole: Stream } {
  const { tileRows, headSize, cacheTiles } = settings;
  const id = (part: string): string => `${name}_${part}${region}`;
  const tensor = `${name}_cache`;
  const addresses = cacheAddresses(places.row[0]!, places.tiles[0]!, { id: id("addresses"), stride: cacheTiles });
  const loaded = randomLoad(addresses, { id: id("cache"), tensor, tile: [tileRows, headSize] });
  const isLast = lastTile(places.tiles[1]!, { id: id("last") });
  const [last, others] = partition(loaded, isLast, { id: id("tiles"), rank: 0 });
  const { program } = loaded;
  program.assertSame(last!.shape[0]!.extent, program.typeOf(places.taken).shape[0]!.extent);
  const cut = map2(last!, places.taken, { id: id("taken"), fn: "set-offset", bandwidth: 1 });
  const row = flatten(added, { id: id("row"), min: 0, max: 1 });
  const appended = map2(cut, row, { id: id("appended"), fn: "append-row", bandwidth: 1 });
  const [kept, written] = broadcast(appended, { id: id("copies"), copies: 2 });
  const parts = reassemble([kept!, others!], isLast, { id: id("parts") });
  // Every selector chooses one of the two.
  program.assertSame(parts.shape.at(-1)!.extent, constant(1));
  const whole = flatten(parts, { id: id("whole"), min: 0, max: 1 });
  const place = { id: id("place"), fn: "last-address", parameter: cacheTiles, bandwidth: 1 };
  const address = map2(places.row[1]!, places.tiles[2]!, place);
  const [queued] = broadcast(written!, { id: id("queue"), copies: 1, depth: settings.writeBackDepth });
  randomStore(address, queued!, { id: id("store"), tensor, depth: settings.writeBackDepth });
  return { loaded, whole };
}
