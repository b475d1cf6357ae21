/** What a row of the operator table is, and the rows that many operators share. */
import type { Attribute } from "../../graph/model-graph.ts";
import type { TorchCall } from "./torch-call.ts";

/** How one PyTorch operator reads: its parameters in positional order, and the nodes it becomes. */
export interface Lowering {
  readonly parameters: readonly string[];
  readonly lower: (call: TorchCall) => void;
}

/** Rows of the table by operator name without overload (`relu`) or with it (`sum.dim_IntList`). */
export type Lowerings = Readonly<Record<string, Lowering>>;

/** A row; `parameters` as in PyTorch's schema: `self, dim, keepdim`. */
export function row(parameters: string, lower: (call: TorchCall) => void): Lowering {
  return { parameters: parameters === "" ? [] : parameters.split(", "), lower };
}

/** One tensor in, one out. */
export function unary(op: string): Lowering {
  return row("self", (call) => call.result(op, [call.tensor("self")]));
}

/** Two tensors or a tensor and a number in, broadcast. */
export function binary(op: string): Lowering {
  return row("self, other", (call) => call.result(op, [call.tensor("self"), call.tensor("other")]));
}

/** Addition or subtraction, whose second operand may be scaled by `alpha`. */
export function scaled(op: "add" | "sub", reversed = false): Lowering {
  return row("self, other, alpha", (call) => {
    const alpha = call.number("alpha", 1);
    const [self, other] = [call.tensor("self"), call.tensor("other")];
    const second = reversed ? self : other;
    const scaledSecond = alpha === 1 ? second : call.emit("mul", [second, call.constant(alpha)]);
    call.result(op, [reversed ? other : self, scaledSecond]);
  });
}

/** A reduction over axes; all of them where `dim` is left out. */
export function reduction(op: string): Lowering {
  return row("self, dim, keepdim, dtype", (call) => {
    const axes = call.argument("dim") === undefined ? [] : call.integers("dim");
    const input = castTo(call, call.tensor("self"), "dtype");
    call.result(op, [input], { axes, keepDims: call.boolean("keepdim") });
  });
}

/** The value cast to what the parameter says, if it says anything. */
export function castTo(call: TorchCall, value: string, parameter: string): string {
  const dtype = call.dtype(parameter);
  return dtype === undefined || dtype === call.builder.valueOf(value).dtype
    ? value
    : call.emit("cast", [value], { dtype });
}

/** A constant of a given shape. */
export function filled(call: TorchCall, value: number, shape: readonly Attribute[], like: string | null): void {
  const dtype = call.dtype("dtype") ?? (like === null ? undefined : call.builder.valueOf(like).dtype) ?? "f32";
  call.result("full", [], { shape, value, dtype });
}

/** The shape of a value as an attribute, or a `shape-of` node where it is not known. */
export function shapeOf(call: TorchCall, value: string): readonly Attribute[] {
  const shape = call.builder.valueOf(value).shape;
  if (shape !== undefined) return shape;
  throw call.unserved(
    "needs the shape of its operand, which is not known",
    "give the shapes of the inputs, or read the .pt2",
  );
}
