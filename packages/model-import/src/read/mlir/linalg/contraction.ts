/** Generic operations that are contractions: an einsum, added to the output. */
import type { AffineMap, MlirOperation } from "../mlir-ast.ts";
import type { MlirLowering } from "../mlir-lower.ts";
import { accumulate } from "./accumulate.ts";
import { type GenericForm, labelsOf, loopLetters } from "./generic-form.ts";

/** out += product of inputs, each once. */
export function contraction(
  operation: MlirOperation,
  lowering: MlirLowering,
  { inputs, maps, body }: GenericForm,
): boolean {
  const factors = body.productPlusOut;
  if (factors === undefined || (maps[0]?.dimensions.length ?? 0) > loopLetters.length) return false;
  const operands = factors.map((index) => squeezed(inputs[index] ?? "", maps[index], operation, lowering));
  const outMap = maps[maps.length - 1];
  const output = labelsOf(outMap);
  const equation = `${factors.map((index) => labelsOf(maps[index]).join("")).join(",")}->${output.filter((label) => label !== undefined).join("")}`;
  const added = output.flatMap((label, axis) => (label === undefined ? [axis] : []));
  accumulate(operation, lowering, inputs[inputs.length - 1] ?? "", ({ last }) => {
    if (last && added.length === 0) {
      lowering.result("einsum", operands, { equation }, operation);
      return undefined;
    }
    const sum = lowering.emit("einsum", operands, { equation }, operation);
    if (added.length === 0) return sum;
    if (!last) return lowering.emit("unsqueeze", [sum], { axes: added }, operation);
    lowering.result("unsqueeze", [sum], { axes: added }, operation);
    return undefined;
  });
  return true;
}

// An operand without the axes that are read at 0 only.
function squeezed(value: string, map: AffineMap | undefined, operation: MlirOperation, lowering: MlirLowering): string {
  const axes = labelsOf(map).flatMap((label, axis) => (label === undefined ? [axis] : []));
  return axes.length === 0 ? value : lowering.emit("squeeze", [value], { axes }, operation);
}
