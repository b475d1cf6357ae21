/** The GPU's kernel for the experts of a layer: measured where it was, a roofline elsewhere, or tiles in waves. */
import type { GpuSpec, Hardware, KernelEfficiency } from "../hardware/hardware.ts";
import { measuredGpu } from "../hardware/presets.ts";
import { expertBytes, expertFlops } from "../model/accounting.ts";
import { models } from "../model/models.ts";
import type { MoeModel, WeightFormat } from "../model/moe-model.ts";
import type { WaveRule } from "../placement/partition-cost.ts";
import { balancedNs, fitKernel, type KernelFit, type MeasuredKernel } from "./kernel-fit.ts";
import { type KernelTable, kernelTable } from "./kernel-table.ts";

const measuredFormats: Readonly<Record<WeightFormat, string>> = {
  bf16: "bfloat16",
  "fp8-block128": "fp8_block",
  "mxfp4-block32": "w4a16_mxfp4",
};

/** Operations per ns in the number format that the kernel computes in: 4-bit weights are unpacked to 16 bits. */
function flopsPerNs(gpu: GpuSpec, format: WeightFormat): number {
  return format === "fp8-block128" ? (gpu.flopsPerNs.fp8 ?? gpu.flopsPerNs.bf16) : gpu.flopsPerNs.bf16;
}

/** The cost of the kernel as the partition needs it. */
export interface ExpertOnGpu {
  readonly bytesPerNs: number;
  readonly flopsPerNs: number;
  readonly tileRows: number;
  readonly fixedNs: number;
  readonly waves: WaveRule | null;
}

/** Gives the kernel's cost for any number of tokens. */
export class GpuKernel {
  /** Where the figures come from, a sentence. */
  readonly source: string;
  readonly efficiency: KernelEfficiency;
  readonly #model: MoeModel;
  readonly #hardware: Hardware;
  /** As measured: the GPU as it was built. */
  readonly #kernel: MeasuredKernel;
  readonly #table: KernelTable | null;
  #last: { readonly tokens: number; readonly cost: ExpertOnGpu } | null = null;

  constructor(model: MoeModel, hardware: Hardware) {
    const { gpus, gpuModel } = hardware;
    const gpu = (gpuModel === "table" ? measuredGpu(hardware.gpu.measuredAs) : undefined) ?? hardware.gpu;
    this.#model = model;
    this.#hardware = hardware;
    this.#kernel = {
      experts: model.experts,
      topK: model.topK,
      expertBytes: expertBytes(model),
      flopsPerToken: expertFlops(model),
      memoryBytesPerNs: gpu.memoryBytesPerNs,
      flopsPerNs: flopsPerNs(gpu, model.expertWeights),
    };
    const table = gpuModel === "table" && isPublished(model) ? kernelTable(gpu.measuredAs) : null;
    const fit = table === null ? undefined : fitted(this.#kernel, { table, model, gpus, device: gpu.measuredAs ?? "" });
    this.#table = fit === undefined ? null : table;
    this.efficiency = fit ?? hardware.gpu.kernel;
    this.source =
      fit === undefined
        ? `${gpuModel === "tiled" ? "tiles in waves" : "roofline"} of ${gpu.id} with assumed efficiencies${gpuModel === "table" ? ": nothing measured for this model" : ""}`
        : `kernels measured on ${gpu.id} (vLLM 0.24.0, ${measuredFormats[model.expertWeights]}, balanced tokens); the roofline through them is off by ${(fit.meanError * 100).toFixed(1)} % on average and scaled to each measured time`;
  }

  /** The cost for `tokens` tokens on all GPUs together. */
  costFor(tokens: number): ExpertOnGpu {
    // A step asks for each of its layers.
    if (this.#last?.tokens !== tokens) this.#last = { tokens, cost: this.#costFor(tokens) };
    return this.#last.cost;
  }

  #costFor(tokens: number): ExpertOnGpu {
    const { memoryFraction, flopFraction, tileRows, fixedNs } = this.efficiency;
    const scale = this.#scale(tokens);
    const { gpu } = this.#hardware;
    const cost = {
      bytesPerNs: (memoryFraction * gpu.memoryBytesPerNs) / scale,
      flopsPerNs: (flopFraction * flopsPerNs(gpu, this.#model.expertWeights)) / scale,
      tileRows,
      fixedNs,
    };
    return { ...cost, waves: this.#hardware.gpuModel === "tiled" ? this.#waves(cost.flopsPerNs) : null };
  }

  /** How much longer than the roofline says the measured kernel takes, its fixed time aside. */
  #scale(tokens: number): number {
    if (this.#table === null || tokens === 0) return 1;
    const { gpus } = this.#hardware;
    const { id, expertWeights } = this.#model;
    const key = { model: id, format: measuredFormats[expertWeights], ranks: gpus, distribution: "balanced" } as const;
    const measured = this.#table.predictNs(key, tokens);
    if (measured === null) return 1;
    const { fixedNs } = this.efficiency;
    const modelled = balancedNs(this.#kernel, this.efficiency, { tokens, ranks: gpus });
    return Math.min(4, Math.max(0.25, (measured - fixedNs) / (modelled - fixedNs)));
  }

  // Each multiprocessor computes tiles of tileRows tokens by 128 columns.
  #waves(rate: number): WaveRule {
    const { hidden, expertIntermediate } = this.#model;
    const { multiprocessors } = this.#hardware.gpu;
    const columns = 128;
    const product = (outputs: number, inner: number): WaveRule["products"][number] => ({
      tiles: Math.ceil(outputs / columns),
      waveNs: (2 * this.efficiency.tileRows * columns * inner * multiprocessors) / rate,
    });
    return {
      multiprocessors,
      products: [product(2 * expertIntermediate, hidden), product(hidden, expertIntermediate)],
    };
  }
}

/** Whether `model` has the sizes under which its name was measured. */
function isPublished(model: MoeModel): boolean {
  const published = models.find(({ id }) => id === model.id);
  return (
    published !== undefined &&
    published.experts === model.experts &&
    published.topK === model.topK &&
    expertBytes(published) === expertBytes(model) &&
    expertFlops(published) === expertFlops(model)
  );
}

const fits = new Map<string, KernelFit | undefined>();

interface FitQuestion {
  readonly table: KernelTable;
  readonly model: MoeModel;
  readonly gpus: number;
  readonly device: string;
}

// Fitting takes a while, and the same question comes again for every policy and contention.
function fitted(kernel: MeasuredKernel, { table, model, gpus, device }: FitQuestion): KernelFit | undefined {
  const format = measuredFormats[model.expertWeights];
  const key = JSON.stringify([device, model.id, format, gpus, kernel]);
  if (fits.has(key)) return fits.get(key);
  const balanced = table.of(model.id, format).filter(({ distribution }) => distribution === "balanced");
  const same = balanced.filter(({ ranks }) => ranks === gpus);
  const fit = fitKernel(kernel, same.length > 0 ? same : balanced);
  fits.set(key, fit);
  return fit;
}
