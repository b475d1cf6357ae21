/** Which axes of a linalg operation's operands one loop runs over: those have one size. */
import type { AffineMap, MlirOperation } from "../mlir-ast.ts";
import type { MlirLowering } from "../mlir-lower.ts";

/** The loop of each axis, operand by operand, of operations that are not written with maps. */
const named: Readonly<Record<string, readonly string[]>> = {
  matmul: ["mk", "kn", "mn"],
  batch_matmul: ["bmk", "bkn", "bmn"],
  matvec: ["mk", "k", "m"],
  vecmat: ["k", "kn", "n"],
  dot: ["k", "k", ""],
};

/**
 * Makes the sizes that one loop runs over equal.
 *
 * @throws {DiagnosticError} if two of them are different numbers
 */
export function unifyLoops(operation: MlirOperation, lowering: MlirLowering): void {
  const loops = new Map<string, { readonly operand: number; readonly axis: number }>();
  for (const [operand, labels] of labelsOf(operation, lowering).entries()) {
    for (const [axis, label] of labels.entries()) {
      if (label === "") continue;
      const first = loops.get(label);
      if (first === undefined) loops.set(label, { operand, axis });
      else lowering.sameExtent(operation, first, { operand, axis });
    }
  }
}

/** A name for the loop of each axis of each operand; empty where no single loop runs over it. */
function labelsOf(operation: MlirOperation, lowering: MlirLowering): readonly (readonly string[])[] {
  const name = operation.name.slice("linalg.".length);
  if (Object.hasOwn(named, name)) return named[name]!.map((labels) => [...labels]);
  const { indexing_maps: maps, permutation } = operation.attributes;
  if (name === "generic" && Array.isArray(maps)) return (maps as readonly AffineMap[]).map(labelsOfMap);
  const ranks = operation.operands.map((operand) => lowering.typeOf(operand)?.shape.length ?? 0);
  const axes = (rank: number): string[] => Array.from({ length: rank }, (_, axis) => `d${axis}`);
  if (name === "transpose" && Array.isArray(permutation)) {
    return [axes(ranks[0] ?? 0), (permutation as readonly number[]).map((axis) => `d${axis}`)];
  }
  // Element by element: every operand that is no single number has the axes of the result.
  return name === "fill" ? [] : ranks.map(axes);
}

function labelsOfMap(map: AffineMap): readonly string[] {
  return (map.results ?? []).map((result) => ("dimension" in result ? `d${result.dimension}` : ""));
}
