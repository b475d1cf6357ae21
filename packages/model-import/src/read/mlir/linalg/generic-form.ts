/** A generic operation whose maps are dimensions and constants alone: what its patterns look at. */
import type { AffineMap } from "../mlir-ast.ts";
import type { Body } from "./generic-body.ts";

/** The letters that loops are called by, the outermost first. */
export const loopLetters = "ijklmnopqrstuvwxyzabcdefgh";

/** What a pattern looks at. */
export interface GenericForm {
  /** Names of the operands; the output is the last. */
  readonly inputs: readonly string[];
  /** A map for each operand, from loops to its axes. */
  readonly maps: readonly AffineMap[];
  readonly body: Body;
}

/** Letters of an operand's axes; an axis at a constant has none. */
export function labelsOf(map: AffineMap | undefined): (string | undefined)[] {
  return (map?.results ?? []).map((result) => ("dimension" in result ? loopLetters[result.dimension] : undefined));
}
