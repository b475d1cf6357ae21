/**
 * Decode attention: every request has a query, a new key and value, and a cache of its own length. Regions work on
 * requests side by side; which region gets which request is the strategy.
 *
 * Source: "Streaming Tensor Programs", arXiv 2511.07776, §5.4 (dynamic parallelization). Scores are not scaled, and
 * their exponentials are taken without subtracting the largest: scale the queries.
 */
import { add, constant, subtract } from "../extent/arithmetic.ts";
import { closeFeedback, placeholder } from "../ops/boundary/placeholder.ts";
import { source } from "../ops/boundary/source.ts";
import { accum } from "../ops/compute/accum.ts";
import { map2 } from "../ops/compute/map.ts";
import { linearLoad, linearLoadPer } from "../ops/memory/linear-load.ts";
import { randomLoad } from "../ops/memory/random-load.ts";
import { eagerMerge } from "../ops/routing/eager-merge.ts";
import { parallelize } from "../ops/routing/parallelize.ts";
import { partition } from "../ops/routing/partition.ts";
import { reassemble } from "../ops/routing/reassemble.ts";
import { expand } from "../ops/shape/expand.ts";
import { flatten } from "../ops/shape/flatten.ts";
import { promote } from "../ops/shape/promote.ts";
import { Program, type Stream } from "../program/program.ts";
import { addressType, multihot } from "../stream/element-type.ts";
import { shapeOf } from "../stream/shape.ts";
import {
  type AttentionOptions,
  type AttentionSettings,
  attentionSettings,
  coarseRegions,
} from "./attention-options.ts";
import { attentionRegion, type RegionInputs, type RegionOutputs } from "./attention-region.ts";

/**
 * The program of decode attention. Tensors: `query` [batch·queries, headSize], `key` and `value` [batch, headSize], the
 * caches `key_cache` and `value_cache` [batch·cacheTiles·tileRows, headSize], and `out`, as `query`. `attentionTrace` makes
 * the streams of its sources from the lengths of the caches.
 *
 * @throws {StepError} `workload-options`.
 */
export function attention(options: AttentionOptions): Program {
  const program = new Program("attention");
  addAttention(program, options);
  return program;
}

/** How attention is joined to a larger program. */
export interface AttentionJoint {
  /**
   * One element each, [1], without which queries, keys and values are not loaded, from tensors that the program has then;
   * without them loads begin at once.
   */
  readonly ready?: Readonly<Record<"query" | "key" | "value", Stream>>;
  /** The tensor of the results; `out` unless given. */
  readonly to?: string;
}

/** Adds decode attention to a program; the result has the acknowledgements of each region's stores. */
export function addAttention(
  program: Program,
  options: AttentionOptions,
  joint: AttentionJoint = {},
): readonly Stream[] {
  const settings = attentionSettings(options);
  const build: Build = { program, settings, to: joint.to ?? "out", ready: joint.ready };
  declareTensors(build);
  if (settings.strategy === "coarse") return coarse(build);
  return settings.strategy === "interleaved" ? interleaved(build) : dynamic(build);
}

interface Build {
  readonly program: Program;
  readonly settings: AttentionSettings;
  readonly to: string;
  readonly ready: AttentionJoint["ready"];
}

/** The parts of `RegionInputs` that are tensors, with the rows of one tile. */
function operandRows({ queries }: AttentionSettings): Readonly<Record<Operand, number>> {
  return { query: queries, key: 1, value: 1 };
}

type Operand = "query" | "key" | "value";

const operands: readonly Operand[] = ["query", "key", "value"];
const numbers = ["row", "tiles", "taken"] as const;

function declareTensors({ program, settings, to, ready }: Build): void {
  const { batch, queries, headSize, cacheTiles, tileRows } = settings;
  const tensor = (name: string, rows: number): string =>
    program.tensor(name, { scalar: "f32", rows, columns: headSize });
  if (ready === undefined) {
    tensor("query", batch * queries);
    tensor("key", batch);
    tensor("value", batch);
  }
  tensor("key_cache", batch * cacheTiles * tileRows);
  tensor("value_cache", batch * cacheTiles * tileRows);
  tensor(to, batch * queries);
}

/** Each region reads its own requests, which are known beforehand. */
function coarse({ program, settings, to, ready }: Build): readonly Stream[] {
  return coarseRegions(settings).map((requests, region) => {
    const shape = shapeOf(1, requests.length);
    const numberOf = (name: string): Stream => {
      const given = source(program, { id: `${name}_of${region}`, shape, element: addressType });
      return flatten(given, { id: `${name}_list${region}`, min: 0, max: 1 });
    };
    const load = (name: Operand): Stream => {
      const tile = [operandRows(settings)[name], settings.headSize] as const;
      const given = source(program, { id: `${name}_at${region}`, shape, element: addressType });
      const address = flatten(ready === undefined ? given : held(given, ready[name]), { min: 0, max: 1 });
      return promote(randomLoad(address, { id: `${name}_load${region}`, tensor: name, tile }), { rank: 0 });
    };
    const inputs = Object.fromEntries([
      ...operands.map((name) => [name, load(name)]),
      ...numbers.map((name) => [name, numberOf(name)]),
    ]) as unknown as RegionInputs;
    return attentionRegion(`${region}`, inputs, settings, to).stored;
  });
}

