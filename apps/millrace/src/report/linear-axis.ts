/** A linear axis from 0: from values to places on a line, with round ticks. */

/** Maps values onto a stretch of the drawing. */
export interface LinearAxis {
  readonly ticks: readonly number[];
  place(value: number): number;
}

/** An axis from 0 over all `values`, laid from `from` to `to`. */
export function linearAxis(values: readonly number[], from: number, to: number): LinearAxis {
  const most = Math.max(1, ...values);
  const rough = most / 5;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * magnitude).find((size) => size >= rough) ?? rough;
  const end = Math.ceil(most / step) * step;
  const ticks = Array.from({ length: Math.round(end / step) + 1 }, (_, at) => at * step);
  return { ticks, place: (value) => from + ((to - from) * value) / end };
}
