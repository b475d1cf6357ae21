/** The kernels of the tour, for people and for programs. */
import { formatTime } from "../dram/describe-dram.ts";
import { html, type Markup } from "../report/markup.ts";
import { reportTable } from "../report/page.ts";
import type { JsonValue } from "../terminal/json.ts";
import { formatCount, formatRatio } from "../terminal/quantity.ts";
import { renderTable } from "../terminal/table.ts";
import { KERNEL_UNITS, type KernelDivision, kernelAbout, runKernels } from "./kernel-stop.ts";
import type { TourSection } from "./section.ts";
import { checkedCell } from "./tour-table.ts";

const counted = ["kernel", "divided", "work", "largest unit", "of the mean", "idle units", "checked"];
const measured = ["to plan", "to run"];

function cells(division: KernelDivision, at: number, all: readonly KernelDivision[]): string[] {
  const { kernel, strategy, work, maxUnitWork, meanUnitWork, idleUnits } = division;
  return [
    all[at - 1]?.kernel === kernel ? "" : kernel,
    strategy === "rows" ? "by rows" : "evenly",
    formatCount(work),
    formatCount(maxUnitWork),
    formatRatio(maxUnitWork / meanUnitWork),
    formatCount(idleUnits),
    checkedCell(division),
  ];
}

function times({ planNanoseconds, runNanoseconds }: KernelDivision): string[] {
  return [formatTime(planNanoseconds), formatTime(runNanoseconds)];
}

/** The kernels of the tour. */
export const kernelStop: TourSection = async ({ seed, now, begin }) => {
  const divisions = await runKernels(seed, now, (kernel) => begin(`${kernel}, divided`));
  const differing = divisions.reduce((sum, division) => sum + division.differing, 0);
  return { table: kernelTable(divisions), rows: kernelRows(divisions), section: kernelSection(divisions), differing };
};

function kernelTable(divisions: readonly KernelDivision[]): string {
  const first = divisions[0]!;
  const columns = [...counted, ...measured].map(
    (heading, at) => ({ heading, align: at < 2 ? "left" : "right" }) as const,
  );
  const threads = first.workers === 1 ? "1 thread" : `${first.workers} threads`;
  return `\nKernels with one giant row, computed in ${KERNEL_UNITS} units by WebAssembly on ${threads}\n${renderTable(
    columns,
    divisions.map((division, at, all) => [...cells(division, at, all), ...times(division)]),
  )}`;
}

// Times are measured, all else is counted.
function kernelRows(divisions: readonly KernelDivision[]): JsonValue[] {
  return divisions.map(({ compared, differing, kernel, strategy, ...division }) => ({
    stop: "kernel",
    kernel,
    variant: strategy,
    ...division,
    units: KERNEL_UNITS,
    checked: { compared, differing, largestError: 0 },
  }));
}

// Only what is counted, so that the same page comes out twice.
function kernelSection(divisions: readonly KernelDivision[]): Markup {
  const columns = counted.map((heading, at) => ({ heading, numeric: at > 1 }));
  return html`<section><h2>Kernels</h2>
<p>${kernelAbout}</p>
${reportTable(columns, divisions.map(cells))}
</section>`;
}
