/** One step of a model: every layer, one after the other, then the head. */
import { type MemoryPlan, memoryPlan } from "../device/capacity.ts";
import type { StepLoad } from "../device/dense-cost.ts";
import { LayerCosts } from "../device/layer-costs.ts";
import { SieveError } from "../errors.ts";
import type { Hardware } from "../hardware/hardware.ts";
import { keyValueBytes } from "../model/accounting.ts";
import { attentionOf, type MoeModel, moeLayers } from "../model/moe-model.ts";
import { PimTokenTimes } from "../pim/token-times.ts";
import { balancedMap, type ExpertMap, plainMap } from "../placement/expert-map.ts";
import { Residency } from "../placement/residency.ts";
import type { Policy } from "../policy/policy.ts";
import { ExpertPhase, type ExpertTimes } from "./expert-phase.ts";
import type { RoutingSource } from "./routing-source.ts";

/** Where the time of a step goes, in ns; the parts add up to `stepNs`. */
export interface StepTimes {
  stepNs: number;
  /** Projections, router, dense networks. */
  projectionNs: number;
  attentionNs: number;
  /** Dispatch, and what of the decision and the shared experts is longer than it. */
  dispatchNs: number;
  /** From then until the last expert is done. */
  expertsNs: number;
  combineNs: number;
  headNs: number;
  /** Busy times of one GPU, its PIM and its links, on average. */
  gpuBusyNs: number;
  pimBusyNs: number;
  linkBusyNs: number;
  /** On all GPUs together. */
  gpuBytes: number;
  pimBytes: number;
  linkBytes: number;
  flops: number;
  /** Experts on PIM, over layers and GPUs. */
  pimExperts: number;
  /** Token slots on PIM, and all. */
  pimSlots: number;
  slots: number;
}

/** What a simulation is set up with. */
export interface SimulatorOptions {
  readonly model: MoeModel;
  readonly hardware: Hardware;
  readonly policy: Policy;
  readonly routing: RoutingSource;
  /** Further experts that each GPU holds, as copies of busy ones. Default 0. */
  readonly replicas?: number;
  /** Whether experts on PIM are run command by command. Only for memory without accumulators, reuse or overlap. Default false. */
  readonly commandLevel?: boolean;
}

/** Simulates steps of one model on one node under one policy. */
export class StepSimulator {
  readonly costs: LayerCosts;
  readonly plan: MemoryPlan;
  readonly policy: Policy;
  readonly model: MoeModel;
  readonly phase: ExpertPhase;
  readonly #routing: RoutingSource;
  /** [layer with experts] */
  readonly #maps: readonly ExpertMap[];
  readonly #resident: readonly (readonly Uint8Array[] | null)[];
  readonly #times: StepTimes = zeroTimes();

  /** @throws {SieveError} `capacity` if the model does not fit; what `LayerCosts` refuses. */
  constructor({ model, hardware, policy, routing, replicas = 0, commandLevel = false }: SimulatorOptions) {
    this.model = model;
    this.policy = policy;
    this.costs = new LayerCosts(model, hardware);
    this.#routing = routing;
    this.plan = memoryPlan(model, hardware, replicas);
    const layers = Array.from({ length: moeLayers(model) }, (_, layer) => layer);
    this.#maps = layers.map((layer) =>
      replicas === 0
        ? plainMap(model.experts, hardware.gpus)
        : balancedMap(routing.shares(layer), hardware.gpus, replicas),
    );
    this.#resident = layers.map((layer) => this.#residentOf(layer));
    const slots = this.#maps[0]!.held.map((held) => held.length);
    this.phase = new ExpertPhase(this.costs, policy, slots, commandLevel ? this.#tokenTimes() : null);
  }

