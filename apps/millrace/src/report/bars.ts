/** Horizontal bars, in HTML: shares of time, and sizes on a logarithmic scale. */
import { formatCount, formatShare } from "../terminal/quantity.ts";
import { logAxis } from "./log-axis.ts";
import { html, type Markup } from "./markup.ts";

/** Where the time of one node went, in cycles. */
export interface TimeShares {
  readonly busy: number;
  readonly starved: number;
  readonly blocked: number;
}

/** One bar of three colours: busy, starved and blocked, as shares of `whole` cycles; what is left is the time after the node's end. */
export function timeBar({ busy, starved, blocked }: TimeShares, whole: number): Markup {
  const width = (cycles: number): string => ((100 * cycles) / Math.max(1, whole)).toFixed(2);
  const title = `busy ${formatShare(busy / whole)}, starved ${formatShare(starved / whole)}, blocked ${formatShare(blocked / whole)}`;
  return html`<div class="time" title="${title}"><i class="busy" style="width:${width(busy)}%"></i><i class="starved" style="width:${width(
    starved,
  )}%"></i><i class="blocked" style="width:${width(blocked)}%"></i></div>`;
}

/** Bars of positive sizes on one logarithmic scale, each with its label before and its size after it. */
export function logBars(bars: readonly { readonly label: string; readonly size: number }[]): Markup {
  const axis = logAxis(
    bars.map((bar) => bar.size),
    10,
    0,
    100,
  );
  const rows = bars.map(
    ({ label, size }) =>
      html`<div class="bar"><span>${label}</span><i style="width:${axis.place(size).toFixed(1)}%"></i><b>${formatCount(size)}</b></div>`,
  );
  return html`<div class="bars">${rows}</div>`;
}
