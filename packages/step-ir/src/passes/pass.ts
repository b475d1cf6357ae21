/** What the passes share: what they take, what they tell, and building a changed program. */
import { StepError } from "../errors.ts";
import type { Program } from "../program/program.ts";

/** One place that a pass changed, or left alone, and why. */
export interface PassRemark {
  /** Ids of the nodes in question, in the program that the pass was given. */
  readonly nodes: readonly string[];
  /** What was done and why it is allowed, or what forbids it. */
  readonly text: string;
}

/** A changed program, and an account of the change. */
export interface PassResult {
  readonly program: Program;
  readonly changed: readonly PassRemark[];
  /** Places that look right for the pass but are not. */
  readonly left: readonly PassRemark[];
  /** Streams, as text, that new sources of the program must be given. */
  readonly sources: Readonly<Record<string, string>>;
  /** New tensors, with the old ones that each holds one below the other. */
  readonly tensors: Readonly<Record<string, readonly string[]>>;
}

/** A setting of a pass. */
export interface PassOption {
  readonly kind: "integer" | "word";
  readonly about: string;
  readonly optional?: boolean;
}

/** Settings by name. */
export type PassSettings = Readonly<Record<string, number | string>>;

/** A transformation of programs. */
export interface Pass {
  /** Name on the command line. */
  readonly name: string;
  /** What it does, as a sentence. */
  readonly about: string;
  readonly options: Readonly<Record<string, PassOption>>;
  /** @throws {StepError} `pass-refused` if there is no place that it may change. */
  run(program: Program, settings: PassSettings): PassResult;
}

/** The error of a pass that changes nothing: why not, place by place. */
export function refused(pass: string, left: readonly PassRemark[], nothing: string): StepError {
  const reasons = left.map(({ nodes, text }) => `${nodes.join(", ")}: ${text}`);
  return new StepError("pass-refused", `${pass}: ${reasons.length === 0 ? nothing : reasons.join("; ")}`);
}
