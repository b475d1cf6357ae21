/** `place-experts`: which experts of a layer run on the GPU and which in the memory, under several policies. */
import { explainLayer, gpuNames, modelNamed, policyNamed } from "@millrace/sieve-pim";
import { formatMicroseconds } from "../../../moe/describe-schedule.ts";
import { chosenHardware, fewestGpus } from "../../../moe/machine.ts";
import { formatRatio } from "../../../terminal/quantity.ts";
import { choice, integer, names } from "../../options/scalar-options.ts";
import { type StageKind, stageKind } from "../../stage-kind.ts";

/** The best placement of whole experts, which the others are held against. */
const BEST = "oracle";
/** Sums of nanoseconds that differ by less are the same. */
const SLACK_NS = 1e-6;

/** The kind. */
export const placeExperts: StageKind = stageKind({
  name: "place-experts",
  brief: "Places the experts of a layer on GPU and processing in memory, under several policies",
  packages: ["sieve-pim", "sim-core"],
  inputs: { routing: { type: "routing", brief: "the experts of each token" } },
  options: {
    hardware: choice("Machine", gpuNames, "h200"),
    gpus: integer("GPUs; as few as hold the model unless given", { least: 0, most: 64, fallback: 0 }),
    policies: names("Rules to decide by, the last one being what is compared", "a policy", {
      parse: policyNamed,
      fallback: ["gpu-only", "pim-all", "static-4", "sieve"],
    }),
  },
  output: "comparison",
  run({ inputs: { routing }, options: { hardware: name, gpus, policies }, place }) {
    const model = modelNamed(routing.model);
    const whole = chosenHardware(place.folder, {
      model: routing.model,
      hardware: name,
      ...(gpus === 0 ? {} : { gpus }),
    });
    const hardware = gpus === 0 ? fewestGpus(model, whole) : whole;
    const counts = Uint32Array.from(routing.counts);
    const schedule = (policy: string) => {
      place.begin(`placing by ${policy}`);
      return { policy, ...explainLayer({ model, hardware, counts, policy: policyNamed(policy) }) };
    };
    const runs = policies.map(schedule);
    const best = schedule(BEST);
    const beaten = runs.map(({ layerNs, lowerBoundNs, splits }) => {
      // A policy that splits an expert may beat every placement of whole ones.
      const ahead = splits.length === 0 && layerNs < best.layerNs - SLACK_NS;
      return Number(splits.length === 0 && layerNs < lowerBoundNs - SLACK_NS) + Number(ahead);
    });
    const [first, last] = [runs[0]!, runs.at(-1)!];
    return {
      output: { designs: runs.map(({ policy, layerNs }) => ({ name: policy, ns: layerNs })) },
      gave: `${formatMicroseconds(last.layerNs)} by ${last.policy} on ${hardware.gpus} ${hardware.gpu.id}, ${formatRatio(first.layerNs / last.layerNs)} faster than ${first.policy}`,
      check: {
        against: "the lower bound and the optimum",
        compared: 2 * runs.length,
        differing: beaten.reduce((sum, one) => sum + one, 0),
        unit: "times",
      },
      tables: [
        {
          title: `Experts of a layer of ${model.id}, ${hardware.gpus} x ${hardware.gpu.id}, PIM ${hardware.pim.timing}`,
          columns: ["policy", "experts on PIM", "GPU", "PIM", "layer", "lower bound", "of the optimum"],
          rows: [...runs, best].map(({ policy, onPim, gpuNs, pimNs, layerNs, lowerBoundNs }) => [
            policy,
            onPim.length,
            ...[gpuNs, pimNs, layerNs, lowerBoundNs].map(formatMicroseconds),
            formatRatio(layerNs / best.layerNs),
          ]),
        },
      ],
      views: [
        { id: "why", kind: "text", title: `Why ${last.policy} places them so`, document: { text: last.explain } },
      ],
    };
  },
});
