import type { BinaryOperator, Expression } from "../nest/nest.ts";
import { elementBytes, isMask, isNarrow, type LaneType, laneOf, type VectorType } from "../nest/types.ts";
import { emit, emitAddress } from "./expressions.ts";
import { type FunctionWriter, wasmType } from "./function-writer.ts";
import { binaryOp, compareOp, laneOp, memoryOp, op, vectorOp } from "./opcodes.ts";
import { emitScalarWidening, emitWideningLoad } from "./widening.ts";

/** Lanes in one `v128` of a vector. */
function lanesPerPart(lane: LaneType): number {
  return 16 / elementBytes(lane);
}

/** Emits the `part`-th `v128` of a vector or mask. */
export function emitVector(writer: FunctionWriter, expression: Expression, part: number): void {
  switch (expression.kind) {
    case "local":
      writer.get(writer.local(expression.local, part));
      return;
    case "load":
      emitLoad(writer, expression, part);
      return;
    case "splat": {
      const { lane } = expression.type as VectorType;
      emit(writer, expression.operand);
      writer.vector(laneOp[lane]!.splat!);
      return;
    }
    case "iota": {
      const { lane } = expression.type as VectorType;
      emitCount(writer, lane as "i32" | "i64", part * lanesPerPart(lane));
      return;
    }
    case "first-lanes": {
      const lane = isMask(expression.type) && expression.type.bits === 64 ? "i64" : "i32";
      emitCount(writer, lane, part * lanesPerPart(lane));
      emit(writer, expression.count);
      if (lane === "i64") writer.instruction(op.i64ExtendI32S);
      writer.vector(laneOp[lane]!.splat!).vector(laneOp[lane]!.less!);
      return;
    }
    case "unary":
      emit(writer, expression.operand, part);
      writer.vector(
        expression.operator === "not"
          ? vectorOp.not
          : laneOp[laneOf(expression.type) as LaneType]![expression.operator]!,
      );
      return;
    case "binary":
      emitPair(writer, expression, part);
      return;
    case "compare":
      emit(writer, expression.left, part);
      emit(writer, expression.right, part);
      writer.vector(laneOp[laneOf(expression.left.type) as LaneType]![expression.operator]!);
      return;
    case "convert":
      emit(writer, expression.operand, part);
      writer.vector(vectorOp.floatFromInt);
      return;
    case "select":
      emit(writer, expression.whenTrue, part);
      emit(writer, expression.whenFalse, part);
      if (expression.condition.type === "bool") {
        emit(writer, expression.condition);
        writer.instruction(op.selectTyped, 1, 0x7b);
      } else {
        emit(writer, expression.condition, part);
        writer.vector(vectorOp.bitSelect);
      }
  }
}

/** The constant vector `first, first + 1, …`. */
function emitCount(writer: FunctionWriter, lane: "i32" | "i64", first: number): void {
  writer.vector(vectorOp.const);
  const lanes = lanesPerPart(lane);
  const words = lane === "i32" ? Int32Array.from({ length: lanes }, (_, place) => first + place) : new Int32Array(4);
  if (lane === "i64") for (let place = 0; place < lanes; place++) words[2 * place] = first + place;
  for (const word of words) writer.instruction(word & 0xff, (word >> 8) & 0xff, (word >> 16) & 0xff, word >>> 24);
}

function emitPair(writer: FunctionWriter, expression: Extract<Expression, { kind: "binary" }>, part: number): void {
  const { operator, left, right } = expression;
  if (operator === "and" || operator === "or" || operator === "exclusive-or") {
    emit(writer, left, part);
    emit(writer, right, part);
    writer.vector(vectorOp[operator]);
    return;
  }
  const lane = laneOf(expression.type) as LaneType;
  const single = laneOp[lane]![operator];
  if (single !== undefined) {
    emit(writer, left, part);
    emit(writer, right, part);
    writer.vector(single);
    return;
  }
  // The extremes of i64 lanes, which have no instruction of their own.
  writer.temporary("v128", (first) => {
    emit(writer, left, part);
    writer.set(first);
    writer.temporary("v128", (second) => {
      emit(writer, right, part);
      writer.set(second).get(first).get(second).get(first).get(second);
      writer.vector(laneOp[lane]![operator === "minimum" ? "less" : "greater"]!).vector(vectorOp.bitSelect);
    });
  });
}

/** The value in one lane of a vector. */
export function emitLane(writer: FunctionWriter, operand: Expression, lane: number): void {
  const type = laneOf(operand.type) as LaneType;
  const lanes = lanesPerPart(type);
  emit(writer, operand, Math.floor(lane / lanes));
  writer.vector(laneOp[type]!.extract!).instruction(lane % lanes);
}

