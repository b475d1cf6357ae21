/**
 * The choices of a fused model as a search space in BaCO's scenario format, and what a configuration of it comes to.
 *
 * Objectives are cycles and blocks of hardware: lanes buy the one with the other.
 */
import type { SpaceParameter } from "@millrace/ir-text";
import type { ExplorationSubject, Explorer } from "./explorer.ts";

/** The space as a scenario; plain data. */
export interface FusionScenario {
  readonly application_name: string;
  readonly optimization_objectives: readonly ["cycles", "blocks"];
  readonly feasible_output: {
    readonly enable_feasible_predictor: true;
    readonly name: "feasible";
    readonly true_value: "true";
    readonly false_value: "false";
  };
  readonly input_parameters: Readonly<
    Record<"granularity" | "order" | "lanes" | "inner_lanes" | "block", SpaceParameter>
  >;
}

/** How large the space is. */
export interface FusionSpaceOptions {
  /** Most loop orders of a region; 16 unless given. */
  readonly orders?: number;
  /** Most lanes of a loop, a power of two; 16 unless given. */
  readonly lanes?: number;
  /** Largest edge of tiles, a power of two up to 64; 16 unless given. */
  readonly block?: number;
}

/** A configuration of the space. */
export interface FusionPoint {
  readonly granularity: string;
  readonly order: number;
  readonly lanes: number;
  readonly inner_lanes: number;
  readonly block: number;
}

/** What a configuration comes to. */
export type FusionMeasurement =
  | { readonly feasible: true; readonly cycles: number; readonly blocks: number }
  | { readonly feasible: false; readonly reason: string };

/**
 * The search space of a model: what is fused, the loop order of every region, lanes of its two outer loops, tiles.
 *
 * @example
 * const { program, regions } = gcn({ nodes: 8, features: 4, hidden: 4, classes: 2 });
 * const space = searchSpace({ program, divisions: regions, data: {} }, { orders: 2, lanes: 4 });
 * space.input_parameters.lanes.values; // => [1, 2, 4]
 */
export function searchSpace(
  { program, divisions }: Pick<ExplorationSubject, "program" | "divisions">,
  { orders = 16, lanes = 16, block = 16 }: FusionSpaceOptions = {},
): FusionScenario {
  const names = Object.keys(divisions);
  const lane = powersOfTwo(lanes);
  return {
    application_name: `fuse ${program.name}`,
    optimization_objectives: ["cycles", "blocks"],
    feasible_output: {
      enable_feasible_predictor: true,
      name: "feasible",
      true_value: "true",
      false_value: "false",
    },
    input_parameters: {
      granularity: {
        parameter_type: "categorical",
        values: names,
        parameter_default: names.includes("partial") ? "partial" : names[0]!,
      },
      order: {
        parameter_type: "ordinal",
        values: Array.from({ length: orders }, (_, order) => order),
        parameter_default: 0,
      },
      lanes: lane,
      inner_lanes: lane,
      block: powersOfTwo(block),
    },
  };
}

function powersOfTwo(most: number): SpaceParameter {
  const values: number[] = [];
  for (let value = 1; value <= most; value *= 2) values.push(value);
  return { parameter_type: "ordinal", values, transform: "log", parameter_default: 1 };
}

/**
 * Runs a configuration on one data set. Orders that no region has, and regions without a graph, are not feasible.
 *
 * @throws {TypeError} if an output differs from the dense reference: a fault of this package
 */
export function evaluate(explorer: Explorer, data: string, point: FusionPoint): FusionMeasurement {
  const { granularity, order, lanes, inner_lanes: inner, block } = point;
  const explored = explorer.explore({ data, granularity, order, lanes: inner === 1 ? [lanes] : [lanes, inner], block });
  if (explored === null) return { feasible: false, reason: `no region has ${order + 1} loop orders` };
  const { cycles, nodes, checked, reason } = explored;
  if (cycles === null) return { feasible: false, reason: reason ?? "no graph" };
  if (checked === false) throw new TypeError(`${granularity} in order ${order} differs from the dense reference`);
  return { feasible: true, cycles, blocks: nodes };
}
