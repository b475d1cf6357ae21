/** Where a step's time goes, a bar for each policy. */
import type { ServingReport } from "@millrace/sieve-pim";
import { html, type Markup } from "../report/markup.ts";
import { formatCount } from "../terminal/quantity.ts";

const phases = [
  ["projectionNs", "projections, router"],
  ["attentionNs", "attention"],
  ["dispatchNs", "dispatch"],
  ["expertsNs", "experts"],
  ["combineNs", "combine"],
  ["headNs", "head"],
] as const;

/** The bars with their legend; all on one scale. */
export function phaseBars(reports: readonly ServingReport[]): Markup {
  const longest = Math.max(...reports.map(({ times, steps }) => times.stepNs / steps));
  const rows = reports.map(({ policy, times, steps }) => {
    const parts = phases.map(([key, name], at) => {
      const ms = times[key] / steps / 1e6;
      const width = (100 * times[key]) / steps / longest;
      return html`<i class="part${at}" style="width:${width.toFixed(2)}%" title="${name}: ${formatCount(ms, 3)} ms"></i>`;
    });
    return html`<div class="phase"><span>${policy}</span><div class="shares">${parts}</div><b>${formatCount(times.stepNs / steps / 1e6, 2)} ms</b></div>`;
  });
  const legend = phases.map(([, name], at) => html`<li><i class="part${at}"></i>${name}</li>`);
  return html`<div class="phases">${rows}</div><ul class="legend">${legend}</ul>`;
}
