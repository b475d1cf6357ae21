/** The hardware that comes with the package. Figures without a source are assumptions; `assumptions` lists them. */
import { nearest } from "@millrace/ir-text";
import { SieveError } from "../errors.ts";
import type { GpuSpec, Hardware, PimSpec } from "./hardware.ts";

const systems = "ai-dynamo/aiconfigurator@095f58a (Apache-2.0), systems/*.yaml";

const gpus: readonly GpuSpec[] = [
  {
    id: "h100",
    source: systems,
    memoryBytesPerNs: 3350,
    memoryBytes: 80e9,
    flopsPerNs: { bf16: 989_000, fp8: 1_979_000, fp4: null },
    linkBytesPerNs: 450,
    multiprocessors: 132,
    stacks: 5,
    nodeGpus: 8,
    measuredAs: "h100_sxm",
    kernel: { memoryFraction: 0.8, flopFraction: 0.5, tileRows: 64, fixedNs: 15_000 },
  },
  {
    id: "h200",
    source: systems,
    memoryBytesPerNs: 4800,
    memoryBytes: 141e9,
    flopsPerNs: { bf16: 989_000, fp8: 1_979_000, fp4: null },
    linkBytesPerNs: 450,
    multiprocessors: 132,
    stacks: 6,
    nodeGpus: 8,
    measuredAs: "h200_sxm",
    kernel: { memoryFraction: 0.8, flopFraction: 0.5, tileRows: 64, fixedNs: 15_000 },
  },
  {
    id: "b200",
    source: systems,
    memoryBytesPerNs: 7700,
    memoryBytes: 180e9,
    flopsPerNs: { bf16: 2_250_000, fp8: 4_500_000, fp4: 9_000_000 },
    linkBytesPerNs: 900,
    multiprocessors: 148,
    stacks: 8,
    nodeGpus: 8,
    measuredAs: "b200_sxm",
    kernel: { memoryFraction: 0.85, flopFraction: 0.4, tileRows: 64, fixedNs: 15_000 },
  },
];

/** Names of the GPUs that come with the package. */
export const gpuNames: readonly string[] = gpus.map((gpu) => gpu.id);

/** The GPU that was measured under a name, as built: changes to a copy of it do not change what was measured. */
export function measuredGpu(measuredAs: string | null): GpuSpec | undefined {
  return measuredAs === null ? undefined : gpus.find((gpu) => gpu.measuredAs === measuredAs);
}

function pimOf(gpu: GpuSpec): PimSpec {
  return {
    timing: "HBM3_5.2Gbps",
    stacks: gpu.stacks,
    channelsPerStack: 16,
    // HBM3_8Gb_2R: 16 channels of 2 x 2 x 16 banks of 2^14 rows of 1 KB.
    bytesPerStack: 16 * 2 ** 30,
    fixedNs: 2000,
    perExpertNs: 0,
    bytesPerWeight: 2,
    accumulators: 1,
    vectorReuse: false,
    overlapWrites: false,
    refresh: true,
    splitFraction: 0.5,
  };
}

/** What differs from a preset: any part of {@link Hardware}, nested parts piece by piece. */
export interface HardwareChanges extends Partial<Omit<Hardware, "gpu" | "pim" | "link">> {
  readonly gpu?: Partial<GpuSpec>;
  readonly pim?: Partial<PimSpec>;
  readonly link?: Partial<Hardware["link"]>;
}

/**
 * A node of GPUs called `name`, eight of them and attached PIM unless `changes` says otherwise.
 *
 * @throws {SieveError} `hardware` if no GPU is called so.
 *
 * @example
 * ```ts
 * hardwareNamed("h200").pim.stacks; // => 6
 * ```
 */
export function hardwareNamed(name: string, changes: HardwareChanges = {}): Hardware {
  const base = gpus.find((gpu) => gpu.id === name);
  if (base === undefined) {
    const similar = nearest(name, gpuNames);
    throw new SieveError("hardware", `no GPU is called "${name}"`, {
      hint: similar === undefined ? `known are ${gpuNames.join(", ")}` : `did you mean ${similar}?`,
    });
  }
  const { gpu, pim, link, ...rest } = changes;
  const whole: Hardware = {
    gpu: { ...base, ...gpu },
    pim: { ...pimOf(base), ...pim },
    link: { bytesPerNs: 600, latencyNs: 500, ...link },
    gpus: base.nodeGpus,
    contention: "disjoint",
    gpuModel: "table",
    decisionNs: 2000,
    decisionHidden: true,
  };
  return { ...whole, ...rest };
}

/** What the hardware rests on that no source states, one sentence each. */
export const assumptions: readonly string[] = [
  "PIM stacks per GPU: as many as it has HBM stacks (h100 5, h200 6, b200 8), 16 channels each, 16 GiB each",
  "PIM timing HBM3 5.2 Gbps of AttAcc with its limit on power (a MAC every 6 cycles); one accumulator for each MAC unit",
  "every GPU's experts are resident in its attached PIM stacks as far as they fit, and in the GPU's own memory as well",
  "start of PIM work 2 us for each layer; start of the GPU's kernel as measured, 15 us where nothing was measured",
  "link between GPU and attached PIM: 600 GB/s and 0.5 us (NVLink 3, as in AttAcc's own model)",
  "a decision takes 2 us and runs beside the dispatch",
  "weights in mxfp4 are read by the MAC units as 1 byte each; all others as 2 bytes each",
  "attention runs data parallel, experts expert parallel, over all GPUs of one node",
];
