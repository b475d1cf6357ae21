/** Runs policies over the same load, under the chosen contention and the others beside it. */
import {
  type Contention,
  contentions,
  DrawnRouting,
  type Hardware,
  assumptions as hardwareAssumptions,
  LayerCosts,
  type MoeModel,
  memoryPlan,
  policyNamed,
  ReplayedRouting,
  type RequestTrace,
  type RoutingSource,
  readRequests,
  readRoutingTrace,
  runBatch,
  type ServingReport,
  StepSimulator,
  serve,
} from "@millrace/sieve-pim";
import type { Workplace } from "../cli/outcome.ts";
import { MillraceError } from "../errors.ts";
import { readText } from "../files/read.ts";
import { readJsonFile } from "./machine.ts";

/** What is simulated. */
export interface SimulationRequest {
  readonly model: MoeModel;
  readonly hardware: Hardware;
  readonly policies: readonly string[];
  readonly batch?: number | undefined;
  /** Files of requests and of routing. */
  readonly requests?: string | undefined;
  readonly trace?: string | undefined;
  readonly prompt: number;
  readonly output: number;
  readonly replicas: number;
  readonly microBatches: number;
  readonly seed: number;
}

/** What came of it. */
export interface SimulationRun {
  readonly routing: RoutingSource;
  /** The chosen contention first. */
  readonly contentions: readonly { readonly contention: Contention; readonly reports: readonly ServingReport[] }[];
  /** What the figures rest on, sentences. */
  readonly assumptions: readonly string[];
}

/** Runs all policies. */
export function simulatePolicies(request: SimulationRequest, place: Workplace): SimulationRun {
  const { model, hardware } = request;
  const { folder } = place.host;
  const routing =
    request.trace === undefined
      ? new DrawnRouting(model, request.seed)
      : new ReplayedRouting(model, readRoutingTrace(readJsonFile(folder, request.trace), request.trace));
  const trace =
    request.requests === undefined ? null : readRequests(readText(folder, request.requests), request.requests);
  for (const name of request.policies) policyNamed(name);
  const own = hardware.contention;
  const all = [own, ...contentions.filter((each) => each !== own && each !== "channel-split")];
  return {
    routing,
    contentions: all.map((contention) => ({
      contention,
      reports: request.policies.map((policy) => {
        if (place.host.stopRequested())
          throw new MillraceError("interrupted", `interrupted before ${policy}, ${contention}`);
        place.progress.begin(`${policy}, ${contention}`);
        return runPolicy({ ...request, hardware: { ...hardware, contention } }, { policy, routing, trace, place });
      }),
    })),
    assumptions: assumptionsOf(request, routing),
  };
}

interface PolicyRun {
  readonly policy: string;
  readonly routing: RoutingSource;
  readonly trace: RequestTrace | null;
  readonly place: Workplace;
}

function runPolicy(request: SimulationRequest, { policy, routing, trace, place }: PolicyRun): ServingReport {
  const { model, hardware, replicas, batch, prompt, output } = request;
  const simulator = new StepSimulator({ model, hardware, policy: policyNamed(policy), routing, replicas });
  if (trace === null) return runBatch(simulator, { batch: batch!, promptTokens: prompt, outputTokens: output });
  return serve(simulator, trace, {
    progress(done, total) {
      if (place.host.stopRequested())
        throw new MillraceError("interrupted", `interrupted after ${done} of ${total} requests`);
      place.progress.report(done, total, "requests");
    },
  });
}

function assumptionsOf(
  { model, hardware, batch, prompt, output }: SimulationRequest,
  routing: RoutingSource,
): string[] {
  const costs = new LayerCosts(model, hardware);
  const plan = memoryPlan(model, hardware);
  const load =
    batch === undefined
      ? "requests come as in their trace; a step holds up to 2,048 tokens and 1,024 sequences"
      : `a batch of ${batch} sequences of ${prompt} prompt tokens that generate ${output} tokens each; throughput is that of the generating steps`;
  return [
    load,
    routing.source,
    costs.kernel.source,
    costs.links.source,
    `keys and values have ${(plan.keyValueBytes / 1e9).toFixed(1)} GB on each GPU; PIM stacks hold ${plan.residentPerLayer} of a GPU's ${plan.expertsPerGpu} experts of each layer`,
    ...hardwareAssumptions,
  ];
}
