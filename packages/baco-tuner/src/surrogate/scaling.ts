/**
 * How values of an objective become what is modelled: perhaps log10, none above a ceiling, then mean 0 and deviation 1.
 *
 * How bad a bad configuration is says little about where good ones are, and costs the model much to follow.
 */
export interface Scaling {
  readonly logarithmic: boolean;
  /** Transformed values above it count as this. */
  readonly ceiling: number;
  readonly mean: number;
  readonly deviation: number;
}

/** How values are to be scaled. */
export interface ScalingOptions {
  /** Whether log10 is modelled; null: where all values are above 0. */
  readonly logarithmic: boolean | null;
  /** The ceiling in deviations above the mean; null for none. */
  readonly ceiling: number | null;
}

/** The scaling of the values of feasible points. */
export function scalingOf(values: readonly number[], { logarithmic, ceiling }: ScalingOptions): Scaling {
  const log = (logarithmic ?? true) && values.every((value) => value > 0);
  const transformed = log ? values.map(Math.log10) : values;
  const whole = { logarithmic: log, ceiling: Number.POSITIVE_INFINITY, ...momentsOf(transformed) };
  if (ceiling === null) return whole;
  const most = whole.mean + ceiling * whole.deviation;
  return { ...whole, ceiling: most, ...momentsOf(transformed.map((value) => Math.min(value, most))) };
}

/** A value as it is modelled. */
export function scaled({ logarithmic, ceiling, mean, deviation }: Scaling, value: number): number {
  return (Math.min(logarithmic ? Math.log10(value) : value, ceiling) - mean) / deviation;
}

function momentsOf(values: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0;
  return { mean, deviation: deviation > 1e-300 ? deviation : 1 };
}
