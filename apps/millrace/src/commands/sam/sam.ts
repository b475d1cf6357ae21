/** `millrace sam`: dataflow graphs of the Sparse Abstract Machine. */
import { buildRouteMap, type RouteMap } from "@stricli/core";
import type { Invocation } from "../../cli/outcome.ts";
import { samCompile } from "./sam-compile.ts";
import { samDraw } from "./sam-draw.ts";
import { samRun } from "./sam-run.ts";
import { samSimulate } from "./sam-simulate.ts";

/** The `sam` area. */
export const sam: RouteMap<Invocation> = buildRouteMap<string, Invocation>({
  routes: { run: samRun, compile: samCompile, simulate: samSimulate, draw: samDraw },
  docs: { brief: "Dataflow graphs of the Sparse Abstract Machine: run, compile, draw" },
});
