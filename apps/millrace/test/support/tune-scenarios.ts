/** A small scenario with constraints and a permutation; 90 valid configurations. */
export const smallScenario: string = JSON.stringify({
  application_name: "small",
  optimization_objectives: ["seconds"],
  optimization_iterations: 15,
  design_of_experiment: { number_of_samples: 5 },
  input_parameters: {
    tile: { parameter_type: "ordinal", values: [1, 2, 4, 8, 16, 32], transform: "log" },
    loops: { parameter_type: "permutation", values: [3], parametrization: "spearman" },
    unroll: {
      parameter_type: "ordinal",
      values: [1, 2, 4],
      constraints: ["tile % unroll == 0"],
      dependencies: ["tile"],
    },
  },
});

/** Configurations of the history of a `--json` document, as texts. */
export function configsOf(stdout: string): string[] {
  const { history } = JSON.parse(stdout) as { history: { config: unknown }[] };
  return history.map(({ config }) => JSON.stringify(config));
}
