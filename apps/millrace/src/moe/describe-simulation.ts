/** Simulated policies, for people and for programs. */
import type { ServingReport } from "@millrace/sieve-pim";
import type { JsonValue } from "../terminal/json.ts";
import { formatCount, formatRatio, formatShare } from "../terminal/quantity.ts";
import { renderTable } from "../terminal/table.ts";
import type { SimulationRequest, SimulationRun } from "./simulate-policies.ts";

function reportToJson({
  policy,
  throughput,
  interactivity,
  ttft,
  tpot,
  utilization,
  energy,
}: ServingReport): JsonValue {
  return {
    policy,
    throughput,
    interactivity,
    ttft: { ...ttft },
    tpot: { ...tpot },
    utilization: { ...utilization },
    energy,
  };
}

/** The document of `--json`: throughput in tokens/s/GPU, interactivity in tokens/s/user, times in ms, energy in J/token. */
export function simulationToJson({ contentions, assumptions }: SimulationRun): JsonValue {
  const [own, ...beside] = contentions;
  return {
    policies: own!.reports.map(reportToJson),
    contention: own!.contention,
    beside: Object.fromEntries(beside.map(({ contention, reports }) => [contention, reports.map(reportToJson)])),
    assumptions,
  };
}

/** Headings of the table of policies. */
export const policyHeadings = [
  "policy",
  "tokens/s/GPU",
  "tokens/s/user",
  "gain",
  "TTFT mean",
  "TTFT p99",
  "TPOT mean",
  "TPOT p99",
  "GPU",
  "PIM",
  "links",
  "J/token",
] as const;

/** The row of a policy; gains are those of throughput over the first. */
export function policyRow(report: ServingReport, first: ServingReport): string[] {
  const { policy, throughput, interactivity, ttft, tpot, utilization, energy } = report;
  return [
    policy,
    formatCount(throughput, 1),
    formatCount(interactivity, 1),
    formatRatio(throughput / first.throughput),
    milliseconds(ttft.meanMs),
    milliseconds(ttft.p99Ms),
    milliseconds(tpot.meanMs),
    milliseconds(tpot.p99Ms),
    formatShare(utilization.gpu),
    formatShare(utilization.pim),
    formatShare(utilization.link),
    formatCount(energy, 3),
  ];
}

/** Milliseconds with the digits that matter. */
function milliseconds(value: number): string {
  return `${formatCount(value, value < 100 ? 2 : 0)} ms`;
}

/** The tables of all contentions, then what they rest on. */
export function simulationText(
  { model, hardware }: SimulationRequest,
  { contentions, assumptions }: SimulationRun,
): string {
  const tables = contentions.map(({ contention, reports }, at) => {
    const title =
      at === 0 ? `${model.id} on ${hardware.gpus} x ${hardware.gpu.id}, ${contention}` : `beside it, ${contention}`;
    const columns = policyHeadings.map(
      (heading, column) => ({ heading, align: column === 0 ? "left" : "right" }) as const,
    );
    return `${title}\n${renderTable(
      columns,
      reports.map((report) => policyRow(report, reports[0]!)),
    )}`;
  });
  return `${tables.join("\n")}\nThese figures rest on:\n${assumptions.map((each) => `- ${each}\n`).join("")}`;
}