  #tokenTimes(): PimTokenTimes {
    const { pim, hardware } = this.costs;
    const { accumulators, vectorReuse, overlapWrites, refresh } = hardware.pim;
    if (accumulators > 1 || vectorReuse || overlapWrites) {
      throw new SieveError(
        "options",
        "PIM runs command by command only with one accumulator, no reuse and no overlap",
        {
          path: "pim",
          hint: "use the closed form for these",
        },
      );
    }
    return new PimTokenTimes(pim.shapes, pim.timing, refresh);
  }

  #residentOf(layer: number): Uint8Array[] | null {
    const { held } = this.#maps[layer]!;
    const room = this.plan.residentPerLayer;
    if (held.every((experts) => experts.length <= room)) return null;
    const shares = this.#routing.shares(layer);
    return held.map((experts) => {
      const residency = new Residency(experts.length, room);
      residency.observe(Array.from(experts, (expert) => shares[expert]! * 1000));
      return residency.resident;
    });
  }

  /** Times of the experts of one layer (counted from 0 among those with experts) for `tokens` tokens. */
  expertTimes(
    layer: number,
    load: { readonly step: number; readonly tokens: number; readonly prefill: boolean },
  ): ExpertTimes {
    return this.phase.run({
      counts: this.#routing.counts(layer, load.step, load.tokens),
      tokens: load.tokens,
      prefill: load.prefill,
      shares: this.#routing.shares(layer),
      map: this.#maps[layer]!,
      resident: this.#resident[layer]!,
    });
  }

  /** Adds the experts of all layers to `into`. */
  addExperts(
    into: StepTimes,
    load: { readonly step: number; readonly tokens: number; readonly prefill: boolean },
  ): void {
    const { gpus } = this.costs.hardware;
    const { links } = this.costs;
    const perRank = Math.ceil(load.tokens / gpus);
    for (let layer = 0; layer < this.#maps.length; layer++) {
      const times = this.expertTimes(layer, load);
      const start = Math.max(times.dispatchNs, times.sharedNs);
      into.dispatchNs += start;
      into.expertsNs += times.expertsNs - start;
      into.combineNs += times.combineNs;
      into.gpuBusyNs += times.gpuBusyNs / gpus;
      into.pimBusyNs += times.pimBusyNs / gpus;
      into.linkBusyNs += times.dispatchNs + times.combineNs;
      into.gpuBytes += times.gpuWeightBytes;
      into.pimBytes += times.pimWeightBytes;
      into.linkBytes += perRank * gpus * (links.dispatchBytes + links.combineBytes);
      into.flops += (times.gpuSlots + times.pimSlots) * 6 * this.model.hidden * this.model.expertIntermediate;
      into.pimExperts += times.pimExperts;
      into.pimSlots += times.pimSlots;
      into.slots += times.gpuSlots + times.pimSlots;
    }
  }

  /** Adds everything but routed experts; `load` is that of one GPU. */
  addDense(into: StepTimes, load: StepLoad, answered: number): void {
    const { dense, hardware } = this.costs;
    const tokens = load.sequences + load.prefillTokens;
    for (let layer = 0; layer < this.model.layers; layer++) {
      const projection = dense.projectionNs(layer, tokens);
      const prefill = dense.prefillAttentionNs(layer, load);
      const onGpu = dense.decodeAttentionNs(layer, load);
      const onPim = this.policy.attention === "gpu" ? null : dense.pimAttentionNs(layer, load);
      const away = onPim !== null && (this.policy.attention === "pim" || onPim < onGpu);
      const network = layer < this.model.denseLayers ? dense.denseNs(tokens) : dense.routerNs(tokens);
      into.projectionNs += projection + network;
      into.attentionNs += prefill + (away ? onPim : onGpu);
      into.gpuBusyNs += projection + network + prefill + (away ? 0 : onGpu);
      into.pimBusyNs += away ? onPim : 0;
      const bytes = dense.attentionBytes(layer, load) * hardware.gpus;
      if (away) into.pimBytes += bytes * this.#sharing(layer);
      else into.gpuBytes += bytes;
    }
    into.headNs += dense.headNs(answered);
    into.gpuBusyNs += dense.headNs(answered);
    into.gpuBytes += this.plan.otherBytes * hardware.gpus;
    into.flops += 2 * (this.plan.otherBytes / this.model.otherBytesPerWeight) * tokens * hardware.gpus;
  }

  /** Query heads that read the same keys, each anew on PIM. */
  #sharing(layer: number): number {
    const attention = attentionOf(this.model, layer);
    if (attention.kind === "linear" || keyValueBytes(this.model, attention) === 0) return 1;
    return attention.kind === "latent" ? attention.heads : attention.heads / attention.kvHeads;
  }

  /** One step; `load` is that of the whole node. The result is reused by the next call. */
  step(load: StepLoad, step = 0): StepTimes {
    const times = clear(this.#times);
    const { gpus } = this.costs.hardware;
    const tokens = load.sequences + load.prefillTokens;
    this.addDense(times, perGpu(load, gpus), Math.ceil(load.sequences / gpus));
    this.addExperts(times, { step, tokens, prefill: load.prefillTokens > 0 });
    return settle(times);
  }
}

/** The load of one of `gpus` GPUs: the largest share of what is whole, an equal share of the rest. */
export function perGpu(load: StepLoad, gpus: number): StepLoad {
  return {
    sequences: Math.ceil(load.sequences / gpus),
    contextTokens: load.contextTokens / gpus,
    prefillTokens: Math.ceil(load.prefillTokens / gpus),
    prefillContext: load.prefillContext / gpus,
  };
}

/** No time at all. */
export function zeroTimes(): StepTimes {
  return {
    stepNs: 0,
    projectionNs: 0,
    attentionNs: 0,
    dispatchNs: 0,
    expertsNs: 0,
    combineNs: 0,
    headNs: 0,
    gpuBusyNs: 0,
    pimBusyNs: 0,
    linkBusyNs: 0,
    gpuBytes: 0,
    pimBytes: 0,
    linkBytes: 0,
    flops: 0,
    pimExperts: 0,
    pimSlots: 0,
    slots: 0,
  };
}

function clear(times: StepTimes): StepTimes {
  for (const key of Object.keys(times) as (keyof StepTimes)[]) times[key] = 0;
  return times;
}

/** Sums up the parts. */
export function settle(times: StepTimes): StepTimes {
  times.stepNs =
    times.projectionNs + times.attentionNs + times.dispatchNs + times.expertsNs + times.combineNs + times.headNs;
  return times;
}
