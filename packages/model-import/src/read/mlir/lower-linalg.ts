/** linalg to neutral operators: products, reductions and element-wise work; other bodies stay as `generic` nodes. */
import type { Attribute } from "../../graph/model-graph.ts";
import { placeOf } from "../torch/text-place.ts";
import { type Body, bodyOf } from "./generic-body.ts";
import { unifyLoops } from "./linalg-loops.ts";
import type { AffineMap, MlirOperation } from "./mlir-ast.ts";
import type { MlirLowering } from "./mlir-lower.ts";
import { plainOperators } from "./plain-operators.ts";

const letters = "ijklmnopqrstuvwxyzabcdefgh";
const elementwise: Readonly<Record<string, string>> = {
  add: "add",
  sub: "sub",
  mul: "mul",
  div: "div",
  exp: "exp",
  log: "log",
  abs: "abs",
  ceil: "ceil",
  floor: "floor",
  negf: "neg",
  max: "maximum",
  min: "minimum",
  copy: "identity",
  sqrt: "sqrt",
  rsqrt: "rsqrt",
  tanh: "tanh",
  square: "square",
};

/** Adds the nodes of a linalg operation. */
export function lowerLinalg(operation: MlirOperation, lowering: MlirLowering): void {
  const name = operation.name.slice("linalg.".length);
  const inputs = lowering.inputs(operation);
  const [first = "", second = ""] = inputs;
  const out = inputs[inputs.length - 1] ?? "";
  unifyLoops(operation, lowering);
  if (name === "fill") fill(operation, lowering, first);
  else if (name === "matmul" || name === "batch_matmul" || name === "matvec" || name === "vecmat" || name === "dot") {
    accumulate(operation, lowering, out, ({ last }) => {
      if (!last) return lowering.emit("matmul", [first, second], {}, operation);
      lowering.result("matmul", [first, second], {}, operation);
      return undefined;
    });
  } else if (name === "transpose")
    lowering.result("permute", [first], { axes: operation.attributes.permutation as Attribute }, operation);
  else if (Object.hasOwn(elementwise, name))
    lowering.result(elementwise[name] as string, inputs.slice(0, -1), {}, operation);
  else if (name === "generic") generic(operation, lowering, inputs);
  else
    lowering.refuse(
      operation,
      `operation '${operation.name}' is not modelled`,
      "write it as linalg.generic, which any body of arith and math may follow",
    );
}

type Target = { readonly last: boolean };

// The result of `make`, added to what the output held before unless that is zero.
function accumulate(
  operation: MlirOperation,
  lowering: MlirLowering,
  out: string,
  make: (target: Target) => string | undefined | undefined,
): void {
  if (lowering.filledWith(out) === 0) {
    make({ last: true });
    return;
  }
  const sum = make({ last: false });
  lowering.result("add", [sum ?? out, out], {}, operation);
}

function fill(operation: MlirOperation, lowering: MlirLowering, value: string): void {
  const [type] = operation.resultTypes;
  const number = lowering.constantOf(operation.operands[0] ?? "");
  const shape = type?.shape ?? [];
  if (number === undefined || shape.includes(undefined)) {
    lowering.result("expand-like", [value, lowering.inputs(operation)[1] ?? ""], {}, operation);
    if (number !== undefined) lowering.fill(lowering.value(operation.results[0] ?? "", operation.span), number);
  } else
    lowering.result(
      "full",
      [],
      { shape: shape as readonly number[], value: number, dtype: type?.dtype ?? "f32" },
      operation,
    );
}

function mapsOf(operation: MlirOperation): AffineMap[] {
  const maps = operation.attributes.indexing_maps;
  const whole = Array.isArray(maps) && maps.every((map) => typeof map === "object" && "results" in map);
  return whole ? (maps as AffineMap[]) : [];
}

function generic(operation: MlirOperation, lowering: MlirLowering, inputs: readonly string[]): void {
  const maps = mapsOf(operation);
  const body = bodyOf(operation, (name) => lowering.constantOf(name) === 0);
  const plain =
    maps.length === inputs.length && maps.every((map) => map.results.every((result) => !("other" in result)));
  if (plain && body !== undefined && operation.results.length === 1) {
    if (contraction(operation, lowering, inputs, { maps, body })) return;
    if (reduction(operation, lowering, inputs, { maps, body })) return;
    if (pointwise(operation, lowering, inputs, { maps, body })) return;
  }
  whole(operation, lowering, inputs, maps);
}

interface Shape {
  readonly maps: readonly AffineMap[];
  readonly body: Body;
}

/** Letters of an operand's axes; an axis at a constant has none. */
function labelsOf(map: AffineMap | undefined): (string | undefined)[] {
  return (map?.results ?? []).map((result) => ("dimension" in result ? letters[result.dimension] : undefined));
}

// An operand without the axes that are read at 0 only.
function squeezed(value: string, map: AffineMap | undefined, operation: MlirOperation, lowering: MlirLowering): string {
  const axes = labelsOf(map).flatMap((label, axis) => (label === undefined ? [axis] : []));
  return axes.length === 0 ? value : lowering.emit("squeeze", [value], { axes }, operation);
}

// out += product of inputs, each once.
function contraction(
  operation: MlirOperation,
  lowering: MlirLowering,
  inputs: readonly string[],
  { maps, body }: Shape,
): boolean {
  const factors = body.productPlusOut;
  if (factors === undefined || (maps[0]?.dimensions.length ?? 0) > letters.length) return false;
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

// out = op(in, out) of one input, which is read in the order of the loops.
function reduction(
  operation: MlirOperation,
  lowering: MlirLowering,
  inputs: readonly string[],
  { maps, body }: Shape,
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

// Every loop parallel, the result in the order of the loops: the body's operators on whole tensors.
function pointwise(
  operation: MlirOperation,
  lowering: MlirLowering,
  inputs: readonly string[],
  { maps, body }: Shape,
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

// Any other body: kept, with its maps, and run point by point when it is evaluated.
function whole(
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
