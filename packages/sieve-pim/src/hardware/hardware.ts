/** GPUs with processing in memory (PIM): what one node is made of. Times in ns, rates per ns (1 byte/ns = 1 GB/s). */

/** Where the PIM units are: in extra stacks beside the GPU's memory, or in the GPU's own memory. */
export type Topology = "attached" | "shared";

/**
 * What happens when GPU and PIM work at the same time.
 *
 * `disjoint`: nothing, they use different stacks. `exclusive`: reads of the GPU wait while the stacks compute.
 * `dual-row-buffer`: reads go on beside the MACs and lose only the time in which PIM moves its vectors over the bus.
 * `channel-split`: some channels always compute, the others always serve the GPU.
 */
export type Contention = "disjoint" | "exclusive" | "dual-row-buffer" | "channel-split";

/** All ways of contention, the default first. */
export const contentions: readonly Contention[] = ["disjoint", "exclusive", "dual-row-buffer", "channel-split"];

/** The topology that goes with a contention. */
export function topologyOf(contention: Contention): Topology {
  return contention === "disjoint" ? "attached" : "shared";
}

/** One GPU. */
export interface GpuSpec {
  readonly id: string;
  readonly source: string;
  readonly memoryBytesPerNs: number;
  readonly memoryBytes: number;
  /** Dense operations per ns in bf16, fp8 and fp4; `null` where the GPU has none of its own. */
  readonly flopsPerNs: { readonly bf16: number; readonly fp8: number | null; readonly fp4: number | null };
  /** To the other GPUs of the node, each way. */
  readonly linkBytesPerNs: number;
  readonly multiprocessors: number;
  /** HBM stacks. */
  readonly stacks: number;
  /** Largest number of GPUs with direct links among each other. */
  readonly nodeGpus: number;
  /** Name in the tables of measured kernels; `null` for none. */
  readonly measuredAs: string | null;
  /** Shares of the peaks that a fused expert kernel reaches, its rows per tile, and what one launch costs. */
  readonly kernel: KernelEfficiency;
}

/** How close an expert kernel comes to the peaks. */
export interface KernelEfficiency {
  readonly memoryFraction: number;
  readonly flopFraction: number;
  readonly tileRows: number;
  readonly fixedNs: number;
}

/** The memory that computes, for one GPU. */
export interface PimSpec {
  /** A timing preset, such as `HBM3_5.2Gbps`; `_NPC` is without a limit on power. */
  readonly timing: string;
  readonly stacks: number;
  readonly channelsPerStack: number;
  readonly bytesPerStack: number;
  /** Start of a batch of PIM work. */
  readonly fixedNs: number;
  /** For each expert that has work. */
  readonly perExpertNs: number;
  /** Bytes of a weight as the MAC units read it: 2 for 16 bits, 1 for 8. */
  readonly bytesPerWeight: number;
  /** Results that a MAC unit keeps at once: tokens that share one reading of a row. */
  readonly accumulators: number;
  /** Whether an input vector stays in the buffer for all experts of its token. */
  readonly vectorReuse: boolean;
  /** Whether the next vector is written while the MACs of the present one run. */
  readonly overlapWrites: boolean;
  /** Whether the time lost to refreshing is counted. */
  readonly refresh: boolean;
  /** Share of the channels that compute, for `channel-split`. */
  readonly splitFraction: number;
}

/** The link between a GPU and attached PIM stacks. */
export interface DeviceLink {
  readonly bytesPerNs: number;
  readonly latencyNs: number;
}

/** How the time of the GPU's expert kernel is found. */
export type GpuModel = "table" | "roofline" | "tiled";

/** One node: equal GPUs, all linked to all, each with its PIM. */
export interface Hardware {
  readonly gpu: GpuSpec;
  readonly pim: PimSpec;
  readonly link: DeviceLink;
  readonly gpus: number;
  readonly contention: Contention;
  readonly gpuModel: GpuModel;
  /** Choosing a placement, for each layer and step. */
  readonly decisionNs: number;
  /** Whether choosing runs beside the dispatch. */
  readonly decisionHidden: boolean;
}

/** PIM channels of one GPU that compute. */
export function pimChannels({ pim, contention }: Hardware): number {
  const all = pim.stacks * pim.channelsPerStack;
  return contention === "channel-split" ? Math.max(1, Math.round(all * pim.splitFraction)) : all;
}
