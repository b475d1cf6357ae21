/**
 * Search spaces as packages hand them to a tuner: a scenario in the published file format of BaCO and HyperMapper, as plain
 * data, and what a choice costs. Packages that can be tuned and the tuner do not know each other; this is what they share.
 */

/** A parameter of a scenario, in the fields of the file format. */
export interface SpaceParameter {
  readonly parameter_type: "ordinal" | "categorical";
  /** What may be chosen; numbers alone, in rising order, where the type is ordinal. */
  readonly values: readonly (number | string)[];
  /** Distances between values are between their logarithms. */
  readonly transform?: "log";
  /** One of the values. */
  readonly parameter_default: number | string;
}

/** A space of choices, and the cost of each. */
export interface SearchSpace {
  /** A scenario, as its JSON document. */
  readonly scenario: {
    readonly application_name: string;
    /** Names of what `evaluate` gives, all to be made small. */
    readonly optimization_objectives: readonly string[];
    readonly input_parameters: Readonly<Record<string, SpaceParameter>>;
  };
  /**
   * The value of each objective for one choice: a value for each parameter.
   *
   * @throws the package's error for a value that is not in the space (`options`, `workload-options`), and for a choice that
   *   is not feasible; the function that makes the space says with which codes
   */
  evaluate(configuration: Readonly<Record<string, unknown>>): Readonly<Record<string, number>>;
}

/**
 * What is wrong with a choice, for the first parameter whose value is not among its values; undefined if nothing is.
 *
 * @example
 * ```ts
 * const parameters = { depth: { parameter_type: "ordinal", values: [1, 2], parameter_default: 1 } };
 * strayChoice(parameters, { depth: 2 }); // => undefined
 * strayChoice(parameters, { depth: 3 }); // => { parameter: "depth", message: "depth must be one of 1, 2, not 3" }
 * strayChoice(parameters, {})?.message; // => "depth must be one of 1, 2, not left out"
 * ```
 */
export function strayChoice(
  parameters: Readonly<Record<string, SpaceParameter>>,
  configuration: Readonly<Record<string, unknown>>,
): { readonly parameter: string; readonly message: string } | undefined {
  for (const [parameter, { values }] of Object.entries(parameters)) {
    const value = configuration[parameter];
    if (values.some((known) => known === value)) continue;
    const given = value === undefined ? "left out" : JSON.stringify(value);
    return { parameter, message: `${parameter} must be one of ${values.join(", ")}, not ${given}` };
  }
  return undefined;
}
