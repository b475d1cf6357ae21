/** The settings of the STeP experiments as spaces: a model's experts on a routing trace, its attention on lengths of caches. */
import type { SearchSpace } from "@millrace/ir-text";
import { attentionSearchSpace, modelNamed, moeSearchSpace, StepError } from "@millrace/step-ir";
import { MillraceError } from "../../errors.ts";
import { lengthKind, readTrace, routingKind, type TraceKind } from "../../step/read-trace.ts";
import { inputsNamed, type OpenTuningSpace, type SpaceRequest, type TuningSpace } from "./tuning-space.ts";

/** Opens `step-moe:MODEL`, with `-i trace=FILE` for the experts of each token, and `-i batch=N` for the first of them. */
export const openMoeSpace: OpenTuningSpace = async (request) => {
  const model = modelNamed(request.subject);
  const routing = (await traceOf(request, routingKind)) as readonly (readonly number[])[];
  return judged(moeSearchSpace({ model, routing }));
};

/** Opens `step-attention:MODEL`, with `-i trace=FILE` for the length of each request's cache, and `-i batch=N` for the first of them. */
export const openAttentionSpace: OpenTuningSpace = async (request) => {
  const model = modelNamed(request.subject);
  const lengths = (await traceOf(request, lengthKind)) as readonly number[];
  return judged(attentionSearchSpace({ model, lengths }));
};

async function traceOf(request: SpaceRequest, kind: TraceKind): Promise<unknown> {
  const { trace, batch } = inputsNamed(request, ["trace", "batch"]);
  if (trace !== undefined) {
    const list = await readTrace(request.folder, trace, kind);
    return batch === undefined || !Array.isArray(list) ? list : list.slice(0, batchFrom(batch, list.length));
  }
  throw new MillraceError("argument", `${request.area}: needs a trace`, {
    help: "bind one: -i trace=FILE.json, .npy or .npz",
  });
}

function batchFrom(text: string, most: number): number {
  if (/^[1-9]\d{0,8}$/.test(text) && Number(text) <= most) return Number(text);
  throw new MillraceError(
    "argument",
    `batch must be an integer from 1 to ${most}, the entries of the trace, not "${text}"`,
  );
}

/** A machine that stands still is a result, not a fault: its configuration is not feasible. */
function judged({ scenario, evaluate }: SearchSpace): TuningSpace {
  return {
    scenario: { ...scenario, feasible_output: { enable_feasible_predictor: true } },
    evaluate(config) {
      try {
        return { feasible: true, ...evaluate(config) };
      } catch (error) {
        if (error instanceof StepError && error.code === "simulation-stuck") {
          return { feasible: false, reason: error.message };
        }
        throw error;
      }
    },
  };
}
