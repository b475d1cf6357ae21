/** An operation at all levels of optimisation as a page with pictures: speed, stalls, and how full the queue was. */
import type { TimingReport } from "@millrace/ember-dae";
import { linearAxis } from "../report/linear-axis.ts";
import { html, type Markup } from "../report/markup.ts";
import { reportPage, reportTable } from "../report/page.ts";
import { formatBytes, formatCount, formatRatio, formatShare } from "../terminal/quantity.ts";
import { stallNames } from "./describe-timing.ts";

/** What the page is about. */
export interface TimingPage {
  readonly title: string;
  /** By level, from emb-opt0. */
  readonly reports: readonly TimingReport[];
  readonly parts: number;
}

/** The page. */
export function timingPage({ title, reports, parts }: TimingPage): string {
  return reportPage(title, [
    html`<h1>${title}</h1><section><h2>Levels of optimisation</h2>${levelTable(reports)}<figure>${speedBars(reports)}
<figcaption>Cycles of each level: what the core works, and what it waits for the queue.</figcaption></figure></section>`,
    html`<section><h2>Cycles lost</h2><p>By cause, as shares of each run. Units wait at the same time, so that shares do not add up.</p>
${stallTable(reports)}</section>`,
    html`<section><h2>Parts of the queue that are full</h2><p>Mean over 64 equal stretches of each run, of ${parts} parts. A full queue means that
the core is what all wait for; an empty one, that the access unit is.</p>${reports.map((report, level) => occupancy(report, level, parts))}</section>`,
    html`<section><h2>Lines</h2>${lineTable(reports)}</section>`,
  ]);
}

function levelTable(reports: readonly TimingReport[]): Markup {
  const headings = [
    "level",
    "cycles",
    "speed-up",
    "million lookups/s",
    "tokens",
    "scalars",
    "vectors",
    "queue",
    "energy",
  ];
  const rows = reports.map((report, level) => [
    `emb-opt${level}`,
    formatCount(report.cycles),
    formatRatio(reports[0]!.cycles / Math.max(1, report.cycles)),
    formatCount(report.lookupsPerSecond / 1e6, 2),
    ...[report.tokens, report.scalars, report.vectors].map((count) => formatCount(count)),
    formatBytes(report.bytes),
    report.energyPicojoules === null ? "not known" : `${formatCount(report.energyPicojoules / 1e6, 2)} uJ`,
  ]);
  return reportTable(
    headings.map((heading, at) => ({ heading, numeric: at > 0 })),
    rows,
  );
}

function speedBars(reports: readonly TimingReport[]): Markup {
  const longest = Math.max(1, ...reports.map(({ cycles }) => cycles));
  const rows = reports.map(({ cycles, stalls }, level) => {
    const waits = stalls.coreWaitsForQueue ?? 0;
    const width = (part: number) => ((100 * part) / longest).toFixed(2);
    return html`<div class="phase"><span>emb-opt${level}</span><div class="shares"><i class="busy" style="width:${width(cycles - waits)}%" title="core works"></i><i class="starved" style="width:${width(waits)}%" title="core waits"></i></div><b>${formatCount(cycles)}</b></div>`;
  });
  return html`<div class="phases">${rows}</div><ul class="legend"><li><i class="busy"></i>core works</li><li><i class="starved"></i>core waits for the queue</li></ul>`;
}

function stallTable(reports: readonly TimingReport[]): Markup {
  const causes = Object.keys(reports[0]?.stalls ?? {});
  const columns = ["cause", ...reports.map((_, level) => `emb-opt${level}`)];
  const rows = causes.map((cause) => [
    stallNames[cause] ?? cause,
    ...reports.map(({ stalls, cycles }) => stallBar((stalls[cause] ?? 0) / Math.max(1, cycles))),
  ]);
  return reportTable(
    columns.map((heading) => ({ heading })),
    rows,
  );
}

function stallBar(share: number): Markup {
  return html`<div class="time" title="${formatShare(share)}"><i class="blocked" style="width:${(100 * Math.min(1, share)).toFixed(2)}%"></i></div>
<span class="soft">${formatShare(share)}</span>`;
}

const [chartWidth, chartHeight, left, right, bottom] = [680, 96, 104, 46, 22];

/** Full parts over time, as steps. */
function occupancy({ queueOccupancy, cycles }: TimingReport, level: number, parts: number): Markup {
  const axis = linearAxis([cycles], left, chartWidth - right);
  const scale = (full: number) => chartHeight - bottom - ((chartHeight - bottom - 10) * Math.min(full, parts)) / parts;
  const width = cycles / Math.max(1, queueOccupancy.length);
  const points = queueOccupancy.flatMap((full, at) =>
    [at * width, (at + 1) * width].map((time) => `${axis.place(time).toFixed(1)},${scale(full).toFixed(1)}`),
  );
  const ticks = axis.ticks.map(
    (tick) =>
      html`<line class="grid" x1="${axis.place(tick)}" x2="${axis.place(tick)}" y1="10" y2="${chartHeight - bottom}"/><text x="${axis.place(tick)}" y="${chartHeight - 6}" text-anchor="middle">${formatCount(tick)}</text>`,
  );
  return html`<svg class="chart" viewBox="0 0 ${chartWidth} ${chartHeight}" role="img" aria-label="Full parts of the queue over cycles at emb-opt${level}">
${ticks}<text x="0" y="16">emb-opt${level}</text><text x="${left - 8}" y="${scale(parts) + 5}" text-anchor="end">${parts}</text><text x="${left - 8}" y="${scale(0) + 4}" text-anchor="end">0</text>
<polyline class="frontier" points="${points.join(" ")}"/></svg>`;
}

function lineTable(reports: readonly TimingReport[]): Markup {
  const headings = ["stream", "lines", "second-cache hits", "last-cache hits", "from memory"];
  const last = reports.at(-1)?.streams ?? [];
  const rows = last.map(({ memory, lines, secondHits, lastHits }) => [
    memory,
    ...[lines, secondHits, lastHits, lines - secondHits - lastHits].map((count) => formatCount(count)),
  ]);
  return reportTable(
    headings.map((heading, at) => ({ heading, numeric: at > 0 })),
    rows,
  );
}
