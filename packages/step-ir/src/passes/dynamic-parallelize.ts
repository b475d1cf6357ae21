/**
 * Dynamic parallelization: requests that are dealt to regions in turn go to whichever region has read its last one first.
 *
 * Source: "Streaming Tensor Programs", arXiv 2511.07776, §5.4.
 */
import { StepError } from "../errors.ts";
import { add, constant, subtract } from "../extent/arithmetic.ts";
import type { Extent } from "../extent/extent.ts";
import { closeFeedback, placeholder } from "../ops/boundary/placeholder.ts";
import { source } from "../ops/boundary/source.ts";
import { accum } from "../ops/compute/accum.ts";
import { eagerMerge } from "../ops/routing/eager-merge.ts";
import { partition } from "../ops/routing/partition.ts";
import { reassemble } from "../ops/routing/reassemble.ts";
import { flatten } from "../ops/shape/flatten.ts";
import type { Program, ProgramNode, Stream } from "../program/program.ts";
import { staticExtent } from "../stream/dimension.ts";
import { addressType, multihot } from "../stream/element-type.ts";
import { rankOf, shapeOf } from "../stream/shape.ts";
import { dealtWays, faultOfWays, readyStreams, waysOf } from "./dealt-ways.ts";
import { type Pass, refused } from "./pass.ts";
import { type Replacement, rebuild } from "./rebuild.ts";

/** The `dynamic-parallelize` pass. */
export const dynamicParallelize: Pass = {
  name: "dynamic-parallelize",
  about: "Sends requests to the region that is ready first, instead of dealing them out in turn.",
  options: {
    ready: {
      kind: "word",
      about:
        "ids, without the number of the region, of the loads that say when a region is ready; the first load unless given",
      optional: true,
    },
  },
  run(program, { ready }) {
    const dealers = dealtWays(program);
    if (dealers.length === 0)
      throw refused("dynamic-parallelize", [], "there is no parallelize that deals requests out");
    const nodes = dealers.map(({ id }) => id);
    const fault = faultOfWays(program, dealers);
    if (fault !== undefined) throw refused("dynamic-parallelize", [{ nodes, text: fault }], "");
    const signals = readyStreams(program, dealers, ready === undefined ? undefined : String(ready));
    const plan = planOf(program, dealers, signals);
    const changed = [
      {
        nodes,
        text: `${plan.requests} requests go to whichever of ${plan.ways} regions has read all of "${signals[0]!.node}" first: no node joins two regions, so no result depends on which region a request goes to`,
      },
    ];
    return { program: rewrite(program, plan), changed, left: [], sources: controls(plan), tensors: {} };
  },
};

interface Plan {
  readonly dealers: readonly ProgramNode[];
  readonly signals: readonly Stream[];
  readonly ways: number;
  readonly requests: number;
}

function planOf(program: Program, dealers: readonly ProgramNode[], signals: readonly Stream[]): Plan {
  const [first] = dealers as [ProgramNode];
  const ways = Number(first.attributes.ways);
  const requests = staticExtent(program.typeOf(first.inputs[0]!).shape[0]!);
  if (requests === undefined || requests <= ways) {
    const text = `it deals ${String(requests ?? "an unknown number of")} requests to ${ways} regions: their number must be known, and larger`;
    throw refused("dynamic-parallelize", [{ nodes: [first.id], text }], "");
  }
  return { dealers, signals, ways, requests };
}

/** Streams of the new sources: the first requests in turn, the others by readiness; the last signals are not used. */
function controls({ ways, requests }: Plan): Record<string, string> {
  const stream = (choices: readonly number[]): string => [...choices, "D"].join(".");
  const each = (length: number, choose: (place: number) => number): number[] =>
    Array.from({ length }, (_, at) => choose(at));
  return {
    first_turns: stream(each(ways, (place) => place)),
    used_turns: stream(each(requests, (place) => (place < requests - ways ? 1 : 0))),
    order_of_turns: stream(each(requests, (place) => (place < ways ? 0 : 1))),
  };
}

function rewrite(program: Program, plan: Plan): Program {
  const { dealers, signals, ways } = plan;
  let choice: Stream | undefined;
  let counts: readonly Extent[] = [];
  const placeholders: Stream[] = [];
  const replaced = (node: ProgramNode): Replacement => ({
    needs: node.inputs,
    build(target, streamOf) {
      if (choice === undefined) {
        counts = Array.from({ length: ways }, (_, way) => target.symbol(`region_requests${way}`));
        target.assertSame(counts.at(-1)!, subtract(plan.requests, add(...counts.slice(0, -1))));
        for (const [way, count] of counts.entries()) {
          placeholders.push(
            placeholder(target, { id: `region_ready${way}`, shape: shapeOf(count), element: addressType }),
          );
        }
        choice = choose(target, placeholders as [Stream, ...Stream[]], plan);
      }
      const rank = Number(node.attributes.rank);
      const parts = partition(streamOf(node.inputs[0]!), choice, { id: node.id, rank });
      for (const [way, part] of parts.entries()) target.assertSame(part.shape[0]!.extent, counts[way]!);
      return new Map(node.outputs.map((stream, way) => [stream, parts[way]!]));
    },
  });
  const regionOf = regionsOfSymbols(program, dealers);
  return rebuild(program, {
    replacement: (node) => (dealers.includes(node) ? replaced(node) : undefined),
    // What was said to be as long as the list of a region still is.
    assertion(text, extent) {
      const way = regionOf.get(text);
      return way !== undefined && extent.value === Math.ceil((plan.requests - way) / ways) ? counts[way]! : extent;
    },
    finish(_target, streamOf) {
      for (const [way, signal] of signals.entries()) {
        const stream = streamOf(signal);
        const rank = rankOf(stream.shape);
        if (rank === 0)
          throw new StepError("pass-refused", `dynamic-parallelize: "${signal.node}" has no tiles to wait for`);
        closeFeedback(
          placeholders[way]!,
          accum(stream, { id: `region_read${way}`, fn: "all-read", rank, bandwidth: 1 }),
        );
      }
    },
  });
}

/** The region in which each symbol is made. */
function regionsOfSymbols(program: Program, dealers: readonly ProgramNode[]): ReadonlyMap<string, number> {
  const ways = waysOf(program, dealers);
  const regions = new Map<string, number>();
  for (const node of program.nodes) {
    const [way, ...others] = new Set(node.outputs.flatMap((stream) => [...(ways.get(stream) ?? [])]));
    if (way === undefined || others.length > 0) continue;
    for (const name of program.symbolsOf(node.id)) regions.set(name, way);
  }
  return regions;
}

/** The region of each request, [requests]. */
function choose(program: Program, signals: readonly [Stream, ...Stream[]], { ways, requests }: Plan): Stream {
  const ready = eagerMerge(signals, { id: "region_turns" }).selector;
  const first = source(program, { id: "first_turns", shape: shapeOf(ways), element: multihot(ways) });
  const isUsed = source(program, { id: "used_turns", shape: shapeOf(requests), element: multihot(2) });
  const [, used] = partition(ready, isUsed, { id: "later_turns", rank: 0 });
  program.assertSame(used!.shape[0]!.extent, constant(requests - ways));
  const order = source(program, { id: "order_of_turns", shape: shapeOf(requests), element: multihot(2) });
  const turns = reassemble([first, used!], order, { id: "all_turns" });
  program.assertSame(turns.shape.at(-1)!.extent, constant(1));
  return flatten(turns, { id: "region_choice", min: 0, max: 1 });
}
