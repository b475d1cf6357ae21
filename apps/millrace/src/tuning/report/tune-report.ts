/** A study as one page: history, what matters, where evaluations fail, all configurations, the Pareto front. */
import { importanceOf, type Trial, valueToText } from "@millrace/baco-tuner";
import { packageVersion } from "../../cli/version.ts";
import { html, type Markup, nothing } from "../../report/markup.ts";
import { reportPage, reportTable } from "../../report/page.ts";
import { formatCount, formatShare } from "../../terminal/quantity.ts";
import { historyOf, shownNumber, type TuneResult, tuneToText } from "../tune-result.ts";
import { historyChart } from "./history-chart.ts";
import { parallelCoordinates } from "./parallel-coordinates.ts";

/** The report of a study; `name` is what was tuned. */
export function tuneReport(name: string, result: TuneResult): string {
  const { study, objectives, optimum } = result;
  const history = historyOf(result);
  const known = optimum === undefined ? nothing : html` The dashed line is the least there is.`;
  return reportPage(`Tuning of ${name}`, [
    html`<h1>Tuning of ${name}</h1>
<pre>${tuneToText(result)}</pre>
<p class="soft">Seed ${study.seed}. Millrace ${packageVersion}.</p>
<h2>History</h2>
<p>${objectives[0] ?? ""} of each evaluation, and the best so far; a cross is an evaluation that failed.${known}</p>
<figure>${historyChart(history, optimum)}</figure>`,
    importanceSection(result),
    feasibilitySection(result),
    html`<h2>Configurations</h2>
<p>One line for each feasible evaluation, the better the darker; the best is red.</p>
<figure>${parallelCoordinates(study.space.parameters, history)}</figure>`,
    paretoSection(result),
  ]);
}

function importanceSection({ study }: TuneResult): Markup {
  const found = importanceOf(study);
  if (found.length === 0) return nothing;
  const rows = found.map(
    ({ parameter, share }) =>
      html`<div class="bar"><span>${parameter}</span><i style="width:${(100 * share).toFixed(1)}%"></i><b>${formatShare(share)}</b></div>`,
  );
  return html`<h2>Importance</h2>
<p>The share of the variation that each parameter explains by itself, in a random forest fitted to the feasible evaluations. Interaction is in none of them, and where constraints tie parameters together, in several.</p>
<div class="bars">${rows}</div>`;
}

/** How often evaluations fail, and with which values of which parameters. */
function feasibilitySection({ study }: TuneResult): Markup {
  const told = study.trials.filter(({ outcome }) => outcome !== undefined);
  const failed = told.filter(({ outcome }) => !outcome!.ok);
  if (failed.length === 0) return html`<h2>Feasibility</h2><p>All ${formatCount(told.length)} evaluations worked.</p>`;
  const groups = study.space.parameters.flatMap(({ name }) => {
    const byValue = new Map<string, Trial[]>();
    for (const trial of told) {
      const text = valueToText(trial.config[name]!);
      byValue.set(text, [...(byValue.get(text) ?? []), trial]);
    }
    return [...byValue].map(([value, trials]) => ({ name, value, trials }));
  });
  const share = (trials: readonly Trial[]): number =>
    trials.filter(({ outcome }) => !outcome!.ok).length / trials.length;
  const worst = groups
    .filter(({ trials }) => trials.length >= 3 && share(trials) > share(told))
    .sort((a, b) => share(b.trials) - share(a.trials) || b.trials.length - a.trials.length)
    .slice(0, 10);
  const columns = [
    { heading: "Parameter" },
    { heading: "Value" },
    { heading: "Evaluations", numeric: true },
    { heading: "Failed", numeric: true },
  ];
  const rows = worst.map(({ name, value, trials }) => [
    name,
    value,
    formatCount(trials.length),
    formatShare(share(trials)),
  ]);
  return html`<h2>Feasibility</h2>
<p>${formatCount(failed.length)} of ${formatCount(told.length)} evaluations failed. Values with which more fail than on average:</p>
${rows.length === 0 ? nothing : reportTable(columns, rows)}`;
}

function paretoSection({ study, objectives }: TuneResult): Markup {
  if (objectives.length < 2) return nothing;
  const names = study.space.parameters.map(({ name }) => name);
  const columns = [
    ...objectives.map((heading) => ({ heading, numeric: true })),
    ...names.map((heading) => ({ heading })),
  ];
  const front = study.pareto.map(({ config, outcome }) => ({
    config,
    values: outcome?.ok ? (outcome.objectives ?? [outcome.value]) : [],
  }));
  front.sort((a, b) => a.values[0]! - b.values[0]!);
  const rows = front.map(({ config, values }) => [
    ...values.map(shownNumber),
    ...names.map((name) => valueToText(config[name]!)),
  ]);
  return html`<h2>Pareto front</h2>
<p>Configurations that no other beats in all objectives.</p>
${reportTable(columns, rows)}`;
}
