/** The learning curve of a run: tasks solved over samples taken, with what was shown in each iteration. */
import { html, type Markup } from "../report/markup.ts";

/** The end of an iteration. */
export interface CurvePoint {
  readonly samples: number;
  readonly solved: number;
  readonly label: string;
}

const width = 720;
const height = 260;
const margin = { left: 44, right: 16, top: 16, bottom: 40 };

/** The curve as a picture; `most` is the number of tasks. */
export function learningCurve(points: readonly CurvePoint[], most: number): Markup {
  const last = Math.max(1, points.at(-1)?.samples ?? 1);
  const x = (samples: number): number =>
    Math.round(margin.left + ((width - margin.left - margin.right) * samples) / last);
  const y = (solved: number): number =>
    Math.round(height - margin.bottom - ((height - margin.top - margin.bottom) * solved) / Math.max(1, most));
  const path = points.reduce(
    (line, { samples, solved }) => `${line} H ${x(samples)} V ${y(solved)}`,
    `M ${x(0)} ${y(0)}`,
  );
  const marks = points.map(
    ({ samples, solved, label }) =>
      html`<circle cx="${String(x(samples))}" cy="${String(y(solved))}" r="3" fill="#2a6f97"/><text x="${String(x(samples) - 4)}" y="${String(
        y(solved) - 8,
      )}" text-anchor="end" font-size="11">${label}</text>`,
  );
  const levels = [0, most].map(
    (level) =>
      html`<line x1="${String(margin.left)}" x2="${String(width - margin.right)}" y1="${String(y(level))}" y2="${String(
        y(level),
      )}" stroke="#999" stroke-dasharray="${level === 0 ? "none" : "4 4"}"/><text x="${String(margin.left - 6)}" y="${String(
        y(level) + 4,
      )}" text-anchor="end" font-size="12">${String(level)}</text>`,
  );
  return html`<svg viewBox="0 0 ${String(width)} ${String(height)}" role="img" aria-label="tasks solved over samples" style="max-width:100%;color:inherit" fill="currentColor">
${levels}<path d="${path}" fill="none" stroke="#2a6f97" stroke-width="2"/>${marks}
<text x="${String(width - margin.right)}" y="${String(height - 12)}" text-anchor="end" font-size="12">${String(last)} samples</text>
<text x="${String(margin.left)}" y="${String(height - 12)}" font-size="12">tasks solved over samples; labels say what was shown</text></svg>`;
}
