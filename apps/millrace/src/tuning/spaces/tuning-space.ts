/** What the app asks of a space that a package of the workbench exports, so that the tuner can search it. */
import type { Config } from "@millrace/baco-tuner";
import { MillraceError } from "../../errors.ts";

/** What a command line says of a space: `kernel:EXPRESSION -i NAME=VALUE`. Plain data: it is passed to threads. */
export interface SpaceRequest {
  /** The name of the space in the catalogue: what stands before the colon. */
  readonly area: string;
  /** What stands after the colon: an expression, the name of a file, ... as the space has it. */
  readonly subject: string;
  /** What `-i` binds. */
  readonly inputs: readonly { readonly name: string; readonly value: string }[];
  /** File names start from here. */
  readonly folder: string;
  /** Seed of inputs that are drawn. */
  readonly seed: number;
}

/** A space and what evaluates it. */
export interface TuningSpace {
  /** A scenario in the published format, as plain data. */
  readonly scenario: object;
  /**
   * What a configuration gives: a number, or an object with the scenario's objectives and whether it is feasible.
   * Rejections are crashes of the evaluation.
   */
  evaluate(config: Config): unknown;
  /** Ends the threads that evaluations were spread over, if it has any; those of a thread that ends, end with it. */
  close?(): void;
}

/** The inputs of a request by name. @throws {MillraceError} `argument` for one that is none of `names` */
export function inputsNamed(
  { area, inputs }: SpaceRequest,
  names: readonly string[],
): Readonly<Record<string, string | undefined>> {
  const stray = inputs.find(({ name }) => !names.includes(name));
  if (stray !== undefined) {
    const help = names.length === 1 ? `its input is ${names[0]}` : `its inputs are ${names.join(", ")}`;
    throw new MillraceError("argument", `${area}: has no input ${stray.name}`, { help });
  }
  return Object.fromEntries(inputs.map(({ name, value }) => [name, value]));
}

/** Opens a space; called once for its scenario, and once in each thread that evaluates. */
export type OpenTuningSpace = (request: SpaceRequest) => Promise<TuningSpace>;