/** The lanes of a vector joined from lane 0 upwards. */
export function emitReduction(writer: FunctionWriter, expression: Extract<Expression, { kind: "reduce" }>): void {
  const { operand, operator } = expression;
  const { lane, lanes } = operand.type as VectorType;
  const perPart = lanesPerPart(lane);
  for (let part = 0; part * perPart < lanes; part++) {
    writer.temporary("v128", (vector) => {
      emit(writer, operand, part);
      writer.set(vector);
      for (let place = 0; place < perPart; place++) {
        writer.get(vector).vector(laneOp[lane]!.extract!).instruction(place);
        if (part > 0 || place > 0) emitJoin(writer, lane, operator);
      }
    });
  }
}

/** Joins the two scalars on top of the stack. */
function emitJoin(writer: FunctionWriter, lane: LaneType, operator: BinaryOperator): void {
  const single = binaryOp[lane]![operator];
  if (single !== undefined) {
    writer.instruction(single);
    return;
  }
  writer.temporary(wasmType(lane), (second) => {
    writer.set(second);
    writer.temporary(wasmType(lane), (first) => {
      writer.set(first).get(first).get(second).get(first).get(second);
      writer.instruction(compareOp[lane]![operator === "minimum" ? "less" : "greater"]!, op.select);
    });
  });
}

function emitLoad(writer: FunctionWriter, expression: Extract<Expression, { kind: "load" }>, part: number): void {
  const { lane } = expression.type as VectorType;
  const { mask } = expression;
  const { element } = writer.nest.buffers[expression.buffer]!;
  const bytes = elementBytes(element);
  const offset = emitAddress(writer, expression.buffer, expression.index) + lanesPerPart(lane) * bytes * part;
  if (mask === undefined && isNarrow(element)) {
    emitWideningLoad(writer, element, offset);
    return;
  }
  if (mask === undefined) {
    writer.vector(vectorOp.load);
    writer.code.unsigned(memoryOp[lane].align).unsigned(offset);
    return;
  }
  writer.temporary("i32", (address) => {
    writer.set(address);
    writer.temporary("v128", (taken) => {
      emit(writer, mask, part);
      writer.set(taken);
      writer.temporary("v128", (result) => {
        writer
          .vector(vectorOp.const)
          .instruction(...new Array<number>(16).fill(0))
          .set(result);
        for (let place = 0; place < lanesPerPart(lane); place++) {
          whenTaken(writer, { taken, lane, place }, () => {
            writer.get(result).get(address).instruction(memoryOp[element].load);
            writer.code.unsigned(memoryOp[element].align).unsigned(offset + place * bytes);
            if (element === "f16" || element === "bf16") emitScalarWidening(writer, element);
            writer.vector(laneOp[lane]!.replace!).instruction(place).set(result);
          });
        }
        writer.get(result);
      });
    });
  });
}

interface MaskLane {
  readonly taken: number;
  readonly lane: LaneType;
  readonly place: number;
}

/** Emits `body` under the condition that a lane of a mask is true. */
function whenTaken(writer: FunctionWriter, { taken, lane, place }: MaskLane, body: () => void): void {
  writer
    .get(taken)
    .vector(laneOp.i32!.extract!)
    .instruction(elementBytes(lane) === 8 ? 2 * place : place);
  writer.instruction(op.if, op.emptyBlock);
  body();
  writer.instruction(op.end);
}

/** Puts the parts of a vector into locals, and emits `body` with those. */
function withParts(
  writer: FunctionWriter,
  expression: Expression,
  parts: number,
  body: (values: readonly number[]) => void,
): void {
  const take = (values: readonly number[]): void => {
    if (values.length === parts) {
      body(values);
      return;
    }
    writer.temporary("v128", (value) => {
      emit(writer, expression, values.length);
      writer.set(value);
      take([...values, value]);
    });
  };
  take([]);
}

/**
 * Writes a vector, leaving out the lanes that a mask leaves out. All parts are known before one is written: they may read
 * what is written over.
 */
export function emitVectorStore(
  writer: FunctionWriter,
  store: {
    readonly buffer: number;
    readonly index: Expression;
    readonly value: Expression;
    readonly mask?: Expression;
  },
): void {
  const { lane, lanes } = store.value.type as VectorType;
  const { mask } = store;
  const perPart = lanesPerPart(lane);
  const parts = Math.ceil(lanes / perPart);
  writer.temporary("i32", (address) => {
    const offset = emitAddress(writer, store.buffer, store.index);
    writer.set(address);
    withParts(writer, store.value, parts, (values) => {
      if (mask === undefined) {
        for (const [part, value] of values.entries()) {
          writer.get(address).get(value).vector(vectorOp.store);
          writer.code.unsigned(memoryOp[lane].align).unsigned(offset + 16 * part);
        }
        return;
      }
      withParts(writer, mask, parts, (masks) => {
        for (const [part, value] of values.entries()) {
          for (let place = 0; place < perPart; place++) {
            whenTaken(writer, { taken: masks[part]!, lane, place }, () => {
              writer.get(address).get(value).vector(laneOp[lane]!.extract!).instruction(place);
              writer.instruction(memoryOp[lane].store);
              writer.code.unsigned(memoryOp[lane].align).unsigned(offset + 16 * part + place * elementBytes(lane));
            });
          }
        }
      });
    });
  });
}
