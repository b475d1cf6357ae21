/** Axes of charts of a study: values of an objective, by their logarithm where they span much. */

/** Maps values onto a stretch of a drawing. */
export interface ValueAxis {
  readonly ticks: readonly { readonly place: number; readonly label: string }[];
  place(value: number): number;
}

/** An axis over values, laid from `from` to `to`: logarithmic if all are above 0 and the largest is 5 times the least. */
export function valueAxis(values: readonly number[], from: number, to: number): ValueAxis {
  const least = Math.min(...values);
  const most = Math.max(...values);
  const log = least > 0 && most / least >= 5;
  const measure = (value: number): number => (log ? Math.log10(value) : value);
  const low = measure(least);
  const range = measure(most) - low;
  const place = (value: number): number =>
    from + (to - from) * (range > 0 ? 0.04 + (0.92 * (measure(value) - low)) / range : 0.5);
  const marks = range > 0 ? [0, 1, 2, 3, 4].map((step) => low + (range * step) / 4) : [low];
  const ticks = marks.map((mark) => {
    const value = log ? 10 ** mark : mark;
    return { place: place(value), label: String(Number(value.toPrecision(3))) };
  });
  return { ticks, place };
}
