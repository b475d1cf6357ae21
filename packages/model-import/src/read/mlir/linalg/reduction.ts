/** Generic operations that reduce one operand. */
import type { MlirOperation } from "../mlir-ast.ts";
import type { MlirLowering } from "../mlir-lower.ts";
import { type GenericForm, labelsOf } from "./generic-form.ts";

/** out = op(in, out) of one input, which is read in the order of the loops. */
export function reduction(
  operation: MlirOperation,
  lowering: MlirLowering,
  { inputs, maps, body }: GenericForm,
): boolean {
  if (body.reduction === undefined || inputs.length !== 2) return false;
  const own = labelsOf(maps[0]);
  const output = labelsOf(maps[1]);
  const kept = output.filter((label) => label !== undefined);
  if (
    own.includes(undefined) ||
    kept.some((label) => !own.includes(label)) ||
    kept.join() !== own.filter((label) => label !== undefined && kept.includes(label)).join()
  )
    return false;
  const axes = own.flatMap((label, axis) => (label !== undefined && kept.includes(label) ? [] : [axis]));
  const keepDims =
    output.length === own.length && output.every((label, axis) => label === undefined || label === own[axis]);
  if (!keepDims && output.includes(undefined)) return false;
  const [op, combine, neutral] = {
    add: ["sum", "add", 0],
    maximum: ["max", "maximum", -Infinity],
    minimum: ["min", "minimum", Infinity],
    mul: ["prod", "mul", 1],
  }[body.reduction] as [string, string, number];
  const [input = "", out = ""] = inputs;
  const attributes = { axes, keepDims };
  if (lowering.filledWith(out) === neutral) lowering.result(op, [input], attributes, operation);
  else lowering.result(combine, [lowering.emit(op, [input], attributes, operation), out], {}, operation);
  return true;
}
