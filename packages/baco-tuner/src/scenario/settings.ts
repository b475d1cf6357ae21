/** What a scenario file says besides its parameters: each field, what it may be, and its default. */
import {
  acquisition,
  ceiling,
  choice,
  type Field,
  field,
  hyperPrior,
  integer,
  method,
  number,
  renamed,
  severalObjectives,
  text,
  textOrNumber,
  truth,
} from "./field.ts";

/** A density that hyper-parameters are drawn towards; parameters: gamma [shape, rate], lognormal [mean, deviation]. */
export type HyperPrior =
  | { readonly name: "none" }
  | { readonly name: "gamma" | "lognormal"; readonly parameters: readonly [number, number] };

/** The settings of a scenario that act here. */
export interface Settings {
  readonly applicationName: string;
  /** `random` and `biased` draw from the valid set; `exhaustive` goes through it in order. */
  readonly method: "model" | "random" | "biased" | "exhaustive";
  /** Evaluations after the design. */
  readonly iterations: number;
  /** Minutes; negative means no limit. */
  readonly timeBudget: number;
  /** Evaluations of one configuration, of which the mean counts. */
  readonly repetitions: number;
  readonly designSamples: number;
  readonly designSampling: "uniform" | "biased";
  /** Whether failures are learned from; null: they are, but files have no column for them. */
  readonly predictFeasibility: boolean | null;
  readonly feasibilityName: string;
  readonly feasibleText: string;
  readonly infeasibleText: string;
  readonly feasibilityThreshold: number;
  /** `automatic` takes, for each suggestion, the one that explains held-out points better. */
  readonly surrogate: "gaussian_process" | "random_forest" | "automatic";
  readonly trees: number;
  readonly noise: boolean;
  readonly predictNoiseless: boolean;
  readonly normalizeInputs: boolean;
  /** Whether log10 of the objective is modelled; null: where all values are above 0. */
  readonly logObjective: boolean | null;
  readonly lengthscalePrior: HyperPrior;
  readonly outputscalePrior: HyperPrior;
  readonly noisePrior: HyperPrior;
  /** Values more than this many deviations above the mean count as if they were there; null: as they are. */
  readonly ceiling: number | null;
  /** `EI_PIBO`: expected improvement under the priors of the parameters, which count less with every suggestion. */
  readonly acquisition: "EI" | "EI_PIBO";
  readonly priorWeight: number;
  readonly priorFloor: number;
  /** Several objectives: another direction for each suggestion, or, of two, the hypervolume. */
  readonly severalObjectives: "tchebyshev" | "hypervolume";
  readonly exploration: number;
  /** Values at least this low are as good as any; null for none. */
  readonly target: number | null;
  /** Points drawn for the acquisition, before climbing; null: as many as the package thinks fit. */
  readonly candidates: number | null;
  readonly climbs: number;
  readonly epsilon: number;
  readonly outputFile: string;
  readonly timestampName: string;
}

const none: HyperPrior = { name: "none" };

