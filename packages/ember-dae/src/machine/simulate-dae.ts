/** Times a workload on a decoupled machine: compiled, recorded, run on the simulation core. */
import { idealMemory, type MemoryModel, type TimelineRecorder } from "@millrace/sim-core";
import { operationNest } from "../nest/operation-nest.ts";
import { argumentNames } from "../operation/operation.ts";
import { compile, type OptimizationLevel } from "../passes/pipeline.ts";
import { type AccessTrace, trafficOf } from "./access/access-trace.ts";
import { recordAccess } from "./access/record-access.ts";
import { cacheHints } from "./dae/cache-hints.ts";
import { type DaeRun, runDae } from "./dae/dae-machine.ts";
import { queueOccupancy } from "./dae/queue-occupancy.ts";
import type { DaeMachine } from "./machine.ts";
import { energyOf, perSecond, type StreamReport, type TimingReport } from "./timing-report.ts";
import { lookupsOf, memoriesOf, type Workload } from "./workload.ts";

/** How a decoupled machine is run. */
export interface DaeOptions {
  /** emb-opt3 unless given. */
  readonly level?: OptimizationLevel;
  /** 100 ns and 64 bytes a cycle unless given. */
  readonly memory?: MemoryModel;
  readonly timeline?: TimelineRecorder | undefined;
}

/** Latency of the memory that machines have unless told otherwise. */
const memoryNanoseconds = 100;

/** Stretches of a run for which the queue's occupancy is told. */
const stretches = 64;

/** A memory of 100 ns and 64 bytes per cycle of the machine. */
export function defaultMemory({ clockGigahertz }: DaeMachine): MemoryModel {
  return idealMemory({ latencyCycles: Math.round(memoryNanoseconds * clockGigahertz), bytesPerCycle: 64 });
}

/**
 * Times a workload.
 *
 * @throws {EmberError} `operand-shape`, `index-range`; `machine` where the machine is too small for the program
 */
export function simulateDae(workload: Workload, machine: DaeMachine, options: DaeOptions = {}): TimingReport {
  const { level = 3, memory = defaultMemory(machine), timeline } = options;
  const { dlc } = compile(operationNest(workload.operation), { level, lanes: machine.lanes });
  const [trace] = recordAccess(dlc, memoriesOf(workload)) as [AccessTrace];
  const run = runDae(trace, { machine, memory, throughSecond: cacheHints(trace, machine), timeline });
  return reportOf(workload, machine, { trace, run });
}

function reportOf(
  workload: Workload,
  machine: DaeMachine,
  { trace, run }: { trace: AccessTrace; run: DaeRun },
): TimingReport {
  const { cycles, memories } = run.report;
  const lookups = lookupsOf(workload).length;
  const nanoseconds = cycles / machine.clockGigahertz;
  const memoryBytes = memories.reduce((sum, { bytesRead, bytesWritten }) => sum + bytesRead + bytesWritten, 0);
  const stalls = stallsOf(trace, run);
  return {
    ...{
      machine: machine.name,
      kind: "dae",
      cycles,
      nanoseconds,
      lookups,
      lookupsPerSecond: perSecond(lookups, nanoseconds),
    },
    ...{ ...trafficOf(trace), memoryBytes, memoryUtilization: null, stalls },
    bound: 2 * (stalls.coreWaitsForQueue ?? 0) > cycles ? "access" : "core",
    energyPicojoules: energyOf(machine.power, nanoseconds, memoryBytes),
    queueOccupancy: queueOccupancy(run.parts, cycles, stretches),
    streams: streamsOf(workload, { trace, run }),
  };
}

/** Waits of the units of a decoupled machine. */
function stallsOf({ units }: AccessTrace, { report, exhaustedCycles }: DaeRun): Readonly<Record<string, number>> {
  const node = (id: string) => report.nodes.find((each) => each.id === id);
  const innermost = units.flatMap(({ children }, unit) => (children.length === 0 ? [node(`unit ${unit} asks`)] : []));
  const most = (of: "starved" | "blocked") => innermost.reduce((sum, each) => Math.max(sum, each?.[of] ?? 0), 0);
  return {
    coreWaitsForQueue: report.cycles - (node("core")?.busy ?? 0),
    accessWaitsForQueue: node("marshaler")?.blocked ?? 0,
    accessWaitsForLines: node("marshaler")?.starved ?? 0,
    unitsWaitForStorage: most("blocked"),
    unitsWaitForBounds: most("starved"),
    requestsWaitForRoom: exhaustedCycles,
  };
}

function streamsOf({ operation }: Workload, { trace, run }: { trace: AccessTrace; run: DaeRun }): StreamReport[] {
  const names = argumentNames(operation);
  return trace.streams.map(({ argument }, stream) => ({
    memory: names[argument] ?? "",
    lines: run.lines.asked[stream]!,
    secondHits: run.lines.secondHits[stream]!,
    lastHits: run.lines.lastHits[stream]!,
  }));
}
