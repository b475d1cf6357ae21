import type { BinaryOperator, Expression } from "../nest/nest.ts";
import { elementBytes, isFloat, type ScalarType } from "../nest/types.ts";
import type { FunctionWriter } from "./function-writer.ts";
import { wasmType } from "./function-writer.ts";
import { binaryOp, compareOp, convertOp, memoryOp, op, unaryOp } from "./opcodes.ts";
import { emitLane, emitReduction, emitVector } from "./simd.ts";
import { emitScalarWidening } from "./widening.ts";

/** Emits one part of an expression: the value itself if it is a scalar, otherwise the `part`-th `v128` of it. */
export function emit(writer: FunctionWriter, expression: Expression, part = 0): void {
  if (typeof expression.type === "object") emitVector(writer, expression, part);
  else emitScalar(writer, expression, expression.type);
}

function emitScalar(writer: FunctionWriter, expression: Expression, type: ScalarType): void {
  switch (expression.kind) {
    case "constant":
      emitConstant(writer, type, expression.value);
      return;
    case "local":
      writer.get(writer.local(expression.local));
      return;
    case "scalar":
      writer.get(writer.scalar(expression.scalar));
      return;
    case "unit":
    case "units":
    case "worker":
      writer.get(["unit", "units", "worker"].indexOf(expression.kind));
      return;
    case "length":
      writer.get(writer.lengthOf(expression.buffer)).instruction(op.i64ExtendI32U);
      return;
    case "load": {
      const { element } = writer.nest.buffers[expression.buffer]!;
      const offset = emitAddress(writer, expression.buffer, expression.index);
      writer.instruction(memoryOp[element].load);
      writer.code.unsigned(memoryOp[element].align).unsigned(offset);
      if (element === "f16" || element === "bf16") emitScalarWidening(writer, element);
      if (element === "bool") writer.constant(0).instruction(compareOp.i32!["not-equal"]!);
      return;
    }
    case "unary":
      emitUnary(writer, expression);
      return;
    case "binary":
      emitBinary(writer, expression);
      return;
    case "compare":
      emit(writer, expression.left);
      emit(writer, expression.right);
      writer.instruction(compareOp[machineType(expression.left.type as ScalarType)]![expression.operator]!);
      return;
    case "select":
      emit(writer, expression.whenTrue);
      emit(writer, expression.whenFalse);
      emit(writer, expression.condition);
      writer.instruction(op.select);
      return;
    case "convert":
      emitConversion(writer, expression.operand, type);
      return;
    case "lane":
      emitLane(writer, expression.operand, expression.lane);
      return;
    case "reduce":
      emitReduction(writer, expression);
      return;
  }
}

function machineType(type: ScalarType): "i32" | "i64" | "f32" | "f64" {
  return type === "bool" ? "i32" : type;
}

function emitConstant(writer: FunctionWriter, type: ScalarType, value: number | bigint | boolean): void {
  switch (type) {
    case "bool":
      writer.constant(value ? 1 : 0);
      return;
    case "i32":
      writer.constant(Number(value));
      return;
    case "i64":
      writer.code.byte(op.i64Const).signed(BigInt(value));
      return;
    case "f32":
      writer.code.byte(op.f32Const).f32(Number(value));
      return;
    case "f64":
      writer.code.byte(op.f64Const).f64(Number(value));
  }
}

/** Puts the address of an entry on the stack, less the constant that is returned. */
export function emitAddress(writer: FunctionWriter, buffer: number, index: Expression): number {
  const bytes = elementBytes(writer.nest.buffers[buffer]!.element);
  const [variable, constant] = splitConstant(index);
  writer.get(writer.address(buffer));
  if (variable === undefined) return constant * bytes;
  emit(writer, variable);
  if (variable.type === "i64") writer.instruction(op.i32WrapI64);
  if (bytes > 1) writer.constant(Math.log2(bytes)).instruction(op.i32Shl);
  writer.instruction(op.i32Add);
  return constant * bytes;
}

/** An index as something variable plus a small constant that an instruction can hold. */
function splitConstant(index: Expression): [Expression | undefined, number] {
  const small = (expression: Expression): number | undefined => {
    if (expression.kind !== "constant") return undefined;
    const value = Number(expression.value);
    return value >= 0 && value < 2 ** 20 ? value : undefined;
  };
  const whole = small(index);
  if (whole !== undefined) return [undefined, whole];
  if (index.kind === "binary" && index.operator === "add") {
    const right = small(index.right);
    if (right !== undefined) return [index.left, right];
  }
  return [index, 0];
}

function emitUnary(writer: FunctionWriter, expression: Extract<Expression, { kind: "unary" }>): void {
  const { operator, operand } = expression;
  const type = operand.type as ScalarType;
  if (type === "bool") {
    emit(writer, operand);
    writer.instruction(op.i32Eqz);
    return;
  }
  const single = unaryOp[type]![operator];
  if (single !== undefined) {
    emit(writer, operand);
    writer.instruction(single);
    return;
  }
  const arithmetic = binaryOp[type]!;
  const integer = (value: number) => emitConstant(writer, type, type === "i64" ? BigInt(value) : value);
  if (operator === "negate") {
    integer(0);
    emit(writer, operand);
    writer.instruction(arithmetic.subtract!);
  } else if (operator === "not") {
    emit(writer, operand);
    integer(-1);
    writer.instruction(arithmetic["exclusive-or"]!);
  } else {
    // |x| = (x ^ s) - s, where s = x >> (width - 1) is 0 or -1.
    writer.temporary(type, (value) => {
      const sign = () => {
        writer.get(value);
        integer(type === "i32" ? 31 : 63);
        writer.instruction(arithmetic["shift-right"]!);
      };
      emit(writer, operand);
      writer.tee(value);
      sign();
      writer.instruction(arithmetic["exclusive-or"]!);
      sign();
      writer.instruction(arithmetic.subtract!);
    });
  }
}

function emitBinary(writer: FunctionWriter, expression: Extract<Expression, { kind: "binary" }>): void {
  const { operator, left, right } = expression;
  const type = machineType(expression.type as ScalarType);
  const single = binaryOp[type]![operator];
  if (single !== undefined || isFloat(type)) {
    emit(writer, left);
    emit(writer, right);
    writer.instruction(single!);
    return;
  }
  emitExtreme(writer, operator, { type, left, right });
}

function emitExtreme(
  writer: FunctionWriter,
  operator: BinaryOperator,
  { type, left, right }: { type: "i32" | "i64" | "f32" | "f64"; left: Expression; right: Expression },
): void {
  writer.temporary(wasmType(type), (first) => {
    emit(writer, left);
    writer.set(first);
    writer.temporary(wasmType(type), (second) => {
      emit(writer, right);
      writer.set(second);
      writer.get(first).get(second).get(first).get(second);
      writer.instruction(compareOp[type]![operator === "minimum" ? "less" : "greater"]!, op.select);
    });
  });
}

function emitConversion(writer: FunctionWriter, operand: Expression, to: ScalarType): void {
  const from = operand.type as ScalarType;
  emit(writer, operand);
  if (to === "bool") {
    emitConstant(writer, from, from === "i64" ? 0n : from === "bool" ? false : 0);
    writer.instruction(compareOp[machineType(from)]!["not-equal"]!);
  } else if (from !== to) writer.instruction(...convertOp[`${from}>${to}`]!);
}
