/**
 * The choices that a machine leaves open for a verified program, as a scenario for a tuner: elements of a loaded tile,
 * slots of a channel, and how many units each operator that computes gets.
 *
 * The document has the fields of BaCO and HyperMapper scenario files. Objectives are to be made small.
 */
import { type SearchSpace, type SpaceParameter, strayChoice } from "@millrace/ir-text";
import { AsplError } from "../errors.ts";
import type { OpProgram } from "../program/program.ts";
import type { Verifier } from "../verify/verifier.ts";
import type { Hardware } from "./hardware.ts";

const shared = new Set(["Map", "Accum", "Scan"]);

/**
 * The space of a program that the verifier passes: `tile_elements`, `depth`, and `lanes_N` for operator N if it computes.
 *
 * A choice runs the program on its machine, and what a second engine computes is compared with what is expected; what it
 * leaves out has its default. It is refused with an {@link AsplError}: `options` for a value or a parameter that is not in
 * the space, `hardware` for a machine on which the program stands still.
 */
export function operatorSpace(verifier: Verifier, program: OpProgram): SearchSpace {
  const lanes = program.ops.flatMap(({ op }, at) => (shared.has(op) ? [[`lanes_${at}`, at] as const] : []));
  const parameters: Record<string, SpaceParameter> = {
    tile_elements: ordinal([1, 2, 4, 8, 16, 32, 64, 128, 256]),
    depth: ordinal([1, 2, 4, 8, 16], 2),
    ...Object.fromEntries(lanes.map(([name]) => [name, ordinal([1, 2, 4, 8])])),
  };
  const defaults: Readonly<Record<string, unknown>> = Object.fromEntries(
    Object.entries(parameters).map(([name, { parameter_default }]) => [name, parameter_default]),
  );
  return {
    scenario: {
      application_name: `operator-${verifier.task.id.replaceAll("/", "-")}`,
      optimization_objectives: ["cycles", "onChipBytes"],
      input_parameters: parameters,
    },
    evaluate(configuration) {
      const unknown = Object.keys(configuration).find((name) => !Object.hasOwn(parameters, name));
      if (unknown !== undefined) throw new AsplError("options", `the space has no parameter '${unknown}'`);
      const choice = { ...defaults, ...configuration };
      const stray = strayChoice(parameters, choice);
      if (stray !== undefined) throw new AsplError("options", stray.message);
      const chosen = (name: string): number => Number(choice[name]);
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
