/** A finished pipeline as a page: the stages, then what each of them found. */
import { packageVersion } from "../../cli/version.ts";
import { html, type Markup, nothing } from "../../report/markup.ts";
import { reportPage, reportTable } from "../../report/page.ts";
import { formatCount } from "../../terminal/quantity.ts";
import type { Pipeline } from "../pipeline.ts";
import type { FinishedStage } from "../run/run-pipeline.ts";
import type { StageTable } from "../stage-result.ts";
import { checkToText, gaveToText } from "./pipeline-document.ts";

/** The report. */
export function pipelinePage({ title, about, name }: Pipeline, finished: readonly FinishedStage[]): string {
  const rows = finished.map(({ stage, result }) => [
    stage.name,
    stage.kind.name,
    Object.values(stage.from).join(", "),
    gaveToText(result),
    checkToText(result.check),
  ]);
  const columns = ["Stage", "Kind", "Takes from", "Gave", "Checked"].map((heading) => ({ heading }));
  return reportPage(title, [
    html`<h1>${title}</h1>
${about === undefined ? nothing : html`<p>${about}</p>`}
${reportTable(columns, rows)}
<p class="soft">Pipeline ${name}. Millrace ${packageVersion}.</p>`,
    ...finished.map(sectionOf),
  ]);
}

function sectionOf({ stage, result, measured }: FinishedStage): Markup {
  const { name, kind, options } = stage;
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const words = given.map(
    ([option, value]) => `${option}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const times =
    result.measured === undefined && !measured ? nothing : html`<p class="soft">Times are of this machine.</p>`;
  return html`<section><h2>${name}</h2>
<p>${kind.brief}. ${gaveToText(result)}.</p>
<p class="soft">${words.length === 0 ? "No options" : words.join(" · ")}</p>
${times}${[...(result.tables ?? []), ...(result.measured?.tables ?? [])].map(tableOf)}</section>`;
}

function tableOf({ title, columns, rows }: StageTable): Markup {
  const numeric = (at: number): boolean => rows.some((row) => typeof row[at] === "number");
  return html`<h3>${title}</h3>
${reportTable(
  columns.map((heading, at) => ({ heading, numeric: numeric(at) })),
  rows.map((row) => row.map(cellText)),
)}`;
}

function cellText(value: string | number | null): string {
  if (value === null) return "";
  return typeof value === "string" ? value : formatCount(value, Number.isInteger(value) ? 0 : 2);
}
