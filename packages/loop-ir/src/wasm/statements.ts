import type { Expression, FaultReason, Statement } from "../nest/nest.ts";
import { assignedIn, operandsOf, someExpression } from "../nest/walk.ts";
import { emit, emitAddress } from "./expressions.ts";
import { type FunctionWriter, partsOf, wasmType } from "./function-writer.ts";
import { binaryOp, compareOp, memoryOp, op } from "./opcodes.ts";
import { emitVectorStore } from "./simd.ts";

/** Where faults are numbered, from 1: a unit that ends early returns the number of its reason. */
export type FaultSites = FaultReason[];

/** Emits statements in order. */
export function emitBlock(writer: FunctionWriter, body: readonly Statement[], sites: FaultSites): void {
  for (const statement of body) emitStatement(writer, statement, sites);
}

function emitStatement(writer: FunctionWriter, statement: Statement, sites: FaultSites): void {
  switch (statement.kind) {
    case "set":
      emitSet(writer, statement);
      return;
    case "store":
      emitStore(writer, statement);
      return;
    case "if":
      emit(writer, statement.condition);
      writer.instruction(op.if, op.emptyBlock);
      emitBlock(writer, statement.whenTrue, sites);
      if (statement.whenFalse.length > 0) {
        writer.instruction(op.else);
        emitBlock(writer, statement.whenFalse, sites);
      }
      writer.instruction(op.end);
      return;
    case "for":
      emitFor(writer, statement, sites);
      return;
    case "while":
      emitWhile(writer, statement, sites);
      return;
    case "check":
      emit(writer, statement.condition);
      writer.instruction(op.i32Eqz);
      emitFault(writer, statement.reason, sites);
      return;
    case "bound":
      emitBound(writer, statement, sites);
      return;
    case "prefetch":
    case "step":
      return;
  }
}

function emitSet(writer: FunctionWriter, { local, value }: Extract<Statement, { kind: "set" }>): void {
  const parts = partsOf(value.type);
  // A part may read the parts of the old value of the same local, so all are computed before any is set.
  for (let part = 0; part < parts; part++) emit(writer, value, part);
  for (let part = parts - 1; part >= 0; part--) writer.set(writer.local(local, part));
}

function emitStore(writer: FunctionWriter, statement: Extract<Statement, { kind: "store" }>): void {
  if (typeof statement.value.type === "object") {
    emitVectorStore(writer, statement);
    return;
  }
  const { element } = writer.nest.buffers[statement.buffer]!;
  const offset = emitAddress(writer, statement.buffer, statement.index);
  emit(writer, statement.value);
  writer.instruction(memoryOp[element].store);
  writer.code.unsigned(memoryOp[element].align).unsigned(offset);
}

/** Ends the unit with the number of a reason if the condition on the stack is true. */
function emitFault(writer: FunctionWriter, reason: FaultReason, sites: FaultSites): void {
  const known = sites.findIndex((site) => JSON.stringify(site) === JSON.stringify(reason));
  const site = known < 0 ? sites.push(reason) : known + 1;
  writer.instruction(op.if, op.emptyBlock).constant(site).instruction(op.return, op.end);
}

/** Whether an expression keeps its value while `body` runs. */
function steady(expression: Expression, body: readonly Statement[]): boolean {
  const assigned = assignedIn(body);
  const changes = ({ kind, ...rest }: Expression) =>
    kind === "load" || (kind === "local" && assigned.has((rest as { local: number }).local));
  return operandsOf(expression).length === 0 && !someExpression(expression, changes);
}

