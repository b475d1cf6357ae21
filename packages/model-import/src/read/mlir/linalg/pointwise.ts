/** Generic operations that work element by element. */
import type { Attribute } from "../../../graph/model-graph.ts";
import type { AffineMap, MlirOperation } from "../mlir-ast.ts";
import type { MlirLowering } from "../mlir-lower.ts";
import { type GenericForm, labelsOf } from "./generic-form.ts";

/** Every loop parallel, the result in the order of the loops: the body's operators on whole tensors. */
export function pointwise(
  operation: MlirOperation,
  lowering: MlirLowering,
  { inputs, maps, body }: GenericForm,
): boolean {
  const outMap = maps[maps.length - 1];
  const rank = outMap?.dimensions.length ?? 0;
  const identity =
    outMap?.results.length === rank &&
    outMap.results.every((result, axis) => "dimension" in result && result.dimension === axis);
  if (!identity || !body.plain) return false;
  const values = new Map<string, string>();
  // Each element of the output is read before it is written, once: what it held is an operand like the others.
  for (const [index, argument] of body.arguments.entries()) {
    if (index === inputs.length - 1 && !body.usesOut) continue;
    const aligned = align(inputs[index] ?? "", maps[index], rank, operation, lowering);
    if (aligned === undefined) return false;
    values.set(argument, aligned);
  }
  const value = (name: string, step: MlirOperation) => values.get(name) ?? lowering.value(name, step.span);
  for (const step of body.steps) {
    const op = body.operatorOf(step);
    const operands = step.operands.map((name) => value(name, step));
    const attributes: Record<string, Attribute> = op === "cast" ? { dtype: step.resultTypes[0]?.dtype ?? "f32" } : {};
    const [result = ""] = step.results;
    const relu = body.reluOf(step);
    const final = result === body.yielded;
    const [actual, given] = relu === undefined ? [op, operands] : ["relu", [value(relu, step)]];
    if (final) lowering.result(actual, given, attributes, operation);
    else values.set(result, lowering.emit(actual, given, attributes, operation));
  }
  if (body.steps.some(({ results }) => results[0] === body.yielded)) return true;
  const last = operation.operands.length - 1;
  const copied = value(body.yielded, operation);
  const out = lowering.value(operation.operands[last] ?? "", operation.span);
  // A copy along every loop has the shape of the output already.
  const whole = body.arguments.some(
    (argument, at) =>
      argument === body.yielded &&
      maps[at]?.results.length === rank &&
      labelsOf(maps[at]).every((label) => label !== undefined),
  );
  lowering.result(whole ? "identity" : "expand-like", whole ? [copied] : [copied, out], {}, operation);
  return true;
}

// An operand with its axes where the loops are: permuted, then with axes of extent 1 where it does not vary.
function align(
  value: string,
  map: AffineMap | undefined,
  rank: number,
  operation: MlirOperation,
  lowering: MlirLowering,
): string | undefined {
  const dimensions = (map?.results ?? []).map((result) => ("dimension" in result ? result.dimension : undefined));
  if (dimensions.includes(undefined)) {
    // Axes at a constant have extent 1 and stay where they are, if the others are in place.
    return dimensions.length === rank &&
      dimensions.every((dimension, axis) => dimension === undefined || dimension === axis)
      ? value
      : undefined;
  }
  const known = dimensions as number[];
  if (new Set(known).size !== known.length) return undefined;
  const sorted = [...known].sort((a, b) => a - b);
  const ordered =
    known.join() === sorted.join()
      ? value
      : lowering.emit("permute", [value], { axes: sorted.map((dimension) => known.indexOf(dimension)) }, operation);
  const first = sorted[0] ?? rank;
  const axes = Array.from({ length: rank }, (_, axis) => axis)
    .filter((axis) => axis >= first && !sorted.includes(axis))
    .map((axis) => axis - first);
  return axes.length === 0 ? ordered : lowering.emit("unsqueeze", [ordered], { axes }, operation);
}
