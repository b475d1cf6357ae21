/** `millrace fuse`: whole sparse models as fused dataflow graphs. */
import { buildRouteMap, type RouteMap } from "@stricli/core";
import type { Invocation } from "../../cli/outcome.ts";
import { fuseCompile } from "./fuse-compile.ts";
import { fuseExplain } from "./fuse-explain.ts";
import { fuseExplore } from "./fuse-explore.ts";
import { fuseSimulate } from "./fuse-simulate.ts";

/** The `fuse` area. */
export const fuse: RouteMap<Invocation> = buildRouteMap<string, Invocation>({
  routes: { compile: fuseCompile, simulate: fuseSimulate, explain: fuseExplain, explore: fuseExplore },
  docs: { brief: "Whole sparse models, fused across expressions: compile, simulate, explain, explore" },
});
