/** `millrace embed`: embedding operations on decoupled machines. */
import { buildRouteMap, type RouteMap } from "@stricli/core";
import type { Invocation } from "../../cli/outcome.ts";
import { embedCompile } from "./embed-compile.ts";
import { embedRun } from "./embed-run.ts";
import { embedSimulate } from "./embed-simulate.ts";
import { embedTrace } from "./embed-trace.ts";

/** The `embed` area. */
export const embed: RouteMap<Invocation> = buildRouteMap<string, Invocation>({
  routes: { compile: embedCompile, run: embedRun, simulate: embedSimulate, trace: embedTrace },
  docs: { brief: "Embedding operations as decoupled access and execution: compile, run, simulate, trace" },
});