function emitFor(writer: FunctionWriter, statement: Extract<Statement, { kind: "for" }>, sites: FaultSites): void {
  const { from, to, body } = statement;
  const index = writer.local(statement.local);
  const whole = (end: () => void) => {
    const type = from.type as "i32" | "i64";
    const [arithmetic, compare] = [binaryOp[type]!, compareOp[type]!];
    emit(writer, from);
    writer.set(index);
    writer.instruction(op.block, op.emptyBlock).get(index);
    end();
    writer.instruction(compare["greater-equal"]!, op.brIf, 0, op.loop, op.emptyBlock);
    emitBlock(writer, body, sites);
    if (statement.step === 1) {
      emit(writer, stepOf(type, 1));
      writer.get(index).instruction(arithmetic.add!).tee(index);
      end();
      writer.instruction(compare.less!, op.brIf, 0);
    } else {
      // Whether more than a step is left, as an unsigned difference: the index itself may not pass the end of its type.
      end();
      writer.get(index).instruction(arithmetic.subtract!);
      emit(writer, stepOf(type, statement.step));
      writer.instruction(type === "i32" ? op.i32GtU : op.i64GtU, op.if, op.emptyBlock).get(index);
      emit(writer, stepOf(type, statement.step));
      writer.instruction(arithmetic.add!).set(index).instruction(op.br, 1, op.end);
    }
    writer.instruction(op.end, op.end);
  };
  if (steady(to, [statement, ...body])) {
    whole(() => emit(writer, to));
    return;
  }
  writer.temporary(wasmType(to.type), (limit) => {
    emit(writer, to);
    writer.set(limit);
    whole(() => writer.get(limit));
  });
}

function stepOf(type: "i32" | "i64", step: number): Expression {
  return { kind: "constant", type, value: type === "i64" ? BigInt(step) : step };
}

function emitWhile(writer: FunctionWriter, statement: Extract<Statement, { kind: "while" }>, sites: FaultSites): void {
  const test = () => {
    emitBlock(writer, statement.head, sites);
    emit(writer, statement.condition);
  };
  writer.instruction(op.block, op.emptyBlock);
  if (statement.head.length <= 2) {
    // A short test stands at both ends, so that an iteration takes one jump.
    test();
    writer.instruction(op.i32Eqz, op.brIf, 0, op.loop, op.emptyBlock);
    emitBlock(writer, statement.body, sites);
    test();
    writer.instruction(op.brIf, 0);
  } else {
    writer.instruction(op.loop, op.emptyBlock);
    test();
    writer.instruction(op.i32Eqz, op.brIf, 1);
    emitBlock(writer, statement.body, sites);
    writer.instruction(op.br, 0);
  }
  writer.instruction(op.end, op.end);
}

function emitBound(writer: FunctionWriter, statement: Extract<Statement, { kind: "bound" }>, sites: FaultSites): void {
  const { buffer, index, lanes, end } = statement;
  const length = writer.lengthOf(buffer);
  const reason: FaultReason = { code: "out-of-bounds", buffer };
  const wide = (expression: Expression) => {
    emit(writer, expression);
    if (expression.type === "i32") writer.instruction(op.i64ExtendI32S);
  };
  if (end !== undefined) {
    // first < end and (first < 0 or end > length), where the unsigned comparison covers a negative end too.
    wide(index);
    wide(end);
    writer.instruction(compareOp.i64!.less!);
    wide(end);
    writer.get(length).instruction(op.i64ExtendI32U, op.i64GtU);
    wide(index);
    writer.code.byte(op.i64Const).signed(0);
    writer.instruction(compareOp.i64!.less!, op.i32Or, op.i32And);
  } else if (lanes === 1 && index.type === "i32") {
    emit(writer, index);
    writer.get(length).instruction(op.i32GeU);
  } else {
    // Not (index < length and index + lanes - 1 < length), both unsigned.
    const inside = (further: number) => {
      wide(index);
      writer.code.byte(op.i64Const).signed(further);
      writer.instruction(binaryOp.i64!.add!).get(length).instruction(op.i64ExtendI32U, op.i64LtU);
    };
    inside(0);
    inside(lanes - 1);
    writer.instruction(op.i32And, op.i32Eqz);
  }
  emitFault(writer, reason, sites);
}
