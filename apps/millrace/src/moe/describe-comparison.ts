/** The comparison with the paper, for people, for programs and as a page. */
import type { Sensitivity } from "@millrace/sieve-pim";
import { html, type Markup } from "../report/markup.ts";
import { reportPage, reportTable } from "../report/page.ts";
import type { JsonValue } from "../terminal/json.ts";
import { formatRatio } from "../terminal/quantity.ts";
import { renderTable } from "../terminal/table.ts";
import { type Comparison, claimed, type ModelComparison, plainRules } from "./compare-models.ts";
import { paretoChart } from "./pareto-chart.ts";
import { tornado } from "./tornado.ts";

/** The document of `--json`, from which every ratio can be found again. */
export function comparisonToJson({ models, sensitivities, assumptions }: Comparison): JsonValue {
  return {
    models: models.map(({ model, contention, frontiers, over, overPlain, overBest }) => ({
      model,
      contention,
      claimed: claimed[model] ?? null,
      overPlain: { ...overPlain },
      overBest: { ...overBest },
      over: over.map((each) => ({ ...each })),
      frontiers: frontiers.map(({ policy, points }) => ({ policy, points: points.map((point) => ({ ...point })) })),
    })),
    sensitivity: sensitivities.map(({ model, batch, result }) => ({ model, batch, ...sensitivityToJson(result) })),
    assumptions,
  };
}

function sensitivityToJson({ ratio, rows }: Sensitivity) {
  return { ratio, rows: rows.map(({ assumption, low, high }) => ({ assumption, low: { ...low }, high: { ...high } })) };
}

function ratio(value: number | null): string {
  return value === null ? "apart" : formatRatio(value);
}

const headings = [
  "model",
  "contention",
  "sieve over",
  "throughput at equal interactivity",
  "interactivity at equal throughput",
  "claimed",
];

function rows({ models }: Comparison): string[][] {
  return models.flatMap(({ model, contention, over, overPlain, overBest }) => {
    const claim = claimed[model] === undefined ? "" : `${claimed[model]}x`;
    const cells = (policy: string, ratios: ModelComparison["overBest"], own: string) => [
      model,
      contention,
      policy,
      ratio(ratios.throughputAtEqualInteractivity),
      ratio(ratios.interactivityAtEqualThroughput),
      own,
    ];
    return [
      ...over.map((each) => cells(each.policy, each, "")),
      cells("best plain rule", overPlain, claim),
      cells("best of all", overBest, claim),
    ];
  });
}

/** Tables, what moves the gains most, and the assumptions. */
export function comparisonText(comparison: Comparison): string {
  const table = renderTable(
    headings.map((heading, at) => ({ heading, align: at < 3 ? "left" : "right" }) as const),
    rows(comparison),
  );
  const studies = comparison.sensitivities.map(({ model, batch, result }) => {
    const moved = renderTable(
      [
        { heading: "assumption", align: "left" },
        { heading: "low", align: "left" },
        { heading: "ratio", align: "right" },
        { heading: "high", align: "left" },
        { heading: "ratio", align: "right" },
      ],
      result.rows.map(({ assumption, low, high }) => [
        assumption,
        low.setting,
        formatRatio(low.ratio),
        high.setting,
        formatRatio(high.ratio),
      ]),
    );
    return `${model}, batch ${batch}: throughput over the best of ${plainRules.join(", ")} ${formatRatio(result.ratio)}; with one assumption moved\n${moved}`;
  });
  const list = comparison.assumptions.map((each) => `- ${each}\n`).join("");
  return `${table}\n${studies.join("\n")}\nThese figures rest on:\n${list}`;
}

/** The page: frontiers, ratios, tornados, assumptions. */
export function comparisonPage(comparison: Comparison): string {
  const columns = headings.map((heading, at) => ({ heading, numeric: at > 2 }));
  const names = [...new Set(comparison.models.map(({ model }) => model))];
  const sections = names.map((name): Markup => {
    const own = comparison.models.filter(({ model }) => model === name);
    const study = comparison.sensitivities.find(({ model }) => model === name)!;
    return html`<section><h2>${name}</h2>
${reportTable(columns, rows({ ...comparison, models: own }))}
${own.map(({ contention, frontiers }) => html`<h3>Throughput against interactivity, ${contention}</h3><figure>${paretoChart(frontiers)}</figure>`)}
<h3>Throughput over the best of ${plainRules.join(", ")} at batch ${study.batch}, one assumption moved at a time</h3>
<figure>${tornado(study.result)}</figure></section>`;
  });
  return reportPage("Sieve against other policies", [
    html`<h1>Sieve against other policies</h1>`,
    html`<p>The abstract of the paper (arXiv 2605.11277) claims 1.3x, 1.3x and 1.6x in throughput and in interactivity over earlier PIM systems for Qwen3.5-397B-A17B, GPT-OSS-120B and Qwen3-30B-A3B. This is what our own inputs give.</p>`,
    ...sections,
    html`<section><h2>What these figures rest on</h2><ul>${comparison.assumptions.map((each) => html`<li>${each}</li>`)}</ul></section>`,
  ]);
}
