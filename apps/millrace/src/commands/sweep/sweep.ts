/** `millrace sweep`: whole spaces, on all cores or on many machines. */
import { buildRouteMap, type RouteMap } from "@stricli/core";
import type { Invocation } from "../../cli/outcome.ts";
import { sweepRun } from "./sweep-run.ts";
import { sweepMerge, sweepPlan, sweepShard } from "./sweep-shards.ts";
import { sweepWorker } from "./sweep-worker.ts";

/** The `sweep` area. */
export const sweep: RouteMap<Invocation> = buildRouteMap<string, Invocation>({
  routes: { run: sweepRun, worker: sweepWorker, plan: sweepPlan, shard: sweepShard, merge: sweepMerge },
  docs: { brief: "Evaluate whole spaces: on all cores, on many machines, as shards of a batch system" },
});
