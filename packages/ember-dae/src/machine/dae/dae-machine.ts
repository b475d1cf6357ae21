/**
 * A decoupled machine on the simulation core: two nodes per traversal unit, the arbiter, a memory, the marshaler, the core.
 *
 * Source: the Tensor Marshaling Unit, MICRO 2023, as the target of Ember (arXiv 2504.09870, CGO 2026).
 */
import {
  type Channel,
  Graph,
  type Memory,
  type MemoryModel,
  type SimulationReport,
  simulate,
  type TimelineRecorder,
} from "@millrace/sim-core";
import { EmberError } from "../../errors.ts";
import { type AccessTrace, lineBytes, type UnitTrace } from "../access/access-trace.ts";
import { largestEvent } from "../access/event-kinds.ts";
import type { DaeMachine } from "../machine.ts";
import { Arbiter, type Requester, type StreamLines } from "./arbiter.ts";
import { ExecuteCore } from "./execute-core.ts";
import { Marshaler } from "./output-queue.ts";
import { LineAsker, LineTaker } from "./traversal-unit.ts";

/** What the access unit and the core run on. */
export interface DaeSetup {
  readonly machine: DaeMachine;
  readonly memory: MemoryModel;
  /** By stream of the trace: whether it enters at the second cache. None unless given. */
  readonly throughSecond?: readonly boolean[];
  readonly timeline?: TimelineRecorder | undefined;
}

/** One trace in time. */
export interface DaeRun {
  readonly report: SimulationReport;
  readonly lines: StreamLines;
  /** Cycles in which lines were asked for while all room for lines under way was taken. */
  readonly exhaustedCycles: number;
  /** When each part of the queue was full, and when it was free again. */
  readonly parts: { readonly fullAt: Float64Array; readonly freeAt: Float64Array };
}

/**
 * Times a trace.
 *
 * @throws {EmberError} `machine` if its queue or its layers are too small for the program
 */
export function runDae(trace: AccessTrace, setup: DaeSetup): DaeRun {
  checkFits(trace, setup.machine);
  const { machine } = setup;
  const graph = new Graph();
  const memory = graph.memory("memory", setup.memory);
  const turnsOf = trace.units.map((unit, index) =>
    graph.channel(`turns ${index}`, { capacity: storageOf({ machine, trace }, unit, index).passed }),
  );
  const started = new Set(trace.units.flatMap(({ children }) => children));
  const begins = new Map([...started].map((unit) => [unit, graph.channel(`begin ${unit}`, { capacity: 2 })] as const));
  const requesters = trace.units.flatMap((unit, index) => {
    const readers = [turnsOf[index]!, ...unit.children.map((child) => begins.get(child) as Channel)];
    return addUnit({ graph, memory, machine, trace }, unit, {
      index,
      permits: begins.get(index),
      readers,
    });
  });
  const arbiter = graph.add(
    new Arbiter(requesters, {
      machine,
      throughSecond: setup.throughSecond ?? trace.streams.map(() => false),
      burstsPerLine: Math.ceil(lineBytes / setup.memory.burstBytes),
    }),
  );
  const parts = graph.channel("queue", { capacity: machine.queue.chunks });
  const { chunkBytes } = machine.queue;
  graph.add(new Marshaler(trace, { turnsOf, parts }, { ...machine, chunkBytes }));
  const core = graph.add(new ExecuteCore(parts));
  const report = simulate(graph, setup.timeline === undefined ? {} : { timeline: setup.timeline });
  const times = { fullAt: core.fullAt.values, freeAt: core.freeAt.values };
  return { report, lines: arbiter.lines, exhaustedCycles: arbiter.exhaustedCycles, parts: times };
}

interface Place {
  readonly graph: Graph;
  readonly memory: Memory;
  readonly machine: DaeMachine;
  readonly trace: AccessTrace;
}

interface UnitWires {
  readonly index: number;
  readonly permits: Channel | undefined;
  readonly readers: readonly Channel[];
}

function addUnit(place: Place, unit: UnitTrace, { index, permits, readers }: UnitWires): Requester[] {
  const { graph, memory } = place;
  let permit = permits;
  return unit.stages.map((_, stage) => {
    const name = stage === 0 ? `unit ${index}` : `unit ${index}.${stage}`;
    const last = stage === unit.stages.length - 1;
    const requests = graph.channel(`${name} lines`, { capacity: 16 });
    const answers = graph.channel(`${name} answers`);
    const underWay = graph.channel(`${name} storage`, {
      capacity: storageOf(place, unit, index).underWay,
    });
    const next = last ? undefined : graph.channel(`${name} places`, { capacity: 2 });
    graph.add(new LineAsker(`${name} asks`, unit, stage, { permits: permit, requests, underWay }));
    graph.add(new LineTaker(`${name} takes`, { underWay, answers, readers: next === undefined ? readers : [next] }));
    permit = next;
    const burstsPerCycle = Math.ceil(lineBytes / memory.model.burstBytes);
    return { depth: unit.depth, requests, answers, port: memory.port(name, { burstsPerCycle }) };
  });
}

// Innermost units share one half of the storage by lines, the others the other half by 8-byte values. A turn of an outer
// unit stays until it is marshaled, while inner units already run: half of its places are for such turns.
function storageOf({ machine, trace }: Pick<Place, "machine" | "trace">, unit: UnitTrace, index: number) {
  const half = (machine.lanes * machine.streamBytesPerLane) / 2;
  const innermost = unit.children.length === 0;
  const sharing = trace.units.filter(({ children }) => (children.length === 0) === innermost).length;
  const most = unit.stages.reduce((sum, { requests }) => sum + requests.values.reduce((a, b) => Math.max(a, b), 0), 0);
  const streams = trace.streams.filter((stream) => stream.unit === index).length;
  const bytes = innermost ? lineBytes * Math.max(1, most) : 8 * (1 + streams);
  const groups = Math.floor(half / sharing / bytes / unit.stages.length);
  const passed = innermost ? 8 : Math.max(2, groups >> 1);
  return { passed, underWay: Math.max(1, innermost ? groups : groups >> 1) };
}

function checkFits({ units, kinds }: AccessTrace, { layers, queue, name }: DaeMachine): void {
  const depth = units.reduce((most, unit) => Math.max(most, unit.depth + 1), 0);
  if (depth > layers) {
    throw new EmberError("machine", `the program nests ${depth} loops, but ${name} has ${layers} layers`, {
      help: "give the machine more layers",
    });
  }
  const least = largestEvent(kinds);
  if (queue.chunkBytes < least) {
    throw new EmberError(
      "machine",
      `an event pushes ${least} bytes, but parts of the queue of ${name} have ${queue.chunkBytes}`,
      {
        help: `queue.chunkBytes must be at least ${least} for this program`,
      },
    );
  }
}
