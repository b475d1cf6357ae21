/** `millrace agent`: programs written by agents, and their judge. */
import { buildRouteMap, type RouteMap } from "@stricli/core";
import type { Invocation } from "../../cli/outcome.ts";
import { agentVerify } from "./agent-verify.ts";

/** The `agent` area. */
export const agent: RouteMap<Invocation> = buildRouteMap<string, Invocation>({
  routes: { verify: agentVerify },
  docs: { brief: "Agents that write streaming operators: judge programs" },
});
