/** `millrace moe`: mixtures of experts on GPUs with PIM. */
import { buildRouteMap, type RouteMap } from "@stricli/core";
import type { Invocation } from "../../cli/outcome.ts";
import { moeCompare } from "./moe-compare.ts";
import { moeSchedule } from "./moe-schedule.ts";
import { moeSimulate } from "./moe-simulate.ts";

/** The `moe` area. */
export const moe: RouteMap<Invocation> = buildRouteMap<string, Invocation>({
  routes: { schedule: moeSchedule, simulate: moeSimulate, compare: moeCompare },
  docs: { brief: "Mixtures of experts on GPUs with processing in memory: schedule, simulate, compare" },
});
