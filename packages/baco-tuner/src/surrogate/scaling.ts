/** How values of an objective become what is modelled: perhaps log10, then mean 0 and deviation 1. */
export interface Scaling {
  readonly logarithmic: boolean;
  readonly mean: number;
  readonly deviation: number;
}

/** The scaling of the values of feasible points; null `logarithmic` means: where all of them are above 0. */
export function scalingOf(values: readonly number[], logarithmic: boolean | null): Scaling {
  const log = (logarithmic ?? true) && values.every((value) => value > 0);
  const transformed = log ? values.map(Math.log10) : values;
  const mean = transformed.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const squares = transformed.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0;
  return { logarithmic: log, mean, deviation: deviation > 1e-300 ? deviation : 1 };
}

/** A value as it is modelled. */
export function scaled({ logarithmic, mean, deviation }: Scaling, value: number): number {
  return ((logarithmic ? Math.log10(value) : value) - mean) / deviation;
}
