/**
 * Machines by name.
 *
 * The access unit is that of the Tensor Marshaling Unit (MICRO 2023) as evaluated: 8 lanes, 4 layers, 2 KB of stream
 * storage a lane, 128 outstanding requests. The core is like a Neoverse N1; its power is the watt at 2.6 GHz that Arm
 * announced, and the access unit's own is not known and not in it. Memory takes 3.9 pJ a bit (O'Connor et al.,
 * "Fine-Grained DRAM", MICRO 2017, HBM2).
 *
 * The event costs are the only calibrated numbers of the decoupled machine. Four ratios to the cost of a scalar token are
 * fitted to the nine speed-ups over emb-opt0 that the Ember artefact publishes for embedding bags (Fig. 13, geometric means
 * over three localities) under the reading that rows have 32, 64 and 128 elements. The scale is that of Fig. 14: if the
 * access unit's peak is an element per lane and cycle, a row of 32 elements takes 190 cycles at emb-opt0. They are the same
 * for every workload.
 *
 * GPU figures are those of public data sheets. The row overhead is chosen so that rows of 512 bytes reach 52 % of an H100's
 * bandwidth, the most that Ember's abstract reports.
 */
import { EmberError } from "../errors.ts";
import type { CoreMachine, DaeMachine, GpuMachine, Machine } from "./machine.ts";

const hbmPicojoulesPerByte = 31.2;

const dae: DaeMachine = {
  kind: "dae",
  name: "dae",
  clockGigahertz: 2.6,
  lanes: 8,
  layers: 4,
  streamBytesPerLane: 2048,
  outstandingLines: 128,
  writeBytesPerCycle: 64,
  queue: { chunkBytes: 2048, chunks: 2 },
  costs: { row: 20.7, scalarToken: 5.29, vectorToken: 5.98, unalignedVector: 1.64, alignedVector: 0.37 },
  caches: { secondBytes: 2 ** 20, secondCycles: 11, lastBytes: 2 ** 23, lastCycles: 46 },
  entry: "last",
  power: { watts: 1, memoryPicojoulesPerByte: hbmPicojoulesPerByte },
};

const core: CoreMachine = {
  kind: "core",
  name: "core",
  clockGigahertz: 2.6,
  vectorBytes: 16,
  instructionsPerCycle: 4,
  reorderBuffer: 128,
  loadQueue: 68,
  firstMisses: 20,
  secondMisses: 46,
  caches: [
    { bytes: 2 ** 16, nanoseconds: 1.5 },
    { bytes: 2 ** 20, nanoseconds: 4.2 },
    { bytes: 2 ** 23, nanoseconds: 18 },
  ],
  memoryNanoseconds: 100,
  memoryGigabytesPerSecond: 30,
  pageWalkNanoseconds: 0,
  runAheadRows: 0,
  power: { watts: 1, memoryPicojoulesPerByte: hbmPicojoulesPerByte },
};

// The machine on which the project's sweep over row lengths was measured: see the figures in docs.
const zen4: CoreMachine = {
  kind: "core",
  name: "zen4",
  clockGigahertz: 3.7,
  vectorBytes: 64,
  instructionsPerCycle: 4,
  reorderBuffer: 320,
  loadQueue: 136,
  firstMisses: 24,
  secondMisses: 48,
  caches: [
    { bytes: 2 ** 15, nanoseconds: 1.1 },
    { bytes: 2 ** 20, nanoseconds: 3.8 },
    { bytes: 2 ** 25, nanoseconds: 13.5 },
  ],
  memoryNanoseconds: 215,
  memoryGigabytesPerSecond: 32.9,
  pageWalkNanoseconds: 13.3,
  runAheadRows: 0,
  power: { watts: 0, memoryPicojoulesPerByte: 0 },
};

const h100: GpuMachine = {
  kind: "gpu",
  name: "h100",
  clockGigahertz: 1.755,
  processors: 132,
  warpsPerProcessor: 64,
  memoryGigabytesPerSecond: 3350,
  memoryNanoseconds: 600,
  cacheBytes: 50e6,
  cacheGigabytesPerSecond: 5500,
  gigaflops: 66_900,
  launchNanoseconds: 4000,
  rowOverheadBytes: 472,
  power: { watts: 700, memoryPicojoulesPerByte: 0 },
};

const t4: GpuMachine = {
  ...h100,
  name: "t4",
  clockGigahertz: 1.59,
  processors: 40,
  warpsPerProcessor: 32,
  memoryGigabytesPerSecond: 320,
  cacheBytes: 4e6,
  cacheGigabytesPerSecond: 1270,
  gigaflops: 8100,
  power: { watts: 70, memoryPicojoulesPerByte: 0 },
};

const presets: ReadonlyMap<string, Machine> = new Map<string, Machine>(
  [
    dae,
    core,
    { ...core, name: "core-run-ahead", runAheadRows: 32 },
    zen4,
    { ...zen4, name: "zen4-run-ahead", runAheadRows: 32 },
    h100,
    t4,
  ].map((machine) => [machine.name, machine]),
);

/** Names that {@link machineNamed} takes; `gpu` is another for `h100`. */
export const machineNames: readonly string[] = [...presets.keys(), "gpu"];

/**
 * A machine by its name.
 *
 * @throws {EmberError} `machine` if there is none
 * @example
 * machineNamed("dae").kind // => "dae"
 */
export function machineNamed(name: string): Machine {
  const machine = presets.get(name === "gpu" ? "h100" : name);
  if (machine === undefined) {
    throw new EmberError("machine", `there is no machine "${name}"`, {
      help: `machines are ${machineNames.join(", ")}`,
    });
  }
  return machine;
}
