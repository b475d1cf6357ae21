import type { Workplace } from "../cli/outcome.ts";
import type { RunFolder } from "../files/run-folder.ts";
import { frontiers } from "./frontier.ts";
import { frontierView, servingCounters } from "./moe-views.ts";
import type { SimulationRequest, SimulationRun } from "./simulate-policies.ts";
import { simulationPage } from "./simulation-page.ts";

/** Keeps simulated policies: the page, and for the studio counters and the frontiers over batch sizes of each contention. */
export function keepSimulation(
  request: SimulationRequest,
  run: SimulationRun,
  { place, kept }: { readonly place: Workplace; readonly kept: RunFolder },
): void {
  const { hardware } = request;
  const lines = run.contentions.map(({ contention }) =>
    frontiers({ ...request, hardware: { ...hardware, contention }, routing: run.routing }),
  );
  for (const [at, { contention, reports }] of run.contentions.entries()) {
    kept.view("points", `Frontiers, ${contention}`, frontierView(lines[at]!), { id: `frontiers/${contention}` });
    kept.view("counters", `Policies, ${contention}`, servingCounters(reports), { id: `counters/${contention}` });
  }
  place.write(`${kept.name}/report.html`, simulationPage(request, run, lines));
}
