/** A graph as a figure of a report: the picture, with each block's time as a bar inside it. */
import { type BlockActivity, drawGraph, type SamGraph } from "@millrace/fuseflow-sparse";
import type { SimulationReport } from "@millrace/sim-core";
import { html, type Markup, trusted } from "./markup.ts";

/** Draws a graph with the time of its run, and says below it what the colours mean. */
export async function graphFigure(graph: SamGraph, report: SimulationReport): Promise<Markup> {
  const svg = await drawGraph(graph, { activity: activityOf(report) });
  return html`<figure><div class="drawing">${trusted(inlineSvg(svg, graph.expression ?? graph.name))}</div>
<figcaption>Each block with its share of the run: <span class="key"><i class="busy"></i>busy<i class="starved"></i>starved (waits for a token)<i class="blocked"></i>blocked (waits for a free slot)</span>. Streams: dashed coordinates, bold references, plain values, dotted repeat signals.</figcaption></figure>`;
}

/** What each block did with its time, as shares of the whole run. */
function activityOf({ cycles, nodes }: SimulationReport): ReadonlyMap<string, BlockActivity> {
  const share = (part: number): number => part / Math.max(1, cycles);
  return new Map(
    nodes.map(({ id, busy, starved, blocked }) => [
      id,
      { busy: share(busy), starved: share(starved), blocked: share(blocked) },
    ]),
  );
}

// An SVG document as part of an HTML page: without prolog, and without ids that a second picture would repeat.
function inlineSvg(document: string, label: string): string {
  const svg = document.slice(document.indexOf("<svg"));
  const name = label.replace(/[&<>"]/g, " ");
  return svg.replace(/ id="[^"]*"/g, "").replace("<svg ", `<svg role="img" aria-label="${name}" `);
}
