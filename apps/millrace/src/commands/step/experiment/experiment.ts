/** `millrace step experiment`: the experiments behind the published figures, on any trace. */
import { buildRouteMap, type RouteMap } from "@stricli/core";
import type { Invocation } from "../../../cli/outcome.ts";
import { experimentAttention } from "./experiment-attention.ts";
import { experimentLayer } from "./experiment-layer.ts";
import { experimentMoe } from "./experiment-moe.ts";
import { experimentTimemux } from "./experiment-timemux.ts";

/** The experiments. */
export const stepExperiment: RouteMap<Invocation> = buildRouteMap<string, Invocation>({
  routes: { moe: experimentMoe, timemux: experimentTimemux, attention: experimentAttention, layer: experimentLayer },
  docs: { brief: "The published experiments, on any trace" },
});
