/** A timeline of the first layers of a step under each policy, for Perfetto. */

import { layerGraph, policyNamed, type RoutingSource, runTasks, StepSimulator } from "@millrace/sieve-pim";
import { SpanTimeline } from "@millrace/sim-core";
import type { SimulationRequest } from "./simulate-policies.ts";

/** Layers that are shown. */
const LAYERS = 4;

/** The timeline: for each policy, GPU and resource a line. Traces of requests are shown by a step of 64 sequences. */
export function stepTimeline(request: SimulationRequest, routing: RoutingSource): Uint8Array {
  const { model, hardware, replicas, microBatches, prompt, batch = 64 } = request;
  const timeline = new SpanTimeline(
    `${model.id}, first ${LAYERS} layers of a step of ${batch}, ${hardware.contention}`,
  );
  const load = { sequences: batch, contextTokens: batch * prompt, prefillTokens: 0, prefillContext: 0 };
  for (const name of request.policies) {
    const simulator = new StepSimulator({ model, hardware, policy: policyNamed(name), routing, replicas });
    const graph = layerGraph(simulator, { load, layers: LAYERS, microBatches });
    const { startNs, endNs } = runTasks(graph);
    for (const [task, resource] of graph.resource.entries()) {
      if (resource < 0 || graph.durationNs[task] === 0) continue;
      const path = `${name}/${graph.resources[resource]}`;
      timeline.span(path, { from: startNs[task]!, until: endNs[task]! }, graph.names[task]!);
    }
  }
  return timeline.encode();
}
