/**
 * The choices that a machine leaves open for a verified program, as a scenario for a tuner: elements of a loaded tile,
 * slots of a channel, and how many units each operator that computes gets.
 *
 * The document has the fields of BaCO and HyperMapper scenario files. Objectives are to be made small.
 */
import { AsplError } from "../errors.ts";
import type { OpProgram } from "../program/program.ts";
import type { Verifier } from "../verify/verifier.ts";
import type { Hardware } from "./hardware.ts";

/** A parameter of the space. */
export interface SpaceParameter {
  readonly parameter_type: "ordinal";
  readonly values: readonly number[];
  readonly transform: "log";
  readonly parameter_default: number;
}

/** A space of machines for one program, and what the program costs on each. */
export interface OperatorSpace {
  /** A scenario of BaCO and HyperMapper, as its JSON document. */
  readonly scenario: {
    readonly application_name: string;
    readonly optimization_objectives: readonly string[];
    readonly input_parameters: Readonly<Record<string, SpaceParameter>>;
  };
  /**
   * Runs the program on the machine of a configuration; what a second engine computes is compared with what is expected.
   *
   * @throws {AsplError} `options` for a value that is not in the space, `hardware` for a machine on which it stands still.
   */
  evaluate(configuration: Readonly<Record<string, unknown>>): Readonly<Record<string, number>>;
}

const shared = new Set(["Map", "Accum", "Scan"]);

/** The space of a program that the verifier passes: `tile_elements`, `depth`, and `lanes_N` for operator N if it computes. */
export function operatorSpace(verifier: Verifier, program: OpProgram): OperatorSpace {
  const lanes = program.ops.flatMap(({ op }, at) => (shared.has(op) ? [[`lanes_${at}`, at] as const] : []));
  const parameters: Record<string, SpaceParameter> = {
    tile_elements: ordinal([1, 2, 4, 8, 16, 32, 64, 128, 256]),
    depth: ordinal([1, 2, 4, 8, 16], 2),
    ...Object.fromEntries(lanes.map(([name]) => [name, ordinal([1, 2, 4, 8])])),
  };
  return {
    scenario: {
      application_name: `operator-${verifier.task.id.replaceAll("/", "-")}`,
      optimization_objectives: ["cycles", "onChipBytes"],
      input_parameters: parameters,
    },
    evaluate(configuration) {
      const chosen = (name: string): number => {
        const value = configuration[name] ?? parameters[name]!.parameter_default;
        if (parameters[name]!.values.some((known) => known === value)) return value as number;
        const allowed = parameters[name]!.values.join(", ");
        throw new AsplError("options", `${name} must be one of ${allowed}, not ${JSON.stringify(value)}`);
      };
      for (const name of Object.keys(configuration)) {
        if (!Object.hasOwn(parameters, name)) throw new AsplError("options", `the space has no parameter '${name}'`);
      }
      const hardware: Hardware = {
        tileElements: chosen("tile_elements"),
        depth: chosen("depth"),
        lanes: Object.fromEntries(lanes.map(([name, at]) => [at, chosen(name)])),
      };
      const { cycles, onChipBytes } = verifier.costOf(program, hardware);
      return { cycles, onChipBytes };
    },
  };
}

function ordinal(values: readonly number[], start = values[0]!): SpaceParameter {
  return { parameter_type: "ordinal", values, transform: "log", parameter_default: start };
}
