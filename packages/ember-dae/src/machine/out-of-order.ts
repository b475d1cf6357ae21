/**
 * An out-of-order core, in closed form: a lookup takes the longest of its instructions, its lines' latency over the lines
 * that can be under way at once, its page walk, and its bytes over the bandwidth.
 *
 * Lines under way are bounded by the first cache's misses and by how many lookups the reorder buffer and the load queue hold.
 * Prefetches into the second cache are bounded by that cache's misses and by how far they run ahead instead. Latency is the
 * mean over the caches, weighted by the exact parts of lookups that each serves.
 *
 * Little's law, as Ember's argument for decoupling; no constant is fitted.
 */
import { bytesOf } from "../interpret/queues.ts";
import { accumulatorOf, type Operation } from "../operation/operation.ts";
import { lineBytes } from "./access/access-trace.ts";
import type { CoreMachine } from "./machine.ts";
import { hitFractions } from "./row-hits.ts";
import { energyOf, perSecond, type TimingReport } from "./timing-report.ts";
import { lookupsOf, rowBytesOf, type Workload } from "./workload.ts";

/** Instructions of one lookup. */
interface LookupWork {
  readonly instructions: number;
  readonly loads: number;
}

/** Instructions besides those on rows: the id, the address, the loop. */
const overhead = 6;

/** What one lookup is for a core with vectors of `vectorBytes`. Accumulators stay in registers; `exp` counts as 20 instructions. */
function lookupWork(operation: Operation, width: number, vectorBytes: number): LookupWork {
  const vectors = Math.ceil((width * bytesOf(accumulatorOf(operation))) / vectorBytes);
  switch (operation.kind) {
    case "bag": {
      const weighted = operation.weights === "none" ? 0 : 1;
      return { instructions: (2 + weighted) * vectors + overhead + weighted, loads: vectors + 1 + weighted };
    }
    case "gather":
      return { instructions: 2 * vectors + overhead, loads: vectors + 1 };
    case "sddmm":
      return { instructions: 4 * vectors + overhead, loads: 2 * vectors + 1 };
    case "fused":
      return {
        instructions: 7 * vectors + overhead + (operation.activation === "sigmoid" ? 20 : 0),
        loads: 3 * vectors + 1,
      };
  }
}

/** Nanoseconds of a lookup, by what could bound it. */
interface LookupBounds {
  readonly instructions: number;
  readonly latency: number;
  readonly pageWalks: number;
  readonly bandwidth: number;
}

/** The bounds of a lookup; `fractions` are the parts that each cache and then memory serve. */
function lookupBounds(
  machine: CoreMachine,
  { lines, work, fractions }: { lines: number; work: LookupWork; fractions: readonly number[] },
): LookupBounds {
  const latencies = [...machine.caches.map(({ nanoseconds }) => nanoseconds), machine.memoryNanoseconds];
  const latency = latencies.reduce((sum, nanoseconds, at) => sum + nanoseconds * (fractions[at] ?? 0), 0);
  const missed = fractions.at(-1) ?? 1;
  const { runAheadRows, reorderBuffer, loadQueue } = machine;
  const window = Math.min(Math.floor(reorderBuffer / work.instructions), Math.floor(loadQueue / work.loads));
  const underWay =
    runAheadRows > 0
      ? Math.min(machine.secondMisses, runAheadRows * lines)
      : Math.min(machine.firstMisses, lines * Math.max(1, window));
  const prefetches = runAheadRows > 0 ? lines : 0;
  return {
    instructions: (work.instructions + prefetches) / machine.instructionsPerCycle / machine.clockGigahertz,
    latency: (lines * latency) / underWay,
    pageWalks: missed * machine.pageWalkNanoseconds,
    bandwidth: (missed * lines * lineBytes) / machine.memoryGigabytesPerSecond,
  };
}

/** Times a workload on an out-of-order core. */
export function simulateCore(workload: Workload, machine: CoreMachine): TimingReport {
  const rows = lookupsOf(workload);
  const lookups = rows.length;
  const { operation, width } = workload;
  const block = operation.kind === "gather" ? operation.block : 1;
  const lines = Math.ceil(rowBytesOf(workload) / lineBytes);
  const cacheRows = machine.caches.map(({ bytes }) => Math.floor(bytes / (lines * lineBytes * block)));
  const fractions = hitFractions(rows, cacheRows);
  const bounds = lookupBounds(machine, { lines, work: lookupWork(operation, width, machine.vectorBytes), fractions });
  const [bound, each] = Object.entries(bounds).reduce((most, entry) => (entry[1] > most[1] ? entry : most));
  const nanoseconds = each * lookups * block;
  const cycles = Math.round(nanoseconds * machine.clockGigahertz);
  const memoryBytes = Math.round((fractions.at(-1) ?? 0) * lookups * block) * lines * lineBytes;
  const waits = (each - bounds.instructions) * lookups * block * machine.clockGigahertz;
  return {
    ...{
      machine: machine.name,
      kind: "core",
      cycles,
      nanoseconds,
      lookups,
      lookupsPerSecond: perSecond(lookups, nanoseconds),
    },
    ...{ tokens: 0, scalars: 0, vectors: 0, bytes: 0, memoryBytes, bound, streams: [], queueOccupancy: [] },
    memoryUtilization: nanoseconds === 0 ? 0 : memoryBytes / nanoseconds / machine.memoryGigabytesPerSecond,
    stalls: Object.fromEntries(
      Object.keys(bounds)
        .filter((cause) => cause !== "instructions")
        .map((cause) => [cause, cause === bound ? Math.round(waits) : 0]),
    ),
    energyPicojoules: energyOf(machine.power, nanoseconds, memoryBytes),
  };
}