/** How each setting is written in a file, in the order in which files are written. */
export const settingFields: { readonly [K in keyof Settings]: Field<Settings[K]> } = {
  applicationName: field("application_name", text, "application"),
  method: field(
    "optimization_method",
    method,
    "model",
    renamed({
      model: "bayesian_optimization",
      random: "random_sampling",
      biased: "embedding_random_sampling",
      exhaustive: "exhaustive",
    }),
  ),
  iterations: field("optimization_iterations", integer(0), 50),
  timeBudget: field("time_budget", number(-1, 1e9), -1),
  repetitions: field("number_of_repetitions", integer(1, 1000), 1),
  designSampling: field(
    "design_of_experiment.doe_type",
    choice<Settings["designSampling"]>({
      "random sampling": "uniform",
      "embedding random sampling": "biased",
      "standard latin hypercube": "uniform",
      "k latin hypercube": "uniform",
      grid_search: "uniform",
    }),
    "uniform",
    renamed({ uniform: "random sampling", biased: "embedding random sampling" }),
  ),
  designSamples: field("design_of_experiment.number_of_samples", integer(0), 10),
  predictFeasibility: field<boolean | null>("feasible_output.enable_feasible_predictor", truth, null),
  feasibilityName: field("feasible_output.name", text, "Valid"),
  feasibleText: field("feasible_output.true_value", textOrNumber, "True"),
  infeasibleText: field("feasible_output.false_value", textOrNumber, "False"),
  feasibilityThreshold: field("feasible_output.feasibility_threshold", number(0, 1), 0.1),
  surrogate: field(
    "models.model",
    choice<Settings["surrogate"]>({
      gaussian_process: "gaussian_process",
      random_forest: "random_forest",
      automatic: "automatic",
    }),
    "gaussian_process",
  ),
  trees: field("models.number_of_trees", integer(1, 10_000), 200),
  noise: field("noise", truth, true),
  predictNoiseless: field("predict_noiseless", truth, true),
  normalizeInputs: field("normalize_inputs", truth, true),
  logObjective: field<boolean | null>("log_transform_output", truth, null),
  lengthscalePrior: field("lengthscale_prior", hyperPrior, { name: "gamma", parameters: [1.3, 0.1] }),
  outputscalePrior: field("outputscale_prior", hyperPrior, none),
  noisePrior: field("noise_prior", hyperPrior, none),
  ceiling: field<number | null>("objective_ceiling", ceiling, null, (value) => value ?? -1),
  acquisition: field("acquisition_function", acquisition, "EI"),
  priorWeight: field("model_weight", number(0, 1e9), 10),
  priorFloor: field("prior_floor", number(0, 1), 1e-6),
  severalObjectives: field("scalarization_method", severalObjectives, "tchebyshev"),
  exploration: field("exploration_augmentation", number(0, 1e9), 1e-4),
  target: field<number | null>("objective_value_target", number(-1e300, 1e300), null),
  candidates: field<number | null>("local_search_random_points", integer(1, 1e7), null),
  climbs: field("local_search_starting_points", integer(0, 10_000), 10),
  epsilon: field("epsilon_greedy_threshold", number(0, 1), 0),
  outputFile: field("output_data_file", text, "output_samples.csv"),
  timestampName: field("timestamp", text, "Timestamp"),
};

/** The settings of a file that says nothing. */
export const defaultSettings: Settings = Object.fromEntries(
  Object.entries(settingFields).map(([key, { absent }]) => [key, absent]),
) as unknown as Settings;

/** Published fields that are known and have no effect here. */
export const idleFields: ReadonlySet<string> = new Set(
  `GP_model acquisition_function_optimizer allow_duplicate_samples baco_mode bandwidth_n_parameter
  batch_size cma_es_random_points cma_es_sigma cma_es_starting_points cot_add_sparsity cot_bias custom_gaussian_prior_means
  custom_gaussian_prior_stds evaluations_per_iteration evaluations_per_optimization_iteration evolution_crossover
  evolution_generations evolution_population_size hyperparameter_optimization_iterations hypermapper_mode input_noise
  lengthscale_constraints local_search_evaluation_limit local_search_from_best local_search_improvement_threshold
  local_search_scalarization_weights local_search_step_size log_acq_value log_file max_number_of_predictions model_good_quantile
  multistart_hyperparameter_optimization multistart_hyperparameter_optimization_initial_points
  multistart_hyperparameter_optimization_iterations mutation_rate naive_cot_rs number_of_cpus output_image
  output_pareto_file posterior_computation_lower_limit print_best print_conditional_space_size print_cot
  print_parameter_importance print_posterior_best prior_estimation_file prior_estimation_quantile prior_limit_estimation_points profiling profiling_file regularize_evolution reoptimise_hyperparameters_interval
  resume_optimization resume_optimization_data resume_optimization_file reuse_gp_hyperparameters run_directory scalarization_key
  standardize_objectives use_STGP verbose_logging weight_sampling bounding_box_limits
  design_of_experiment.allow_repetitions models.max_features models.bootstrap models.min_samples_split
  models.use_all_data_to_fit_mean models.use_all_data_to_fit_variance`.split(/\s+/),
);
