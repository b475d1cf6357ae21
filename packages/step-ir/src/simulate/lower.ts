/** Makes a machine of a program: a node per operator, a channel per stream. */
import { type Channel, Graph, type Memory, type MemoryModel, type Node } from "@millrace/sim-core";
import { StepError } from "../errors.ts";
import type { TensorContents } from "../interpret/process.ts";
import { insertBroadcasts } from "../program/insert-broadcasts.ts";
import { nameOf, type Program, type ProgramNode, type Stream } from "../program/program.ts";
import { scalarBytes } from "../stream/element-type.ts";
import type { Slot } from "../stream/fused-tokens.ts";
import { rankOf } from "../stream/shape.ts";
import type { TileValue, Value } from "../stream/value.ts";
import type { MachineOptions, Site, Tally } from "./machine.ts";
import { TimedOutput, TimedSink, TimedSource } from "./nodes/boundary.ts";
import { TimedBroadcast } from "./nodes/broadcast.ts";
import { TimedBufferize, TimedStreamify } from "./nodes/buffer.ts";
import { TimedChoose } from "./nodes/choose.ts";
import { TimedAccum, TimedMap } from "./nodes/compute.ts";
import { TimedEagerMerge } from "./nodes/eager-merge.ts";
import { TimedLinearLoad, TimedRandomLoad, TimedStore } from "./nodes/memory.ts";
import { TimedParallelize, TimedPartition, TimedReassemble } from "./nodes/routing.ts";
import { TimedExpand, TimedFlatten, TimedPromote, TimedRepeat, TimedReshape, TimedZip } from "./nodes/shape.ts";
import { TimedFlatMap, TimedGenerator } from "./nodes/spread.ts";
import { quirksOf } from "./quirks.ts";
import { bareTag, valueTag } from "./slot-tag.ts";
import { StreamCount } from "./stream-count.ts";
import { TimedNode } from "./timed-node.ts";
import { payloadKind, ValuePool } from "./value-pool.ts";

/** What lowering needs besides the program. */
export interface LowerOptions extends MachineOptions {
  readonly memory: MemoryModel;
  /** Slots of every channel. */
  readonly depth: number;
  /** Slots of the channels that a node writes, by its id. */
  readonly depths: Readonly<Record<string, number>>;
  /** What the off-chip tensors hold; without it tiles travel without their numbers. */
  readonly tensors: ReadonlyMap<string, TensorContents> | null;
  /** Slots of the sources, by id. */
  readonly sources: ReadonlyMap<string, readonly Slot<Value>[]>;
}

type Maker = (site: Site) => Node;

const makers: Readonly<Record<string, Maker>> = {
  "linear-load": (site) => new TimedLinearLoad(site),
  "linear-store": (site) => new TimedStore(site),
  "random-load": (site) => new TimedRandomLoad(site),
  "random-store": (site) => new TimedStore(site),
  bufferize: (site) => new TimedBufferize(site),
  streamify: (site) => new TimedStreamify(site),
  map: (site) => new TimedMap(site),
  accum: (site) => new TimedAccum(site),
  scan: (site) => new TimedAccum(site),
  "flat-map": (site) => new TimedFlatMap(site),
  choose: (site) => new TimedChoose(site),
  partition: (site) => new TimedPartition(site),
  reassemble: (site) => new TimedReassemble(site),
  "eager-merge": (site) => new TimedEagerMerge(site),
  parallelize: (site) => new TimedParallelize(site),
  broadcast: (site) => new TimedBroadcast(site.node.id, site.inputs, site.outputs),
  flatten: (site) => new TimedFlatten(site),
  reshape: (site) => new TimedReshape(site),
  promote: (site) => new TimedPromote(site),
  expand: (site) => new TimedExpand(site),
  repeat: (site) => new TimedRepeat(site),
  zip: (site) => new TimedZip(site),
  "expert-addresses": (site) => new TimedGenerator(site),
  "cache-addresses": (site) => new TimedGenerator(site),
  "last-tile": (site) => new TimedGenerator(site),
  output: (site) => new TimedOutput(site),
};

/** A machine, and what it counts while it runs. */
export interface Machine {
  readonly graph: Graph;
  readonly tally: Tally;
  /** Of the streams of the program that are made by its own nodes, other than copies. */
  readonly counts: ReadonlyMap<Stream, StreamCount>;
}

