import type { Parameter } from "./parameter.ts";

/**
 * How a number parameter is scaled: transformed, then to [0, 1] over its range (0 where it has one value). With
 * `normalize` false the transformed number itself.
 */
export function scaleOf(parameter: Parameter, normalize = true): (value: number) => number {
  const transformed = parameter.transform === "log" ? Math.log10 : (value: number) => value;
  if (!normalize || parameter.kind === "permutation" || parameter.kind === "categorical") return transformed;
  const [minimum, maximum] =
    parameter.kind === "ordinal"
      ? [parameter.values[0]!, parameter.values.at(-1)!]
      : [parameter.minimum, parameter.maximum];
  const low = transformed(minimum);
  const range = transformed(maximum) - low;
  return range > 0 ? (value) => (transformed(value) - low) / range : () => 0;
}
