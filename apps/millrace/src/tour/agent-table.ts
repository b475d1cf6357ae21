/** The programs of the tour, for people and for programs. */
import { html, type Markup } from "../report/markup.ts";
import { reportTable } from "../report/page.ts";
import type { JsonValue } from "../terminal/json.ts";
import { formatCount } from "../terminal/quantity.ts";
import { renderTable } from "../terminal/table.ts";
import { type AgentRun, agentAbout, runAgents } from "./agent-stop.ts";
import type { TourSection } from "./section.ts";
import { checkedCell } from "./tour-table.ts";

const headings = ["program", "operators tried", "operators", "verdict", "checked"];

const counts = (run: AgentRun): { readonly compared: number; readonly differing: number } => ({
  compared: 1,
  differing: run.verdict === run.expected ? 0 : 1,
});

function cells(run: AgentRun): string[] {
  const { variant, applications, operators, verdict } = run;
  return [
    variant,
    applications === null ? "" : formatCount(applications),
    operators === null ? "" : String(operators),
    verdict,
    checkedCell(counts(run)),
  ];
}

/** The programs of the tour. */
export const agentStop: TourSection = ({ begin }) => {
  const runs = runAgents(begin);
  const differing = runs.reduce((sum, run) => sum + counts(run).differing, 0);
  return { table: agentTable(runs), rows: agentRows(runs), section: agentSection(runs), differing };
};

function agentTable(runs: readonly AgentRun[]): string {
  const columns = headings.map((heading, at) => ({ heading, align: at === 0 || at === 3 ? "left" : "right" }) as const);
  return `\nPrograms of stream operators: three enumerated, three that cheat\n${renderTable(columns, runs.map(cells))}`;
}

function agentRows(runs: readonly AgentRun[]): JsonValue[] {
  return runs.map((run) => ({
    stop: "agent",
    kernel: "Programs",
    variant: run.variant,
    task: run.task,
    applications: run.applications,
    operators: run.operators,
    verdict: run.verdict,
    message: run.message,
    checked: { ...counts(run), largestError: 0 },
  }));
}

function agentSection(runs: readonly AgentRun[]): Markup {
  const columns = headings.map((heading, at) => ({ heading, numeric: at === 1 || at === 2 || at === 4 }));
  const shown = runs.map(
    ({ variant, task, about, program, message }) =>
      html`<h3>${variant}</h3><p>${task}: ${about}.</p><pre>${program}</pre>${message === null ? "" : html`<p>${message}</p>`}`,
  );
  return html`<section><h2>Programs</h2>
<p>${agentAbout}</p>
${reportTable(columns, runs.map(cells))}
${shown}
</section>`;
}
