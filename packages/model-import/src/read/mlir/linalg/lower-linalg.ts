/** linalg to neutral operators: products, reductions and element-wise work; other bodies stay as `generic` nodes. */
import type { Attribute } from "../../../graph/model-graph.ts";
import type { AffineMap, MlirOperation } from "../mlir-ast.ts";
import type { MlirLowering } from "../mlir-lower.ts";
import { accumulate } from "./accumulate.ts";
import { contraction } from "./contraction.ts";
import { bodyOf } from "./generic-body.ts";
import { keepWhole } from "./keep-whole.ts";
import { unifyLoops } from "./linalg-loops.ts";
import { pointwise } from "./pointwise.ts";
import { reduction } from "./reduction.ts";

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
    const form = { inputs, maps, body };
    if ([contraction, reduction, pointwise].some((pattern) => pattern(operation, lowering, form))) return;
  }
  keepWhole(operation, lowering, inputs, maps);
}
