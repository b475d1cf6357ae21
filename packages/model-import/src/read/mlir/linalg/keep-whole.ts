/** Generic operations that no pattern fits. */
import type { Attribute } from "../../../graph/model-graph.ts";
import { placeOf } from "../../torch/text-place.ts";
import type { AffineMap, MlirOperation } from "../mlir-ast.ts";
import type { MlirLowering } from "../mlir-lower.ts";
import { plainOperators } from "../plain-operators.ts";

/** Any other body: kept, with its maps, and run point by point when it is evaluated. */
export function keepWhole(
  operation: MlirOperation,
  lowering: MlirLowering,
  inputs: readonly string[],
  maps: readonly AffineMap[],
): void {
  const [body] = operation.regions;
  if (body === undefined || maps.length !== inputs.length)
    lowering.refuse(
      operation,
      "a generic operation without a body or with too few maps",
      "it has one map for each operand",
    );
  for (const map of maps) {
    if (map.results.some((result) => "other" in result))
      lowering.refuse(
        operation,
        "an index expression that is neither a dimension nor a constant",
        "rewrite it with one loop for each index",
      );
  }
  for (const step of body.operations) checkStep(step, lowering);
  const attributes: Record<string, Attribute> = {
    maps: maps.map((map) =>
      map.results.map((result) =>
        "dimension" in result ? result.dimension : "constant" in result ? -1 - result.constant : 0,
      ),
    ),
    loops: maps[0]?.dimensions.length ?? 0,
    inputs: inputs.length - operation.results.length,
  };
  const region = genericRegion(operation, lowering);
  const outputs = lowering.defineResults(operation);
  lowering.add({
    op: "generic",
    inputs,
    attributes,
    outputs,
    place: placeOf(operation.span, operation.name),
    regions: [region],
  });
}

function checkStep(step: MlirOperation, lowering: MlirLowering): void {
  const known =
    Object.hasOwn(plainOperators, step.name) ||
    /^(arith\.(cmp[fi]|constant)|linalg\.(index|yield)|sparse_tensor\.(binary|unary|reduce|yield))$/.test(step.name);
  if (!known)
    lowering.refuse(
      step,
      `operation '${step.name}' is not modelled in a body`,
      "bodies hold arith, math, linalg.index and sparse_tensor.{unary,binary,reduce}",
    );
  for (const region of step.regions) for (const inner of region.operations) checkStep(inner, lowering);
}

function genericRegion(operation: MlirOperation, lowering: MlirLowering) {
  const [body] = operation.regions;
  return lowering.region(
    body ?? { arguments: [], operations: [] },
    `${operation.results[0]?.slice(1) ?? "generic"}.body`,
  );
}
