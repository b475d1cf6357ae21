/** The lookups of the tour, for people and for programs. */
import { formatTime } from "../dram/describe-dram.ts";
import { html, type Markup } from "../report/markup.ts";
import { reportTable } from "../report/page.ts";
import type { JsonValue } from "../terminal/json.ts";
import { formatBytes, formatCount, formatRatio } from "../terminal/quantity.ts";
import { renderTable } from "../terminal/table.ts";
import { LOOKUP_WIDTH, type LookupRun, lookupAbout, runLookups } from "./lookup-stop.ts";
import type { TourSection } from "./section.ts";
import { checkedCell } from "./tour-table.ts";

const counted = ["looked up by", "lookups", "bags", "rows read", "checked"];
const measured = ["in", "to run", "lookups/us", "speed-up"];

/** A recorded trace, looked up on this machine. */
export const lookupStop: TourSection = ({ now, begin }) => {
  const runs = runLookups(now, (variant) => begin(`lookups, ${variant}`));
  const differing = runs.reduce((sum, run) => sum + run.differing, 0);
  return { table: table(runs), rows: rows(runs), section: section(runs), differing };
};

function cells(run: LookupRun): string[] {
  const { variant, lookups, bags, bytes } = run;
  return [variant, formatCount(lookups), formatCount(bags), formatBytes(bytes), checkedCell(run)];
}

function speedUp({ nanoseconds }: LookupRun, [plain]: readonly LookupRun[]): number {
  return plain!.nanoseconds / Math.max(1, nanoseconds);
}

function times(run: LookupRun, runs: readonly LookupRun[]): string[] {
  const { target, lookups, nanoseconds } = run;
  const rate = (lookups / Math.max(1, nanoseconds)) * 1e3;
  return [target, formatTime(nanoseconds), formatCount(rate, 1), formatRatio(speedUp(run, runs))];
}

function table(runs: readonly LookupRun[]): string {
  const columns = [...counted, ...measured].map(
    (heading, at) => ({ heading, align: at === 0 || heading === "in" ? "left" : "right" }) as const,
  );
  const title = `EmbeddingBag on this machine, ids with the reuse of 2021 in a table of a million rows of ${LOOKUP_WIDTH} elements`;
  return `\n${title}\n${renderTable(
    columns,
    runs.map((run) => [...cells(run), ...times(run, runs)]),
  )}`;
}

// Times are measured, and what it ran as depends on the machine; all else is counted.
function rows(runs: readonly LookupRun[]): JsonValue[] {
  return runs.map(({ compared, differing, variant, ...run }) => ({
    stop: "lookup",
    kernel: "EmbeddingBag",
    variant,
    ...run,
    checked: { compared, differing, largestError: 0 },
  }));
}

// Only what is counted, so that the same page comes out twice.
function section(runs: readonly LookupRun[]): Markup {
  const columns = counted.map((heading, at) => ({ heading, numeric: at > 0 }));
  return html`<section><h2>Lookups</h2>
<p>${lookupAbout}</p>
${reportTable(columns, runs.map(cells))}
</section>`;
}
