/** `millrace step`: streaming tensor programs. */
import { buildRouteMap, type RouteMap } from "@stricli/core";
import type { Invocation } from "../../cli/outcome.ts";
import { stepExperiment } from "./experiment/experiment.ts";
import { stepAnalyze } from "./step-analyze.ts";
import { stepCheck } from "./step-check.ts";
import { stepOptimize } from "./step-optimize.ts";
import { stepPrint } from "./step-print.ts";
import { stepSimulate } from "./step-simulate.ts";

/** The `step` area. */
export const step: RouteMap<Invocation> = buildRouteMap<string, Invocation>({
  routes: {
    check: stepCheck,
    print: stepPrint,
    analyze: stepAnalyze,
    simulate: stepSimulate,
    optimize: stepOptimize,
    experiment: stepExperiment,
  },
  docs: { brief: "Streaming tensor programs (STeP): check, analyse, simulate, optimise; published experiments" },
});
