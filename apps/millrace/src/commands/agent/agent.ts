/** `millrace agent`: programs written by agents, and their judge. */
import { buildRouteMap, type RouteMap } from "@stricli/core";
import type { Invocation } from "../../cli/outcome.ts";
import { agentBench } from "./agent-bench.ts";
import { agentReplay, agentResume } from "./agent-resume.ts";
import { agentRun } from "./agent-run.ts";
import { agentTasks } from "./agent-tasks.ts";
import { agentVerify } from "./agent-verify.ts";

/** The `agent` area. */
export const agent: RouteMap<Invocation> = buildRouteMap<string, Invocation>({
  routes: {
    run: agentRun,
    resume: agentResume,
    replay: agentReplay,
    verify: agentVerify,
    bench: agentBench,
    tasks: agentTasks,
  },
  docs: { brief: "Agents that write streaming operators: learn, repeat, judge" },
});
