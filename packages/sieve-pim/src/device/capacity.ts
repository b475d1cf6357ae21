/** What fits where: weights on each GPU, and keys and values beside them. */
import { SieveError } from "../errors.ts";
import { type Hardware, topologyOf } from "../hardware/hardware.ts";
import { gpuNames, hardwareNamed } from "../hardware/presets.ts";
import { expertBytes, modelTotals } from "../model/accounting.ts";
import { type MoeModel, moeLayers } from "../model/moe-model.ts";

/** Bytes of one GPU. */
export interface MemoryPlan {
  /** Experts of each layer that a GPU holds, at most. */
  readonly expertsPerGpu: number;
  readonly expertBytes: number;
  readonly otherBytes: number;
  /** Left for keys, values and states of sequences. */
  readonly keyValueBytes: number;
  /** Experts of each layer whose weights fit into the GPU's PIM stacks. */
  readonly residentPerLayer: number;
  /** Bytes of weights that are held twice: by the GPU and by attached PIM stacks. */
  readonly copiedBytes: number;
}

/** Share of a GPU's memory that weights, keys and values may take. */
const USABLE = 0.9;

/**
 * How a model lies in the memory of a node; `replicas` experts more for each GPU and layer.
 *
 * @throws {SieveError} `capacity` if the weights do not fit, with what would.
 */
export function memoryPlan(model: MoeModel, hardware: Hardware, replicas = 0): MemoryPlan {
  const { gpu, gpus, pim, contention } = hardware;
  const expertsPerGpu = Math.ceil(model.experts / gpus) + replicas;
  const layers = moeLayers(model);
  const routed = expertsPerGpu * layers * expertBytes(model);
  const { otherBytes } = modelTotals(model);
  const usable = USABLE * gpu.memoryBytes;
  const need = routed + otherBytes;
  if (need >= usable) {
    throw new SieveError(
      "capacity",
      `${model.id} does not fit on ${gpus} ${gpu.id}: each GPU would hold ${gigabytes(routed)} of experts and ${gigabytes(otherBytes)} of other weights, ${gigabytes(need - usable)} more than the ${gigabytes(usable)} usable of its ${gigabytes(gpu.memoryBytes)}`,
      { limit: "gpu.memoryBytes", value: need, allowed: usable, hint: nearestFit(model, hardware) },
    );
  }
  const attached = topologyOf(contention) === "attached";
  const perLayer = Math.floor((pim.stacks * pim.bytesPerStack) / (layers * expertBytes(model)));
  const residentPerLayer = attached ? Math.min(expertsPerGpu, perLayer) : expertsPerGpu;
  return {
    expertsPerGpu,
    expertBytes: routed,
    otherBytes,
    keyValueBytes: usable - need,
    residentPerLayer,
    copiedBytes: attached ? residentPerLayer * layers * expertBytes(model) : 0,
  };
}

/** The smallest change of the node that the model fits on. */
function nearestFit(model: MoeModel, hardware: Hardware): string {
  const fits = (gpus: number, memoryBytes: number): boolean => {
    const routed = Math.ceil(model.experts / gpus) * moeLayers(model) * expertBytes(model);
    return routed + modelTotals(model).otherBytes < USABLE * memoryBytes;
  };
  const { gpu, gpus } = hardware;
  const more = Array.from({ length: gpu.nodeGpus }, (_, at) => at + 1).find(
    (n) => n > gpus && fits(n, gpu.memoryBytes),
  );
  if (more !== undefined) return `it fits on ${more} ${gpu.id}`;
  for (const name of gpuNames) {
    const other = hardwareNamed(name).gpu;
    const enough = Array.from({ length: other.nodeGpus }, (_, at) => at + 1).find((n) => fits(n, other.memoryBytes));
    if (enough !== undefined) return `it fits on ${enough} ${name}`;
  }
  return "it fits on none of the known nodes";
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

/** Bytes that a sequence of `tokens` tokens keeps on its GPU; windows keep no more than they see. */
export function sequenceBytes(model: MoeModel, tokens: number): number {
  const totals = modelTotals(model);
  return tokens * totals.keyValueBytesPerToken + totals.stateBytesPerSequence;
}
