/** The tour as one page to read, print and mail. */
import type { SimulationReport } from "@millrace/sim-core";
import { logBars, timeBar } from "../report/bars.ts";
import { graphFigure } from "../report/graph-figure.ts";
import { html, type Markup, nothing } from "../report/markup.ts";
import { reportPage, reportTable } from "../report/page.ts";
import { drawRoofline, type Roof } from "../report/roofline.ts";
import type { RunSettings } from "../simulation/run-graph.ts";
import { formatCount, formatShare } from "../terminal/quantity.ts";
import { enumeration } from "../terminal/wording.ts";
import { type KernelRun, resultEntries, type StopRun, type VariantRun } from "./run-stop.ts";
import { bytesCell, checkedCell, fastestOf, slowestOf, speedUp } from "./tour-table.ts";
import { sizeOf, type TourTensors } from "./tour-tensors.ts";

/** What the report is about. */
export interface TourReport {
  readonly runs: readonly StopRun[];
  /** The stops that have a table of their own. */
  readonly sections: readonly Markup[];
  readonly tensors: TourTensors;
  readonly settings: RunSettings;
  readonly roof: Roof;
  readonly seed: number;
  readonly version: string;
}

/** The report as an HTML document. */
export async function tourReport(report: TourReport): Promise<string> {
  const { runs, tensors, settings, seed, version } = report;
  const kernels: Markup[] = [];
  for (const run of runs) kernels.push(await stopSection(run));
  const machine = `profile ${settings.profile}, memory ${settings.memory}, ${settings.fifo === undefined ? "unbounded queues" : `queues of ${settings.fifo}`}`;
  return reportPage("Millrace tour", [
    html`<h1>Millrace tour</h1>
<p>Sparse tensor kernels on real data, compiled to streaming dataflow graphs and simulated cycle by cycle; every value is compared with a reference.</p>
<p class="soft">Machine: ${machine}. Seed ${seed}. Millrace ${version}.</p>`,
    summary(runs),
    roofline(report),
    ...kernels,
    ...report.sections,
    inputs(tensors),
  ]);
}

function summary(runs: readonly StopRun[]): Markup {
  const wrong = runs.flatMap(({ variants }) => variants).filter(({ differing }) => differing > 0);
  const verdict =
    wrong.length === 0
      ? "All values agree with the reference."
      : `Values of ${enumeration(wrong.map(({ name }) => name))} differ from the reference.`;
  const columns = [
    { heading: "Kernel" },
    { heading: "Variant" },
    { heading: "Cycles", numeric: true },
    { heading: "Speed-up", numeric: true },
    { heading: "Tokens", numeric: true },
    { heading: "Bytes", numeric: true },
    { heading: "Values checked", numeric: true },
  ];
  const rows = runs.flatMap((run) =>
    run.variants.map((variant, at) => [
      at === 0 ? html`<strong>${run.stop.title}</strong>` : nothing,
      variant.name,
      formatCount(variant.cycles),
      speedUp(variant, run),
      formatCount(variant.tokens),
      bytesCell(variant),
      checkedCell(variant),
    ]),
  );
  return html`<h2>Results</h2>
${reportTable(columns, rows)}
<p class="soft">Speed-up is over the slowest variant of the same kernel. ${verdict}</p>`;
}

function roofline({ runs, roof }: TourReport): Markup {
  const points = runs.flatMap((run) =>
    run.variants.flatMap(({ name, operations, bytes, cycles }) =>
      bytes === null || bytes === 0 ? [] : [{ label: `${run.stop.title}, ${name}`, flops: operations, bytes, cycles }],
    ),
  );
  if (points.length === 0) return nothing;
  const memory =
    roof.bytesPerCycle === null ? nothing : html` The slope is memory: ${roof.bytesPerCycle} bytes per cycle.`;
  return html`<h2>Roofline</h2>
<figure class="beside"><div class="wide">${drawRoofline(points, roof)}</div>
<figcaption><ol>${points.map(({ label }) => html`<li>${label}</li>`)}</ol></figcaption></figure>
<p class="soft">The roof is ${roof.flopsPerCycle} operations per cycle, one for each arithmetic block of the largest of these graphs.${memory} A kernel far below both waits for coordinates: merging and skipping them is work that neither limit counts.</p>`;
}

async function stopSection(run: StopRun): Promise<Markup> {
  const best = fastestOf(run);
  const ordered = [best, ...run.variants.filter((variant) => variant !== best)];
  const parts: Markup[] = [];
  for (const variant of ordered) parts.push(await variantPart(variant, variant === best));
  const bars =
    run.variants.length === 1
      ? nothing
      : html`<h3>Cycles</h3>${logBars(run.variants.map(({ name, cycles }) => ({ label: name, size: cycles })))}
<p class="soft">Logarithmic. Fastest: ${best.name}, ${speedUp(best, run)} over ${slowestOf(run).name}.</p>`;
  return html`<section><h2>${run.stop.title}</h2>
<p>${run.stop.about}</p>
${bars}
${parts}</section>`;
}

async function variantPart(variant: VariantRun, open: boolean): Promise<Markup> {
  const kernels: Markup[] = [];
  for (const kernel of variant.kernels) kernels.push(await kernelPart(kernel));
  return html`<details${open ? html` open` : nothing}><summary>${variant.name}: ${formatCount(variant.cycles)} cycles</summary>
${kernels}</details>`;
}

async function kernelPart(each: KernelRun): Promise<Markup> {
  const { kernel, run, check } = each;
  const formats = Object.entries(kernel.formats).map(([name, format]) => `${name}=${format}`);
  const applied = kernel.activation === undefined ? "" : `, then ${kernel.activation}`;
  return html`<h3><code>${kernel.expression}</code>${applied}</h3>
<p class="soft">Loops ${kernel.order.join(",")}; stored ${formats.join(", ")}. ${formatCount(resultEntries(each))} entries written, ${agreement(check)}.</p>
${await graphFigure(run.graph, run.report)}
<details><summary>Time of every block</summary>${nodeTable(run.report, new Map(run.graph.blocks.map(({ id, type }) => [id, type])))}</details>`;
}

function agreement({ reference, compared, differing, largestError }: KernelRun["check"]): string {
  if (differing > 0)
    return `${formatCount(differing)} of ${formatCount(compared)} values differ from the ${reference} reference`;
  const closeness = largestError === 0 ? "exactly" : `to ${largestError.toExponential(0)}`;
  return `all ${formatCount(compared)} values equal the ${reference} reference ${closeness}`;
}

function nodeTable({ cycles, nodes }: SimulationReport, types: ReadonlyMap<string, string>): Markup {
  const share = (part: number): string => formatShare(part / Math.max(1, cycles));
  const columns = [
    { heading: "Block" },
    { heading: "Type" },
    { heading: "Time" },
    { heading: "Busy", numeric: true },
    { heading: "Starved", numeric: true },
    { heading: "Blocked", numeric: true },
  ];
  const rows = nodes.map((node) => [
    node.id,
    types.get(node.id) ?? "memory",
    timeBar(node, cycles),
    share(node.busy),
    share(node.starved),
    share(node.blocked),
  ]);
  return reportTable(columns, rows);
}

function inputs(tensors: TourTensors): Markup {
  const columns = [{ heading: "Tensor" }, { heading: "Size" }, { heading: "Origin" }];
  const rows = Object.entries(tensors).map(([name, tensor]) => [name, sizeOf(tensor), tensor.origin]);
  return html`<h2>Inputs</h2>
${reportTable(columns, rows)}`;
}
