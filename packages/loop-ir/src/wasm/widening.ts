/** Entries of 8 and 16 bits as the values they are: bytes by their sign, halves by moving their bits. */
import type { ElementType } from "../nest/types.ts";
import type { FunctionWriter } from "./function-writer.ts";
import { binaryOp, compareOp, laneOp, op, vectorOp } from "./opcodes.ts";

type Narrow = Extract<ElementType, "i8" | "f16" | "bf16">;

// A half in the place of a single: exponent and fraction moved up, and what the exponent of a normal one lacks. A
// subnormal half gets a leading one too many, which a subtraction takes away; so no subnormal single is computed with.
const [size, sign, exponents] = [0x7fff, 0x8000, 0x0f800000];
const lacking = 0x38000000;
/** The bits of 2^-14, the least normal half, which are added to the bits of a subnormal one and then subtracted. */
const leading = 0x38800000;

/** Widens the entry on the stack, an `i32` of its 16 bits, into an `f32`. */
export function emitScalarWidening(writer: FunctionWriter, element: "f16" | "bf16"): void {
  const i32 = binaryOp.i32!;
  if (element === "bf16") {
    writer.constant(16).instruction(op.i32Shl, op.f32ReinterpretI32);
    return;
  }
  writer.temporary("i32", (half) => {
    writer.set(half);
    writer.temporary("i32", (moved) => {
      writer.get(half).constant(size).instruction(op.i32And).constant(13).instruction(op.i32Shl).set(moved);
      // Subnormal, or all others.
      writer.get(moved).constant(leading).instruction(op.i32Add, op.f32ReinterpretI32);
      writer.code.byte(op.f32Const).f32(2 ** -14);
      writer.instruction(binaryOp.f32!.subtract!, op.i32ReinterpretF32);
      writer.get(moved).constant(lacking).instruction(op.i32Add);
      writer.constant(lacking).constant(0).get(moved).constant(exponents).instruction(op.i32And);
      writer.constant(exponents).instruction(compareOp.i32!.equal!, op.select, op.i32Add);
      writer.get(moved).constant(exponents).instruction(op.i32And, op.i32Eqz, op.select);
      writer.get(half).constant(sign).instruction(op.i32And).constant(16).instruction(op.i32Shl);
      writer.instruction(i32.or!, op.f32ReinterpretI32);
    });
  });
}

/** Loads the four entries at the address on the stack and `offset`, as four lanes of 32 bits. */
export function emitWideningLoad(writer: FunctionWriter, element: Narrow, offset: number): void {
  if (element === "i8") {
    writer.vector(vectorOp.load32Zero).code.unsigned(0).unsigned(offset);
    writer.vector(vectorOp.extend8).vector(vectorOp.extend16);
    return;
  }
  writer.vector(vectorOp.load16x4).code.unsigned(1).unsigned(offset);
  if (element === "bf16") {
    writer.constant(16).vector(vectorOp.shiftLeft);
    return;
  }
  writer.temporary("v128", (half) => {
    writer.set(half);
    writer.temporary("v128", (moved) => emitHalves(writer, half, moved));
  });
}

function emitHalves(writer: FunctionWriter, half: number, moved: number): void {
  const i32 = laneOp.i32!;
  const word = (value: number) => writer.constant(value).vector(i32.splat!);
  const exponent = () => {
    writer.get(moved);
    word(exponents).vector(vectorOp.and);
  };
  writer.get(half);
  word(size).vector(vectorOp.and).constant(13).vector(vectorOp.shiftLeft).set(moved);
  writer.get(moved);
  word(leading).vector(i32.add!);
  word(leading).vector(laneOp.f32!.subtract!);
  writer.get(moved);
  word(lacking).vector(i32.add!);
  exponent();
  word(exponents).vector(i32.equal!);
  word(lacking).vector(vectorOp.and).vector(i32.add!);
  exponent();
  word(0).vector(i32.equal!).vector(vectorOp.bitSelect);
  writer.get(half);
  word(sign).vector(vectorOp.and).constant(16).vector(vectorOp.shiftLeft).vector(vectorOp.or);
}
