/** The schedule of a layer, for people. */
import type { ExplainedSchedule, Hardware, MoeModel, Policy, RoutingStatistics } from "@millrace/sieve-pim";
import { formatCount } from "../terminal/quantity.ts";
import { renderPairs, renderTable } from "../terminal/table.ts";

/** What is shown. */
export interface ScheduleView {
  readonly model: MoeModel;
  readonly hardware: Hardware;
  readonly policy: Policy;
  readonly schedule: ExplainedSchedule;
  readonly counts: Uint32Array;
  readonly statistics: RoutingStatistics;
}

/** Nanoseconds as microseconds. */
export function formatMicroseconds(ns: number): string {
  return `${formatCount(ns / 1000, 2)} us`;
}

/** The text of a schedule. */
export function scheduleText({ model, hardware, policy, schedule, counts, statistics }: ScheduleView): string {
  const { onPim, splits, explain, beside } = schedule;
  const slots = counts.reduce((sum, tokens) => sum + tokens, 0);
  const head = renderPairs([
    ["model", `${model.id}: top ${model.topK} of ${model.experts} experts`],
    ["machine", `${hardware.gpus} x ${hardware.gpu.id}, PIM ${hardware.pim.timing}`],
    [
      "tokens",
      `${formatCount(slots / model.topK)} in ${formatCount(slots)} slots; ${statistics.active} experts have some, ${statistics.singles} one, ${statistics.upToFour} up to four, the busiest ${statistics.most}; Gini ${statistics.gini.toFixed(3)}`,
    ],
    ["policy", `${policy.id}: ${policy.brief}`],
    ["on PIM", onPim.length === 0 ? "none" : onPim.join(" ")],
    ...splits.map(({ expert, pimTokens }): [string, string] => [
      "on both",
      `${expert}: ${pimTokens} of ${counts[expert]} tokens on PIM`,
    ]),
  ]);
  const all = [{ contention: hardware.contention, schedule }, ...beside];
  const table = renderTable(
    [
      { heading: "contention", align: "left" },
      { heading: "experts on PIM", align: "right" },
      { heading: "GPU", align: "right" },
      { heading: "PIM", align: "right" },
      { heading: "layer", align: "right" },
      { heading: "lower bound", align: "right" },
    ],
    all.map(({ contention, schedule: each }) => [
      contention,
      String(each.onPim.length),
      formatMicroseconds(each.gpuNs),
      formatMicroseconds(each.pimNs),
      formatMicroseconds(each.layerNs),
      formatMicroseconds(each.lowerBoundNs),
    ]),
  );
  return `${head}\n${table}\n${explain.replaceAll(/(?<=[^.]\.) (?=[A-Z])/g, "\n")}\n`;
}
