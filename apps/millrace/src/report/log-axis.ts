/** A logarithmic axis: from values to places on a line, with ticks at powers of two or ten. */

/** Maps positive values onto a stretch of the drawing. */
export interface LogAxis {
  readonly ticks: readonly number[];
  /** Place of `value`; values outside the axis land on its ends. */
  place(value: number): number;
  readonly least: number;
  readonly most: number;
}

/** An axis over whole powers of `base` that covers all `values` (positive), laid from `from` to `to`. */
export function logAxis(values: readonly number[], base: 2 | 10, from: number, to: number): LogAxis {
  const exponents = values.filter((value) => value > 0).map((value) => Math.log(value) / Math.log(base));
  // A hair of slack keeps exact powers from being pushed out by rounding.
  const low = Math.floor(Math.min(0, ...exponents) + 1e-9);
  const high = Math.max(low + 1, Math.ceil(Math.max(0, ...exponents) - 1e-9));
  const step = Math.max(1, Math.ceil((high - low) / 8));
  const ticks: number[] = [];
  for (let exponent = low; exponent <= high; exponent += step) ticks.push(base ** exponent);
  const place = (value: number): number => {
    const share = (Math.log(value) / Math.log(base) - low) / (high - low);
    return from + (to - from) * Math.min(1, Math.max(0, share));
  };
  return { ticks, place, least: base ** low, most: base ** high };
}

/** A tick's label: fractions of two as `1/8`, thousands as `10k`. */
export function tickLabel(value: number): string {
  for (const [unit, size] of [
    ["G", 1e9],
    ["M", 1e6],
    ["k", 1e3],
  ] as const) {
    if (value >= size && value % size === 0) return `${value / size}${unit}`;
  }
  if (value >= 1) return String(value);
  return Number.isInteger(1 / value) ? `1/${1 / value}` : value.toPrecision(2);
}