/** The machine of `program`. */
export function lower(program: Program, options: LowerOptions): Machine {
  const explicit = insertBroadcasts(program);
  const graph = new Graph({ capacity: options.depth });
  const memory = graph.memory("memory", options.memory);
  const tally: Tally = { flops: 0, orders: new Map(), outputs: new Map() };
  const pool = new ValuePool(options.tensors !== null);
  const addresses = placeTensors(program);
  const read = new Set<Stream>([...explicit.nodes.flatMap((node) => node.inputs), ...explicit.feedback.values()]);
  const channels = new Map<Stream, Channel>();
  const counts = new Map<Stream, StreamCount>();
  const channelOf = (stream: Stream): Channel => {
    const node = explicit.node(stream.node)!;
    if (node.operator.name === "placeholder") return channelOf(fedBy(explicit, node));
    let channel = channels.get(stream);
    if (channel === undefined) {
      const own = node.operator.name === "broadcast" ? (node.attributes.depth as number | undefined) : undefined;
      const capacity = options.depths[stream.node] ?? own ?? options.depth;
      channel = graph.channel(nameOf(stream), { capacity });
      channels.set(stream, channel);
    }
    return channel;
  };
  for (const node of explicit.nodes) {
    if (node.operator.name === "placeholder") continue;
    const site = siteOf(explicit, node, { graph, memory, tally, pool, addresses, options, channelOf });
    const made = node.operator.name === "source" ? sourceNode(site, options) : makers[node.operator.name]!(site);
    if (made instanceof TimedNode || made instanceof TimedEagerMerge) made.counts = countsOf(program, node.id, counts);
    graph.add(made);
    for (const stream of node.outputs) {
      if (!read.has(stream)) graph.add(new TimedSink(`${nameOf(stream)}.unread`, [channelOf(stream)], []));
    }
  }
  return { graph, tally, counts };
}

/** Fresh counts of the outputs of a node of the program; none for a node that was put in. */
function countsOf(program: Program, id: string, counts: Map<Stream, StreamCount>): readonly StreamCount[] {
  const outputs = program.node(id)?.outputs ?? [];
  return outputs.map((stream) => {
    const count = new StreamCount(rankOf(stream.shape));
    counts.set(stream, count);
    return count;
  });
}

interface Workshop {
  readonly graph: Graph;
  readonly memory: Memory;
  readonly tally: Tally;
  readonly pool: ValuePool;
  readonly addresses: ReadonlyMap<string, number>;
  readonly options: LowerOptions;
  readonly channelOf: (stream: Stream) => Channel;
}

function siteOf(program: Program, node: ProgramNode, shop: Workshop): Site {
  const { memoryUnitBytesPerCycle = 64, bytesPerF32 = 4, memory, quirks } = shop.options;
  return {
    node: program.typed(node),
    inputs: node.inputs.map(shop.channelOf),
    outputs: node.outputs.map(shop.channelOf),
    pool: shop.pool,
    options: { memoryUnitBytesPerCycle, bytesPerF32 },
    quirks: quirksOf(quirks),
    tally: shop.tally,
    burstBytes: memory.burstBytes,
    tensors: shop.options.tensors,
    tensorAddress: (name) => shop.addresses.get(name)!,
    port: (access, burstsPerCycle) => shop.memory.port(node.id, { access, burstsPerCycle }),
  };
}

function fedBy(program: Program, node: ProgramNode): Stream {
  const stream = program.feedback.get(node.id);
  if (stream !== undefined) return stream;
  throw new StepError("program-invalid", `placeholder "${node.id}" is not fed: close it with a stream`, {
    node: node.id,
  });
}

function sourceNode(site: Site, { sources }: LowerOptions): Node {
  const slots = sources.get(site.node.id)!;
  const kind = payloadKind(site.node.outputs[0]!.element);
  const payload = (value: Value): number => {
    return kind === "number" ? (value as TileValue).numbers[0]! : site.pool.payload(value);
  };
  return new TimedSource(
    site,
    slots.map(({ value }) => (value === undefined ? 0 : payload(value))),
    slots.map(({ value, stop }) => (value === undefined ? bareTag(stop) : valueTag(stop))),
  );
}

/** First byte of each tensor, one after the other, each at a multiple of 4096. */
function placeTensors(program: Program): Map<string, number> {
  let next = 0;
  const addresses = new Map<string, number>();
  for (const [name, { scalar, rows, columns }] of program.tensors) {
    addresses.set(name, next);
    next += Math.ceil((rows * columns * scalarBytes[scalar]) / 4096) * 4096;
  }
  return addresses;
}
