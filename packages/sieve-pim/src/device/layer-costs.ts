/** All costs of one model on one node, for any step. */

import { type Hardware, topologyOf } from "../hardware/hardware.ts";
import { checkHardware } from "../hardware/hardware-schema.ts";
import { expertBytes, expertFlops } from "../model/accounting.ts";
import type { MoeModel } from "../model/moe-model.ts";
import type { PartitionCost } from "../placement/partition-cost.ts";
import { DenseCost } from "./dense-cost.ts";
import { GpuKernel } from "./expert-on-gpu.ts";
import { type ExpertOnPim, expertOnPim } from "./expert-on-pim.ts";
import { type LinkCost, linkCost } from "./link-cost.ts";

/** When the tokens of a layer are at the GPU's experts, counted from the same moment. */
export interface Arrivals {
  readonly gpuNs: number;
  readonly pimNs: number;
}

/** Costs of the layers of a model. */
export class LayerCosts {
  readonly model: MoeModel;
  readonly hardware: Hardware;
  readonly kernel: GpuKernel;
  readonly pim: ExpertOnPim;
  readonly links: LinkCost;
  readonly dense: DenseCost;
  /** [g]: time of g tokens of an expert on PIM, moving them over the link to attached stacks included. */
  readonly pimGroupNs: readonly number[];
  readonly interference: number;

  /** @throws {SieveError} what `checkHardware` refuses. */
  constructor(model: MoeModel, hardware: Hardware) {
    this.model = model;
    this.hardware = checkHardware(hardware);
    this.kernel = new GpuKernel(model, hardware);
    this.pim = expertOnPim(model, hardware);
    this.links = linkCost(model, hardware);
    this.dense = new DenseCost(model, hardware);
    const attached = topologyOf(hardware.contention) === "attached";
    const moved = attached ? (2 * model.hidden * model.activationBytes) / hardware.link.bytesPerNs : 0;
    this.pimGroupNs = this.pim.groupNs.map((time, tokens) => time + tokens * moved);
    this.interference = interferenceOf(hardware, this.pim);
  }

  /** The cost of splitting the experts of one GPU in a step of `tokens` tokens on all GPUs. */
  partitionCost(tokens: number, arrivals: Arrivals = { gpuNs: 0, pimNs: 0 }): PartitionCost {
    const { hardware, model } = this;
    const gpu = this.kernel.costFor(tokens);
    const left = hardware.contention === "channel-split" ? 1 - hardware.pim.splitFraction : 1;
    return {
      interference: this.interference,
      weightBytes: expertBytes(model),
      gpuBytesPerNs: gpu.bytesPerNs * left,
      flopsPerToken: expertFlops(model),
      gpuFlopsPerNs: gpu.flopsPerNs,
      tileRows: gpu.tileRows,
      gpuFixedNs: gpu.fixedNs,
      pimFixedNs: hardware.pim.fixedNs,
      gpuArriveNs: arrivals.gpuNs,
      pimArriveNs: arrivals.pimNs + this.linkLatencyNs,
      pimGroupNs: this.pimGroupNs,
      pimNsPerExpert: hardware.pim.perExpertNs,
      waves: gpu.waves,
    };
  }

  /** Latency of the link to attached stacks; 0 for shared ones. */
  get linkLatencyNs(): number {
    return topologyOf(this.hardware.contention) === "attached" ? this.hardware.link.latencyNs : 0;
  }
}

function interferenceOf({ contention }: Hardware, pim: ExpertOnPim): number {
  if (contention === "exclusive") return 1;
  return contention === "dual-row-buffer" ? pim.busShare : 0;
}
