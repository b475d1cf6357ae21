/** The matrix products of experts: one pipeline for each, or pipelines that several experts take turns in. */
import { accum2 } from "../ops/compute/accum.ts";
import { map, map2 } from "../ops/compute/map.ts";
import { expertAddresses } from "../ops/generate/expert-addresses.ts";
import { linearLoadPer } from "../ops/memory/linear-load.ts";
import { randomLoad } from "../ops/memory/random-load.ts";
import { eagerMerge } from "../ops/routing/eager-merge.ts";
import { partition } from "../ops/routing/partition.ts";
import { flatten } from "../ops/shape/flatten.ts";
import { repeat } from "../ops/shape/repeat.ts";
import type { Stream } from "../program/program.ts";
import type { MoeOptions } from "./moe-options.ts";

/** Settings of the nodes that compute. */
export function compute({ bandwidth }: MoeOptions): { bandwidth?: number } {
  return bandwidth === undefined ? {} : { bandwidth };
}

/** The weight tiles of one pipeline, [tiles, steps] each. */
interface Weights {
  readonly gate: Stream;
  readonly up: Stream;
  readonly down: Stream;
}

/** Results of all experts, each with a pipeline of its own; the tensors of expert e are `gate${e}`, `up${e}`, `down${e}`. */
export function ownPipelines(packed: readonly Stream[], options: MoeOptions): readonly Stream[] {
  const { hidden, inner, tileInner } = options;
  const steps = inner / tileInner;
  return packed.map((tiles, expert) => {
    declareWeights(tiles, expert, options, 1);
    const load = (name: "gate" | "up" | "down"): Stream => {
      const tile = name === "down" ? ([tileInner, hidden] as const) : ([hidden, tileInner] as const);
      const id = `${name}${expert}`;
      return flatten(linearLoadPer(tiles, { id, tensor: id, tile, shape: [steps, 1], stride: [1, 1] }), {
        min: 0,
        max: 1,
      });
    };
    return pipeline(tiles, { gate: load("gate"), up: load("up"), down: load("down") }, `${expert}`, options);
  });
}

/** Results of all experts, of which those with neighbouring numbers share a pipeline. */
export function sharedPipelines(packed: readonly Stream[], options: MoeOptions): readonly Stream[] {
  const { experts, hidden, inner, tileInner, regions = experts } = options;
  const members = experts / regions;
  const steps = inner / tileInner;
  return Array.from({ length: regions }, (_, region) => {
    const own = packed.slice(region * members, (region + 1) * members) as [Stream, ...Stream[]];
    declareWeights(own[0], region, options, members);
    const { merged, selector } = eagerMerge(own, { id: `merge${region}` });
    const addresses = expertAddresses(selector, { id: `addresses${region}`, tiles: steps });
    const load = (name: "gate" | "up" | "down"): Stream => {
      const tile = name === "down" ? ([tileInner, hidden] as const) : ([hidden, tileInner] as const);
      return randomLoad(addresses, { id: `${name}${region}`, tensor: `${name}${region}`, tile });
    };
    const weights = { gate: load("gate"), up: load("up"), down: load("down") };
    const results = partition(pipeline(merged, weights, `${region}`, options), selector, {
      id: `from_region${region}`,
      rank: 0,
    });
    for (const [member, result] of results.entries()) {
      result.program.assertSame(result.shape[0]!.extent, own[member]!.shape[0]!.extent);
    }
    return results;
  }).flat();
}

function declareWeights(stream: Stream, place: number, { hidden, inner }: MoeOptions, members: number): void {
  const { program } = stream;
  program.tensor(`gate${place}`, { scalar: "f32", rows: members * hidden, columns: inner });
  program.tensor(`up${place}`, { scalar: "f32", rows: members * hidden, columns: inner });
  program.tensor(`down${place}`, { scalar: "f32", rows: members * inner, columns: hidden });
}

/** (silu(x·gate) * x·up)·down for each tile x. */
function pipeline(tiles: Stream, { gate, up, down }: Weights, name: string, options: MoeOptions): Stream {
  const settings = compute(options);
  const repeated = repeat(tiles, { id: `repeated${name}`, count: options.inner / options.tileInner });
  const raised = map2(repeated, up, { id: `raised${name}`, fn: "matmul", ...settings });
  const gated = map2(repeated, gate, { id: `gated${name}`, fn: "matmul", ...settings });
  const active = map(gated, { id: `active${name}`, fn: "silu", ...settings });
  const product = map2(raised, active, { id: `product${name}`, fn: "multiply", ...settings });
  return accum2(product, down, { id: `result${name}`, fn: "matmul", rank: 1, ...settings });
}
