/** One bar of a whole in parts, with a legend that says what each is. */
import { formatShare } from "../terminal/quantity.ts";
import { html, type Markup } from "./markup.ts";

/** A part of the whole; its share is of 1. */
export interface Share {
  readonly name: string;
  readonly share: number;
}

/** Draws shares that add up to 1 beside each other; parts of nothing are left out. The first is the good one. */
export function sharesBar(shares: readonly Share[]): Markup {
  const kept = shares.map((each, at) => ({ ...each, at })).filter(({ share }) => share > 0);
  const parts = kept.map(
    ({ name, share, at }) =>
      html`<i class="part${at}" style="width:${(100 * share).toFixed(3)}%" title="${name}: ${formatShare(share)}"></i>`,
  );
  const legend = kept.map(
    ({ name, share, at }) => html`<li><i class="part${at}"></i>${name} <b>${formatShare(share)}</b></li>`,
  );
  return html`<div class="shares">${parts}</div><ul class="legend">${legend}</ul>`;
}
