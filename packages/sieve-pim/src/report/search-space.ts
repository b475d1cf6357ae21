/** What can be chosen for one layer's experts as a search space, for a tuner: plain data, and what a choice costs. */
import { type SearchSpace, type SpaceParameter, strayChoice } from "@millrace/ir-text";
import { SieveError } from "../errors.ts";
import { type Contention, contentions } from "../hardware/hardware.ts";
import { hardwareNamed } from "../hardware/presets.ts";
import type { MoeModel } from "../model/moe-model.ts";
import { policyNamed } from "../policy/policies.ts";
import type { RoutingSource } from "../simulate/routing-source.ts";
import { runBatch } from "../simulate/run-batch.ts";
import { StepSimulator } from "../simulate/step-simulator.ts";

/** What is served. */
export interface ServedBatch {
  readonly model: MoeModel;
  readonly routing: RoutingSource;
  /** Name of the GPU. */
  readonly hardware: string;
  /** GPUs; those of a node unless given. */
  readonly gpus?: number;
  /** Sequences that generate at once, on all GPUs. */
  readonly batch: number;
}

const offOn = (name: string): SpaceParameter => {
  return { parameter_type: "categorical", values: [`no-${name}`, name], parameter_default: `no-${name}` };
};

const parameters = {
  policy: {
    parameter_type: "categorical",
    values: [
      "gpu-only",
      "pim-all",
      "static-1",
      "static-2",
      "static-4",
      "static-8",
      "static-16",
      "sieve",
      "sieve-split",
    ],
    parameter_default: "gpu-only",
  },
  contention: { parameter_type: "categorical", values: contentions, parameter_default: "disjoint" },
  accumulators: { parameter_type: "ordinal", values: [1, 2, 4, 8], parameter_default: 1 },
  vectors: offOn("reuse"),
  writes: offOn("overlap"),
  replicas: { parameter_type: "ordinal", values: [0, 1, 2, 4, 8], parameter_default: 0 },
} as const satisfies Readonly<Record<string, SpaceParameter>>;

/**
 * Policy, how PIM and GPU share memory, what the PIM units can do, and copies of busy experts, for a batch of `served`.
 *
 * A choice costs ns of a step and joules of an output token. It is refused with a {@link SieveError}: `options` for a value
 * that is not in the space, `capacity` where it does not fit the node and so is not feasible.
 */
export function searchSpace(served: ServedBatch): SearchSpace {
  const { model, routing, hardware: gpu, gpus, batch } = served;
  return {
    scenario: {
      application_name: `placement-${model.id}`,
      optimization_objectives: ["stepNs", "joulesPerToken"],
      input_parameters: parameters,
    },
    evaluate(configuration) {
      const stray = strayChoice(parameters, configuration);
      if (stray !== undefined) throw new SieveError("options", stray.message, { path: stray.parameter });
      const { policy, contention, accumulators, vectors, writes, replicas } = configuration;
      const hardware = hardwareNamed(gpu, {
        contention: contention as Contention,
        ...(gpus === undefined ? {} : { gpus }),
        pim: {
          accumulators: Number(accumulators),
          vectorReuse: vectors === "reuse",
          overlapWrites: writes === "overlap",
        },
      });
      const simulator = new StepSimulator({
        model,
        hardware,
        routing,
        policy: policyNamed(String(policy)),
        replicas: Number(replicas),
      });
      const { tpot, energy } = runBatch(simulator, { batch });
      return { stepNs: tpot.meanMs * 1e6, joulesPerToken: energy };
    },
  };
}
