/**
 * Results that are stored as an operand is: where one operand alone says which coordinates are visited, its upper levels
 * are those of the result. They are shared, nothing of them is made anew, and each value has a place before the loops run.
 */

import type { Level } from "@millrace/tensor";
import { isFull, type LoopNest } from "../../iteration/phases.ts";
import { isPresent } from "../../iteration/sequence.ts";
import type { StageResult } from "../stage.ts";
import type { StoredOperand } from "../stored-operand.ts";

/** What decides it. */
export interface AlignmentQuestion {
  readonly order: readonly string[];
  readonly result: StageResult;
  readonly nest: LoopNest;
  readonly operands: readonly StoredOperand[];
  readonly extents: ReadonlyMap<string, number>;
}

/** The operand whose levels, down to the last sparse one of the result, are those of the result; undefined if there is none. */
export function alignedOperand({ order, result, nest, operands, extents }: AlignmentQuestion): number | undefined {
  const sparse = nest.operands.flatMap(({ sparse: kinds }, at) => (kinds.includes(true) ? [at] : []));
  const [only, second] = sparse;
  if (only === undefined || second !== undefined || isPresent(nest.formula, (at) => at !== only)) return undefined;
  const depth = result.sparse.lastIndexOf(true) + 1;
  const { levels } = operands[only]!.tensor;
  const { places } = nest.operands[only]!;
  for (let l = 0; l < depth; l++) {
    const level = levels[l];
    if (level === undefined || places[l] !== l || result.variables[l] !== order[l]) return undefined;
    if (result.sparse[l] !== (level.kind === "compressed")) return undefined;
  }
  // Every entry is kept: there is something below each of them, and it is visited whole.
  if (order.slice(depth).some((name) => extents.get(name) === 0) || !entriesBelowAll(levels)) return undefined;
  const kept = result.variables.slice(depth).map((name) => order.indexOf(name));
  return kept.every((v) => isFull(nest, v)) ? only : undefined;
}

/** Whether no node below a compressed level is empty, so far as that is seen level by level. */
function entriesBelowAll(levels: readonly Level[]): boolean {
  let inside = false;
  return levels.every((level, l) => {
    if (level.kind === "dense") return !inside || level.size > 0;
    if (level.kind !== "compressed") return false;
    if (inside && (levels[l - 1]!.kind === "dense" || !risesEverywhere(level.positions))) return false;
    inside = true;
    return level.positions.at(-1) === level.coordinates.length;
  });
}

function risesEverywhere(positions: Int32Array): boolean {
  for (let p = 1; p < positions.length; p++) if (positions[p]! <= positions[p - 1]!) return false;
  return true;
}
