import { type SimulationReport, takeReport } from "../report/report.ts";
import type { TimelineRecorder } from "../timeline/timeline.ts";
import { describeDeadlock, findFreeingCapacity } from "./deadlock.ts";
import { Engine } from "./engine.ts";
import type { Graph } from "./graph.ts";
import type { Node } from "./node.ts";

/**
 * What tokens stand for: in `timing` mode shapes and handles, in `functional` mode also values.
 *
 * The engine looks into neither payloads nor tags. Nodes that compute take the mode as an option, and must write the same
 * tokens at the same times in both: a run in functional mode then checks the values of the run in timing mode.
 */
export type SimulationMode = "functional" | "timing";

/** Settings of one simulation. */
export interface SimulateOptions {
  /** Records what happens, for Perfetto. */
  readonly timeline?: TimelineRecorder;
  /** Order in which the host first runs the nodes; for showing that results do not depend on it. Default: graph order. */
  readonly order?: readonly Node[];
  /** Called at the end or at the standstill, before a search for a freeing capacity goes on with the same nodes. */
  readonly stopped?: () => void;
}

/**
 * Runs `graph` to its end or to a standstill, which is a result (`deadlock`), not an error.
 *
 * @throws {SimError} `channel-ends` or `capacity-override` if the graph is not whole, `graph-sealed` if it was simulated
 *   before, `time-overflow` if a clock passes 2^53 - 1.
 */
export function simulate(graph: Graph, options: SimulateOptions = {}): SimulationReport {
  graph.seal();
  const { nodes } = graph;
  options.timeline?.attach(graph);
  const engine = new Engine(options.order ?? nodes);
  engine.run();
  const deadlock = describeDeadlock(nodes);
  const report = takeReport(graph, engine.activations, deadlock);
  options.timeline?.close(graph);
  options.stopped?.();
  if (deadlock === null || deadlock.kind === "starvation") return report;
  // The counters are taken: the search goes on with the same nodes and spoils them.
  return { ...report, deadlock: { ...deadlock, ...findFreeingCapacity(engine, nodes) } };
}
