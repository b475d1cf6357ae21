/**
 * A GPU as a roof: a launch, and then the longest of arithmetic, cache traffic and memory traffic.
 *
 * A warp works on one bag and has one row under way, of at most 16 bytes per thread; so few bags leave memory idle (Little's
 * law). Rows at random lose the time that it takes to open them: a row of `rowOverheadBytes` reaches half the bandwidth.
 */
import type { GpuMachine } from "./machine.ts";
import { hitFractions } from "./row-hits.ts";
import { energyOf, perSecond, type TimingReport } from "./timing-report.ts";
import { lookupsOf, rowBytesOf, type Workload } from "./workload.ts";

/** Bytes that the threads of a warp load at once. */
const warpBytes = 512;

const idBytes = 8;

/** Operations per element of a looked-up row. */
function flopsPerElement({ operation }: Workload): number {
  switch (operation.kind) {
    case "bag":
      return operation.weights === "none" ? 1 : 2;
    case "gather":
      return 0;
    case "sddmm":
      return 2;
    case "fused":
      return 4;
  }
}

/** Times a workload on a GPU. */
export function simulateGpu(workload: Workload, machine: GpuMachine): TimingReport {
  const rows = lookupsOf(workload);
  const { operation, fibres, width } = workload;
  const block = operation.kind === "gather" ? operation.block : 1;
  const rowBytes = rowBytesOf(workload) * block;
  const [, missed = 1] = hitFractions(rows, [Math.floor(machine.cacheBytes / rowBytes)]);
  const outputs = operation.kind === "gather" ? rows.length * block : (fibres?.ptr.length ?? 1) - 1;
  const streamed = rows.length * idBytes + outputs * rowBytesOf(workload);
  const memoryBytes = Math.round(missed * rows.length) * rowBytes + streamed;
  const bags = Math.min(outputs, machine.processors * machine.warpsPerProcessor);
  const underWay = Math.max(1, bags) * Math.min(rowBytes, warpBytes);
  const opened = (missed * rows.length * rowBytes) / (rowBytes / (rowBytes + machine.rowOverheadBytes)) + streamed;
  const bounds = {
    arithmetic: (rows.length * block * width * flopsPerElement(workload)) / machine.gigaflops,
    cache: (rows.length * rowBytes) / machine.cacheGigabytesPerSecond,
    bandwidth: opened / machine.memoryGigabytesPerSecond,
    latency: (memoryBytes * machine.memoryNanoseconds) / underWay,
  };
  const [roof, longest] = Object.entries(bounds).reduce((most, entry) => (entry[1] > most[1] ? entry : most));
  const nanoseconds = machine.launchNanoseconds + longest;
  const bare = memoryBytes / machine.memoryGigabytesPerSecond;
  const inCycles = (time: number) => Math.round(time * machine.clockGigahertz);
  return {
    ...{ machine: machine.name, kind: "gpu", cycles: inCycles(nanoseconds), nanoseconds, lookups: rows.length },
    ...{ lookupsPerSecond: perSecond(rows.length, nanoseconds), tokens: 0, scalars: 0, vectors: 0, bytes: 0 },
    ...{ memoryBytes, bound: machine.launchNanoseconds > longest ? "launch" : roof, streams: [], queueOccupancy: [] },
    memoryUtilization: bare / nanoseconds,
    stalls: { launch: inCycles(machine.launchNanoseconds), [roof]: inCycles(Math.max(0, longest - bare)) },
    energyPicojoules: energyOf(machine.power, nanoseconds, memoryBytes),
  };
}
