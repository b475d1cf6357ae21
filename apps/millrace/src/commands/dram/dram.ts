/** `millrace dram`: memory traces on command-level DRAM. */
import { buildRouteMap, type RouteMap } from "@stricli/core";
import type { Invocation } from "../../cli/outcome.ts";
import { dramPresets } from "./dram-presets.ts";
import { dramRun } from "./dram-run.ts";

/** The `dram` area; without a verb it runs a trace. */
export const dram: RouteMap<Invocation> = buildRouteMap<"run" | "presets", Invocation>({
  routes: { run: dramRun, presets: dramPresets },
  defaultCommand: "run",
  docs: { brief: "Command-level DRAM: run a trace, list the presets" },
});
