/** A run of a trace as one page: how much of the peak was reached, why not more, and which banks did the work. */

import { drawHeatMap } from "../report/heat-map.ts";
import { html, type Markup, nothing } from "../report/markup.ts";
import { reportPage, reportTable } from "../report/page.ts";
import { sharesBar } from "../report/shares-bar.ts";
import { formatCount, formatShare } from "../terminal/quantity.ts";
import type { BankCounts } from "./bank-activity.ts";
import { dramPairs } from "./describe-dram.ts";
import type { DramResult } from "./dram-result.ts";
import { type LossShares, lossCauses, lossWords } from "./loss-cause.ts";
import type { DramRun } from "./run-trace.ts";

/** What the page is about. */
export interface DramReport {
  readonly run: DramRun;
  readonly result: DramResult;
  readonly banks: BankCounts | undefined;
}

// More squares than this are too small to see.
const MOST_BANKS = 4096;

/** The page as an HTML document. */
export function dramReport(report: DramReport): string {
  const { run, result } = report;
  const pairs = dramPairs(run, result).map(([name, value]) => [html`<strong>${name}</strong>`, value]);
  return reportPage("Millrace DRAM", [
    html`<h1>DRAM: ${run.setup.name}</h1>
<p>${formatShare(result.losses.data)} of the peak bandwidth. A cycle here is a tick of the memory.</p>`,
    reportTable([{ heading: "Run" }, { heading: "" }], pairs),
    lossSection(result),
    bankSection(report),
    channelSection(result),
  ]);
}

/** The bar of a run's shares of the peak. */
function lossBar(losses: LossShares): Markup {
  return sharesBar([
    { name: "data", share: losses.data },
    ...lossCauses.map((each) => ({ name: lossWords[each].name, share: losses[each] })),
  ]);
}

function lossSection({ losses, channels }: DramResult): Markup {
  const rows = lossCauses
    .filter((each) => losses[each] > 0)
    .sort((a, b) => losses[b] - losses[a])
    .map((each) => [lossWords[each].name, formatShare(losses[each]), lossWords[each].meaning]);
  const perChannel =
    channels.length < 2
      ? nothing
      : html`<details><summary>Channel by channel</summary>${channels.map(
          (each, at) => html`<h3>Channel ${at}</h3>${lossBar(each.losses)}`,
        )}</details>`;
  return html`<h2>Where the peak went</h2>
${lossBar(losses)}
${reportTable([{ heading: "Lost to" }, { heading: "Share", numeric: true }, { heading: "What it is" }], rows)}
<p class="soft">Every cycle of every data bus is accounted for once: as data, or as lost to one cause.</p>
${perChannel}`;
}

function bankSection({ run, banks }: DramReport): Markup {
  if (banks === undefined) return nothing;
  const { spec } = run.setup.configuration;
  const { banksPerChannel } = banks;
  const rowsPerChannel = spec.counts[1]!;
  const columns = banksPerChannel / rowsPerChannel;
  const shown = Math.min(Math.floor(MOST_BANKS / banksPerChannel), run.channels.length);
  const level = spec.levels[1]!.toLowerCase();
  const place = (bank: number): string =>
    `channel ${Math.floor(bank / banksPerChannel)}, bank ${bank % banksPerChannel}`;
  const map = (label: string, values: Float64Array, what: string): Markup =>
    html`<figure>${drawHeatMap({
      label,
      columns,
      values: values.subarray(0, shown * banksPerChannel),
      title: (bank) => `${place(bank)}: ${formatCount(values[bank]!)} ${what}`,
      rowName: (row) =>
        rowsPerChannel === 1 ? `${row}` : `${Math.floor(row / rowsPerChannel)}.${row % rowsPerChannel}`,
    })}<figcaption>${label}; darkest: ${formatCount(values.reduce((most, each) => Math.max(most, each), 0))} ${what}.</figcaption></figure>`;
  const cut =
    shown === run.channels.length ? nothing : html`<p class="soft">Only the first ${shown} channels are drawn.</p>`;
  return html`<h2>Banks</h2>
<p class="soft">A square for each bank; a line for each ${rowsPerChannel === 1 ? "channel" : html`channel.${level}`}.</p>
<div class="maps">${map("Reads and writes", banks.accesses, "accesses")}${map("Rows opened", banks.activations, "openings")}</div>
${cut}`;
}

function channelSection({ channels, peakBytesPerCycle }: DramResult): Markup {
  const numeric = (heading: string): { heading: string; numeric: true } => ({ heading, numeric: true });
  const peak = peakBytesPerCycle / channels.length;
  const columns = [
    "Channel",
    "Reads",
    "Writes",
    "Row hits",
    "Misses",
    "Conflicts",
    "Refreshes",
    "Bytes/cycle",
    "Of peak",
  ];
  const rows = channels.map((each, at) => [
    String(at),
    ...[each.reads, each.writes, each.hits, each.misses, each.conflicts, each.refreshes].map((count) =>
      formatCount(count),
    ),
    each.bandwidth.toFixed(2),
    formatShare(each.bandwidth / peak),
  ]);
  return html`<h2>Channels</h2>
${reportTable(columns.map(numeric), rows)}`;
}
