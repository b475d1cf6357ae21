/** The most entries that a sparse result can have, from the sizes of the operands alone. */
import type { Formula } from "../../iteration/statement.ts";
import { leafPositions } from "../../partition/rank.ts";
import type { Stage } from "../stage.ts";
import { rootPositions, subtreesOf } from "../subtrees.ts";

/** Of a stage the limit stays: its operands do. */
const known = new WeakMap<Stage, number>();

/** See the head of this file. */
export function entryLimit(stage: Stage): number {
  const limit = known.get(stage) ?? limitOf(stage);
  known.set(stage, limit);
  return limit;
}

function limitOf(stage: Stage): number {
  const elements = stage.result.variables.reduce((all, name) => all * sizeOf(stage, name), 1);
  return Math.min(elements, pointLimit(stage, stage.statement.formula), soleLimit(stage));
}

function sizeOf({ sizes, order }: Stage, name: string): number {
  return sizes[order.indexOf(name)]!;
}

/** Points of the loops at which a formula can be there: a product has no more than its smaller side. */
function pointLimit(stage: Stage, formula: Formula): number {
  switch (formula.kind) {
    case "literal":
      return stage.sizes.reduce((all, size) => all * size, 1);
    case "operand": {
      const { tensor, variables } = stage.operands[formula.operand]!;
      const missing = stage.order.filter((name) => !variables.includes(name));
      const entries = leafPositions(tensor.levels, -1, 1);
      return missing.reduce((all, name) => all * sizeOf(stage, name), entries);
    }
    case "negate":
      return pointLimit(stage, formula.operand);
    case "divide":
      return pointLimit(stage, formula.left);
    case "multiply":
      return Math.min(pointLimit(stage, formula.left), pointLimit(stage, formula.right));
    default:
      return pointLimit(stage, formula.left) + pointLimit(stage, formula.right);
  }
}

/** Where one operand drives a first phase and another the second and last: the entries of the second below the first. */
function soleLimit({ phases, sole, spec, operands, order, sizes }: Stage): number {
  const [first, second, third] = phases;
  if (first === undefined || second === undefined || third !== undefined) return Number.POSITIVE_INFINITY;
  const [driver] = second.drivers;
  if (sole === undefined || sole < 0 || second.drivers.length !== 1 || driver === undefined || driver === sole)
    return Number.POSITIVE_INFINITY;
  const tree = operands[sole]!.tensor.levels.slice(0, first.to);
  const { places } = spec[driver]!;
  const above = places.flatMap((place) => (place < second.from ? [{ place, size: sizes[place]! }] : []));
  const positions = rootPositions({ tree, same: false, levels: above });
  const levels = operands[driver]!.tensor.levels.filter((_, l) => places[l]! >= second.from && places[l]! < second.to);
  const { offsets, count } = subtreesOf([{ name: "", levels, weight: 1 }], [positions], positions.length);
  return order.slice(second.to).reduce((all, _, v) => all * sizes[second.to + v]!, offsets[count]!);
}
