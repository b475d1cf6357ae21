/**
 * The choices that a machine leaves open for an operation, as a scenario for a tuner: plain data in the fields of BaCO's and
 * HyperMapper's files, and what a choice costs.
 */
import type { MemoryModel } from "@millrace/sim-core";
import { EmberError } from "../errors.ts";
import type { OptimizationLevel } from "../passes/pipeline.ts";
import type { Machine } from "./machine.ts";
import { simulateOperation } from "./simulate.ts";
import type { Workload } from "./workload.ts";

/** One parameter: values in their order. */
export interface OrdinalParameter {
  readonly parameter_type: "ordinal";
  readonly values: readonly number[];
  readonly transform?: "log";
  readonly parameter_default: number;
}

/** A search space: plain JSON that a tuner reads. All objectives are to be made small. */
export interface MachineScenario {
  readonly application_name: string;
  readonly optimization_objectives: readonly ["cycles", "storage_bytes"];
  readonly feasible_output: {
    readonly enable_feasible_predictor: true;
    readonly name: "feasible";
    readonly true_value: "true";
    readonly false_value: "false";
  };
  readonly input_parameters: Readonly<Record<string, OrdinalParameter>>;
}

/** A value for each parameter of {@link searchSpace}; those that are left out keep their defaults. */
export type MachineConfiguration = Readonly<Record<string, unknown>>;

/** What a configuration costs, under the names that the scenario uses. */
export type MachineCost =
  | {
      readonly feasible: true;
      readonly cycles: number;
      /** Of queue, streams and lines under way; of a core, of its lines under way. */
      readonly storage_bytes: number;
    }
  | { readonly feasible: false; readonly detail: string };

const lineBytes = 64;

/**
 * The search space of a machine: of a decoupled one `opt` (0 to 3), `lanes`, `queue_parts`, `part_bytes` and `run_ahead_lines`,
 * the lines that may be under way; of a core `run_ahead_rows`, the distance of prefetches.
 *
 * @throws {EmberError} `machine` for a GPU, which leaves nothing open
 * @example
 * Object.keys(searchSpace(machineNamed("core")).input_parameters) // => ["run_ahead_rows"]
 */
export function searchSpace(machine: Machine): MachineScenario {
  return {
    application_name: machine.name,
    optimization_objectives: ["cycles", "storage_bytes"],
    feasible_output: {
      enable_feasible_predictor: true,
      name: "feasible",
      true_value: "true",
      false_value: "false",
    },
    input_parameters: parametersOf(machine),
  };
}

function parametersOf(machine: Machine): Record<string, OrdinalParameter> {
  switch (machine.kind) {
    case "dae":
      return {
        opt: { parameter_type: "ordinal", values: [0, 1, 2, 3], parameter_default: 3 },
        lanes: logarithmic([2, 4, 8, 16], machine.lanes),
        queue_parts: logarithmic([1, 2, 4, 8, 16], machine.queue.chunks),
        part_bytes: logarithmic([64, 128, 256, 512, 1024, 2048, 4096], machine.queue.chunkBytes),
        run_ahead_lines: logarithmic([8, 16, 32, 64, 128, 256], machine.outstandingLines),
      };
    case "core": {
      const distances = [0, 4, 8, 16, 32, 64, 128];
      const start = distances.includes(machine.runAheadRows) ? machine.runAheadRows : 0;
      return { run_ahead_rows: { parameter_type: "ordinal", values: distances, parameter_default: start } };
    }
    case "gpu":
      throw new EmberError("machine", `${machine.name} leaves nothing to choose`, {
        help: "decoupled machines and cores have a search space",
      });
  }
}

// The machine's own value is among the values, so that the default is the machine as it is.
function logarithmic(values: readonly number[], own: number): OrdinalParameter {
  const all = [...new Set([...values, own])].sort((a, b) => a - b);
  return { parameter_type: "ordinal", values: all, transform: "log", parameter_default: own };
}

/**
 * Times a workload on a machine that is configured. Not feasible, with the reason, is a queue whose parts are smaller than
 * what the program pushes at once.
 *
 * @throws {EmberError} `machine` for a value that the space does not have; otherwise as {@link simulateOperation}
 */
export function evaluate(
  workload: Workload,
  machine: Machine,
  configuration: MachineConfiguration,
  options: { readonly memory?: MemoryModel } = {},
): MachineCost {
  const value = valuesOf(searchSpace(machine), configuration);
  if (machine.kind !== "dae") {
    const changed = { ...machine, runAheadRows: value.run_ahead_rows } as Machine;
    const lines = machine.kind === "core" ? machine[value.run_ahead_rows === 0 ? "firstMisses" : "secondMisses"] : 0;
    return { feasible: true, cycles: simulateOperation(workload, changed).cycles, storage_bytes: lineBytes * lines };
  }
  const { opt = 0, lanes = 0, queue_parts = 0, part_bytes = 0, run_ahead_lines = 0 } = value;
  // The half of the storage that is for innermost loops holds the lines under way.
  const streamBytesPerLane = Math.max(lineBytes, (2 * lineBytes * run_ahead_lines) / lanes);
  const queue = { chunks: queue_parts, chunkBytes: part_bytes };
  const changed = { ...machine, lanes, queue, streamBytesPerLane, outstandingLines: run_ahead_lines };
  try {
    const { cycles } = simulateOperation(workload, changed, { ...options, level: opt as OptimizationLevel });
    return { feasible: true, cycles, storage_bytes: queue_parts * part_bytes + lanes * streamBytesPerLane };
  } catch (error) {
    if (error instanceof EmberError && error.code === "machine") return { feasible: false, detail: error.message };
    throw error;
  }
}

function valuesOf(
  { input_parameters: parameters, application_name: name }: MachineScenario,
  configuration: MachineConfiguration,
): Record<string, number> {
  for (const key of Object.keys(configuration)) {
    if (!Object.hasOwn(parameters, key)) {
      throw new EmberError("machine", `${name} has no parameter ${key}`, {
        help: `parameters are ${Object.keys(parameters).join(", ")}`,
      });
    }
  }
  return Object.fromEntries(
    Object.entries(parameters).map(([key, { values, parameter_default: start }]) => {
      const value = configuration[key] ?? start;
      if (!values.includes(value as number)) {
        throw new EmberError("machine", `${key} must be one of ${values.join(", ")}, not ${String(value)}`);
      }
      return [key, value as number];
    }),
  );
}