/** The numbers of a stream [1, n], none before the one element of `ready`, which is 1. */
function held(given: Stream, ready: Stream): Stream {
  const ones = expand(promote(ready, { rank: 0 }), given, { rank: 0 });
  return map2(given, ones, { fn: "multiply" });
}

/** What all requests bring, before they are spread: [1, batch, 1] of tiles and [1, batch] of numbers. */
function allRequests({ program, settings, ready }: Build): Readonly<Record<keyof RegionInputs, Stream>> {
  const { batch, headSize } = settings;
  const load = (name: Operand): Stream => {
    const tile = [operandRows(settings)[name], headSize] as const;
    const options = { id: `${name}_load`, tensor: name, tile, shape: [batch, 1], stride: [1, 1] };
    return ready === undefined ? linearLoad(program, options) : linearLoadPer(ready[name], options);
  };
  const given = (name: string): Stream => {
    return source(program, { id: `${name}_of`, shape: shapeOf(1, batch), element: addressType });
  };
  return Object.fromEntries([
    ...operands.map((name) => [name, load(name)]),
    ...numbers.map((name) => [name, given(name)]),
  ]) as Record<keyof RegionInputs, Stream>;
}

/** Adds the regions: `spread` gives, for one part of the inputs, a stream for each of them. */
function regionsOf(
  { settings, to }: Build,
  spread: (part: keyof RegionInputs, rank: number) => readonly Stream[],
): readonly RegionOutputs[] {
  const parts = new Map<keyof RegionInputs, readonly Stream[]>();
  for (const name of operands) parts.set(name, spread(name, 1));
  for (const name of numbers) parts.set(name, spread(name, 0));
  return Array.from({ length: settings.regions }, (_, region) => {
    const inputs = Object.fromEntries([...parts].map(([name, streams]) => [name, streams[region]!]));
    return attentionRegion(`${region}`, inputs as unknown as RegionInputs, settings, to);
  });
}

/** Requests go to the regions in turn. */
function interleaved(build: Build): readonly Stream[] {
  const all = allRequests(build);
  const regions = regionsOf(build, (part, rank) => {
    const list = flatten(all[part], { id: `${part}_list`, min: rank, max: rank + 1 });
    return parallelize(list, { id: `${part}_ways`, rank, ways: build.settings.regions });
  });
  return regions.map(({ stored }) => stored);
}

/** A region gets its next request when it has read all keys of the one before. */
function dynamic(build: Build): readonly Stream[] {
  const { program, settings } = build;
  const all = allRequests(build);
  const counts = Array.from({ length: settings.regions }, (_, region) => program.symbol(`requests${region}`));
  program.assertSame(counts.at(-1)!, subtract(settings.batch, add(...counts.slice(0, -1))));
  const signals = counts.map((count, region) =>
    placeholder(program, { id: `ready${region}`, shape: shapeOf(count), element: addressType }),
  );
  const choice = choose(program, signals as [Stream, ...Stream[]], settings);
  const regions = regionsOf(build, (part, rank) => {
    const ways = partition(all[part], choice, { id: `${part}_ways`, rank });
    if (part === "query") {
      for (const [region, way] of ways.entries()) program.assertSame(way.shape[0]!.extent, counts[region]!);
    }
    return ways;
  });
  return regions.map(({ keys, stored }, region) => {
    const read = accum(keys, { id: `all_read${region}`, fn: "all-read", rank: 1, bandwidth: 1 });
    closeFeedback(signals[region]!, read);
    return stored;
  });
}

/** The region of each request, [1, batch]: the first ones in turn, then whichever is ready. */
function choose(
  program: Program,
  signals: readonly [Stream, ...Stream[]],
  { batch, regions }: AttentionSettings,
): Stream {
  const ready = eagerMerge(signals, { id: "turn" }).selector;
  const first = source(program, { id: "first", shape: shapeOf(regions), element: multihot(regions) });
  if (batch === regions)
    return flatten(promote(promote(first, { rank: 0 }), { rank: 2 }), { id: "choice", min: 0, max: 1 });
  const isUsed = source(program, { id: "used", shape: shapeOf(batch), element: multihot(2) });
  // The last signals come when there are no more requests.
  const [, used] = partition(ready, isUsed, { id: "turns", rank: 0 });
  program.assertSame(used!.shape[0]!.extent, constant(batch - regions));
  const order = source(program, { id: "order", shape: shapeOf(1, batch), element: multihot(2) });
  const turns = reassemble([first, used!], order, { id: "choices" });
  program.assertSame(turns.shape.at(-1)!.extent, constant(1));
  return flatten(turns, { id: "choice", min: 0, max: 1 });
}
