/**
 * A SAM graph as a machine of the engine: a node for each block, a channel for each stream that has a consumer.
 */
import { type Channel, type ChannelOptions, Graph, type MemoryModel } from "@millrace/sim-core";
import { LatentPort } from "../blocks/latent-port.ts";
import { ArrayMemory } from "../blocks/memory/array-memory.ts";
import { OutPort } from "../blocks/out-port.ts";
import { FuseflowError } from "../errors.ts";
import { withoutBroadcasts } from "../sam/connect-blocks.ts";
import type { SamBlock, SamGraph } from "../sam/graph.ts";
import { portsOf } from "../sam/ports.ts";
import type { TimingProfile } from "../timing/profile.ts";
import { timeAsTiles, timeOfTiles, type ValueTiming } from "../timing/tile-timing.ts";
import { addCrdHold, addIntake, storesInput } from "./global-clock-parts.ts";
import { hollowReductions } from "./hollow-reductions.ts";
import { LaneMaker } from "./lane-maker.ts";
import { type BlockPlace, makeBlock, type SamNode } from "./make-block.ts";
import type { Operands } from "./operand-arrays.ts";
import { RecordingPort, type StreamRecord } from "./stream-record.ts";
import { TileStore, tileSizeOf } from "./tile-store.ts";

/**
 * Slots of a channel of `sam-sync` beyond the depth of its queue: a queue is too full only with one token more than its
 * depth, and one was on its way when the producer was told. See `Block.room`.
 */
export const REGISTER_SLACK = 2;

/** Id of the node that serves the memory. */
const MEMORY = "memory";

/** Settings of a machine. */
export interface MachineOptions {
  readonly profile: TimingProfile;
  /** Tokens a queue holds before its producer stalls; unbounded if not given. */
  readonly fifo?: number;
  /** The memory that holds operands and outputs; reading and writing take no time of their own if not given. */
  readonly memory?: MemoryModel;
  /** Size of the tiles in whose time values are worked on; tiles themselves if not given. */
  readonly tileTiming?: number;
  /** Where to keep the tokens of every stream, if anywhere. */
  readonly record?: StreamRecord;
}

/** A machine, and its nodes by block. */
export interface Machine {
  readonly graph: Graph;
  readonly blocks: ReadonlyMap<string, SamNode>;
  /** Tiles, where values are numbers of them. */
  readonly tiles: TileStore | null;
}

/**
 * Builds the machine of `graph`. Channels have the ids of the edges at whose ends they are read.
 *
 * @throws {FuseflowError} `graph-invalid` if an input has no stream, `operand-missing`, `operand-format` for operands.
 */
export function buildMachine(graph: SamGraph, operands: Operands, options: MachineOptions): Machine {
  const { profile } = options;
  const wired = profile.broadcastBlocks ? { blocks: graph.blocks, connections: graph.edges } : withoutBroadcasts(graph);
  refuseGallop(graph, options);
  const machine = new Graph();
  const edgeInto = new Map(graph.edges.map((edge) => [portKey(edge.to.block, edge.to.port), edge.id]));
  const kinds = new Map(graph.blocks.map((block) => [block.id, block]));
  const { tileTiming } = options;
  const size = tileSizeOf(graph);
  const tiles = size === null ? null : new TileStore(graph, operands, size);
  const timeOf = (block: SamBlock): ValueTiming =>
    tileTiming === undefined ? timeOfTiles(block) : timeAsTiles(block, tileTiming);
  const readers = new Map<string, Channel>();
  const writers = new Map<string, Channel[]>();
  for (const { from, to } of wired.connections) {
    const key = portKey(to.block, to.port);
    const channel = machine.channel(edgeInto.get(key)!, channelOptions(options));
    const takesIn = profile.globalClock && options.fifo !== undefined && storesInput(kinds.get(to.block), to.port);
    readers.set(key, takesIn ? addIntake(machine, channel, profile) : channel);
    const fromKey = portKey(from.block, from.port);
    writers.set(fromKey, [...(writers.get(fromKey) ?? []), channel]);
  }
  const memory =
    options.memory === undefined ? {} : { memory: new ArrayMemory(machine.memory(MEMORY, options.memory)) };
  const place: BlockPlace = { profile, operands, hollow: hollowReductions(graph, operands), timeOf, tiles, ...memory };
  const lanes = new LaneMaker(machine, graph);
  const blocks = new Map<string, SamNode>();
  for (const block of wired.blocks) {
    const ports = portsOf(block);
    const inputs = connectedInputs(block, readers);
    const outputs = ports.outputs.map(({ name }) => {
      const channels = writers.get(portKey(block.id, name)) ?? [];
      const { latency } = timeOf(block);
      const port = latency > 1 ? new LatentPort(channels, latency) : new OutPort(channels);
      return options.record === undefined ? port : new RecordingPort(port, options.record);
    });
    const wiring = { id: block.id, inputs: inputs.channels, inputNames: inputs.names, outputs, timing: profile };
    const special = lanes.make(block, wiring) ?? (profile.globalClock ? addCrdHold(machine, block, wiring) : null);
    blocks.set(block.id, special ?? machine.add(makeBlock(block, wiring, place)));
  }
  if (tiles !== null) keepTiles(graph, tiles, { readers, blocks });
  return { graph: machine, blocks, tiles };
}

/** Tells the pool where tiles may be: in streams of values, and in blocks that keep them. */
function keepTiles(
  { edges, blocks }: SamGraph,
  { pool }: TileStore,
  made: { readonly readers: ReadonlyMap<string, Channel>; readonly blocks: ReadonlyMap<string, SamNode> },
): void {
  for (const { kind, to } of edges) {
    const stream = made.readers.get(portKey(to.block, to.port));
    if (kind === "val" && stream !== undefined) pool.watch(stream);
  }
  const keepers = new Set(["reduce", "spacc", "write-values"]);
  for (const block of blocks) {
    const keeps = keepers.has(block.type) || (block.type === "repeat" && block.of === "val");
    const node = made.blocks.get(block.id);
    if (keeps && node !== undefined && "held" in node) pool.hold((visit) => node.held(visit));
  }
}

function connectedInputs(
  block: SamBlock,
  readers: ReadonlyMap<string, Channel>,
): { readonly channels: readonly Channel[]; readonly names: readonly string[] } {
  const channels: Channel[] = [];
  const names: string[] = [];
  for (const { name, optional } of portsOf(block).inputs) {
    const channel = readers.get(portKey(block.id, name));
    if (channel === undefined) {
      if (optional) continue;
      throw new FuseflowError("graph-invalid", `input ${name} of block ${block.id} (${block.type}) has no stream`);
    }
    channels.push(channel);
    names.push(name);
  }
  return { channels, names };
}

function channelOptions({ profile, fifo }: MachineOptions): ChannelOptions {
  if (fifo === undefined) return {};
  return profile.registers ? { capacity: fifo + REGISTER_SLACK, responseLatency: 2 } : { capacity: fifo };
}

function portKey(block: string, port: string): string {
  return `${block}\n${port}`;
}

// A scanner that is sent ahead acts in order of time, which leaves it without a rule for full queues and slow arrays.
function refuseGallop(graph: SamGraph, { fifo, memory }: MachineOptions): void {
  const skip = graph.edges.find(({ to }) => to.port === "skip");
  if (skip === undefined || (fifo === undefined && memory === undefined)) return;
  throw new FuseflowError(
    "simulate-options",
    `block ${skip.to.block} is sent ahead by an intersection; simulate it without fifo and without memory`,
  );
}
