/** How experts are placed as a space: policy, contention, what PIM units can do, copies of busy experts. */
import { DrawnRouting, modelNamed, SieveError, searchSpace } from "@millrace/sieve-pim";
import { MillraceError } from "../../errors.ts";
import { inputsNamed, type OpenTuningSpace } from "./tuning-space.ts";

/** Opens `moe:MODEL`, with `-i batch=N`, `-i hardware=NAME` and `-i gpus=N`. What does not fit the node is not feasible. */
export const openPlacementSpace: OpenTuningSpace = async (request) => {
  const { batch = "64", hardware = "h200", gpus } = inputsNamed(request, ["batch", "hardware", "gpus"]);
  const model = modelNamed(request.subject);
  const routing = new DrawnRouting(model, request.seed);
  const node = gpus === undefined ? {} : { gpus: countFrom("gpus", gpus) };
  const served = { model, routing, hardware, batch: countFrom("batch", batch), ...node };
  const { scenario, evaluate } = searchSpace(served);
  return {
    scenario: { ...scenario, feasible_output: { enable_feasible_predictor: true } },
    evaluate(config) {
      try {
        return { feasible: true, ...evaluate(config) };
      } catch (error) {
        if (error instanceof SieveError && error.code === "capacity") return { feasible: false, reason: error.message };
        throw error;
      }
    },
  };
};

function countFrom(name: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new MillraceError("argument", `${name} must be an integer of at least 1, not "${text}"`);
}
