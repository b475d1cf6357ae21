/** Simulated policies as a page with pictures. */
import { html } from "../report/markup.ts";
import { reportPage, reportTable } from "../report/page.ts";
import { policyHeadings, policyRow } from "./describe-simulation.ts";
import type { PolicyFrontier } from "./frontier.ts";
import { paretoChart } from "./pareto-chart.ts";
import { phaseBars } from "./phase-bars.ts";
import type { SimulationRequest, SimulationRun } from "./simulate-policies.ts";

/** The page: tables of all contentions, where a step's time goes, frontiers over batch sizes, and what it all rests on; `lines` has the frontiers of each contention. */
export function simulationPage(
  request: SimulationRequest,
  run: SimulationRun,
  lines: readonly (readonly PolicyFrontier[])[],
): string {
  const { model, hardware } = request;
  const title = `${model.id} on ${hardware.gpus} x ${hardware.gpu.id}`;
  const columns = policyHeadings.map((heading, at) => ({ heading, numeric: at > 0 }));
  const sections = run.contentions.map(({ contention, reports }, at) => {
    return html`<section><h2>PIM and GPU: ${contention}</h2>
${reportTable(
  columns,
  reports.map((report) => policyRow(report, reports[0]!)),
)}
<h3>Where a step's time goes</h3>
<figure>${phaseBars(reports)}</figure>
<h3>Throughput against interactivity, batches of 1 to 1024 generating sequences</h3>
<figure>${paretoChart(lines[at]!)}</figure></section>`;
  });
  return reportPage(title, [
    html`<h1>${title}</h1>`,
    ...sections,
    html`<section><h2>What these figures rest on</h2><ul>${run.assumptions.map((each) => html`<li>${each}</li>`)}</ul></section>`,
  ]);
}
