/**
 * Configuration time-multiplexing: pipelines that differ only in the tensors they load become fewer pipelines that serve
 * several streams in turn, in the order of arrival. Compute and buffers are then allocated once for each group.
 *
 * Source: "Streaming Tensor Programs", arXiv 2511.07776, §5.3.
 */
import { StepError } from "../errors.ts";
import { expertAddresses } from "../ops/generate/expert-addresses.ts";
import { randomLoad } from "../ops/memory/random-load.ts";
import type { TileShape } from "../ops/memory/traffic.ts";
import { eagerMerge } from "../ops/routing/eager-merge.ts";
import { partition } from "../ops/routing/partition.ts";
import { promote } from "../ops/shape/promote.ts";
import type { Program, ProgramNode, Stream } from "../program/program.ts";
import { type Pass, type PassRemark, refused } from "./pass.ts";
import { findPipelines, type Pipeline } from "./pipelines.ts";
import { type Replacement, rebuild } from "./rebuild.ts";

/** The `time-multiplex` pass. */
export const timeMultiplex: Pass = {
  name: "time-multiplex",
  about: "Lets pipelines that differ only in their weights take turns in fewer pipelines.",
  options: { regions: { kind: "integer", about: "pipelines that are left" } },
  run(program, { regions }) {
    const { pipelines, left } = findPipelines(program);
    const count = Number(regions);
    if (pipelines.length < 2) {
      throw refused("time-multiplex", left, "there are no two pipelines that differ only in the tensors they load");
    }
    if (pipelines.length % count !== 0 || count >= pipelines.length) {
      const text = `${count} does not divide ${pipelines.length} pipelines into groups of at least two`;
      throw new StepError("pass-refused", `time-multiplex: ${text}`);
    }
    return multiplex(program, pipelines, count, left);
  },
};

function multiplex(
  program: Program,
  pipelines: readonly Pipeline[],
  count: number,
  left: readonly PassRemark[],
): ReturnType<Pass["run"]> {
  const members = pipelines.length / count;
  const groups = Array.from({ length: count }, (_, group) => pipelines.slice(group * members, (group + 1) * members));
  const tensors: Record<string, string[]> = {};
  const replaced = new Map<ProgramNode, Replacement>();
  for (const group of groups) {
    for (const pipeline of group) for (const node of pipeline.nodes) replaced.set(node, gone);
    // The last node of the last member stands for the whole group: everything it needs comes before.
    replaced.set(group.at(-1)!.nodes.at(-1)!, sharedPipeline(group, tensors));
  }
  for (const group of groups) for (const node of group[0]!.loads) stackName(group, node, tensors);
  const changed = groups.map((group) => ({
    nodes: group.map(({ last }) => last.node),
    text: `${group.length} pipelines become one: they apply the same operators to one tile at a time, keep nothing from one tile to the next, and each sweeps its own tensors from the first tile to the last`,
  }));
  const result = rebuild(program, {
    withoutTensors: new Set(Object.values(tensors).flat()),
    prepare(target) {
      for (const [name, stacked] of Object.entries(tensors)) {
        const type = program.tensors.get(stacked[0]!)!;
        target.tensor(name, { ...type, rows: type.rows * stacked.length });
      }
    },
    replacement: (node) => replaced.get(node),
  });
  return { program: result, changed, left, sources: {}, tensors };
}

const gone: Replacement = { needs: [], build: () => new Map() };

/** The tensor that holds those of a group for one load, one below the other. */
function stackName(group: readonly Pipeline[], load: ProgramNode, tensors: Record<string, string[]>): string {
  const place = group[0]!.loads.indexOf(load);
  const names = group.map(({ loads }) => String(loads[place]!.attributes.tensor));
  const name = `${names[0]!}_to_${names.at(-1)!}`;
  tensors[name] = names;
  return name;
}

function sharedPipeline(group: readonly Pipeline[], tensors: Record<string, string[]>): Replacement {
  const [first] = group as [Pipeline];
  return {
    needs: group.map(({ head }) => head),
    build(program, streamOf) {
      const heads = group.map(({ head }) => streamOf(head)) as [Stream, ...Stream[]];
      const { merged, selector } = eagerMerge(heads, { id: `${first.last.node}.turns` });
      const streams = new Map<Stream, Stream>([[first.head, merged]]);
      for (const node of first.nodes) {
        const made = first.loads.includes(node)
          ? [stackedLoad(node, selector, stackName(group, node, tensors))]
          : program.add(node.operator, {
              id: node.id,
              inputs: node.inputs.map((stream) => streams.get(stream)!),
              attributes: node.attributes,
            }).outputs;
        for (const [port, stream] of node.outputs.entries()) streams.set(stream, made[port]!);
      }
      const results = partition(streams.get(first.last)!, selector, { id: `${first.last.node}.back`, rank: 0 });
      for (const [member, result] of results.entries()) {
        program.assertSame(result.shape[0]!.extent, program.typeOf(heads[member]!).shape[0]!.extent);
      }
      return new Map(group.map(({ last }, member) => [last, results[member]!]));
    },
  };
}

/** All tiles of the tensor of whichever member has its turn, with the dimensions of the sweep. */
function stackedLoad(load: ProgramNode, selector: Stream, tensor: string): Stream {
  const shape = load.attributes.shape as readonly number[];
  const tiles = shape.reduce((product, size) => product * size, 1);
  const addresses = expertAddresses(selector, { id: `${load.id}.addresses`, tiles });
  let stream = randomLoad(addresses, { id: load.id, tensor, tile: load.attributes.tile as unknown as TileShape });
  const long = Math.max(
    0,
    shape.findIndex((size) => size > 1),
  );
  for (let inner = long + 1; inner < shape.length; inner++) stream = promote(stream, { rank: 0 });
  for (let outer = 0; outer < long; outer++) stream = promote(stream, { rank: shape.length - long });
  return stream;
}
