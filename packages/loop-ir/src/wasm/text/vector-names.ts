/** Names of vector instructions in the text format, by their code after the prefix 0xfd. */
import { laneOp, vectorOp } from "../opcodes.ts";

const shapes = { i32: "i32x4", i64: "i64x2", f32: "f32x4", f64: "f64x2" } as const;

const short: Readonly<Record<string, string>> = {
  ...{ add: "add", subtract: "sub", multiply: "mul", divide: "div", negate: "neg", absolute: "abs" },
  ...{ "square-root": "sqrt", ceiling: "ceil", floor: "floor", truncate: "trunc", nearest: "nearest" },
  ...{ splat: "splat", extract: "extract_lane", replace: "replace_lane", equal: "eq", "not-equal": "ne" },
};
/** Of integers these say that lanes have a sign. */
const ordered: Readonly<Record<string, string>> = {
  ...{ less: "lt", greater: "gt", "less-equal": "le", "greater-equal": "ge", minimum: "min", maximum: "max" },
};

/** Names by code. */
export const vectorNames: ReadonlyMap<number, string> = new Map([
  ...Object.entries(laneOp).flatMap(([lane, codes]) =>
    Object.entries(codes).map(([key, code]): [number, string] => {
      const sign = lane.startsWith("i") && key in ordered ? "_s" : "";
      return [code, `${shapes[lane as keyof typeof shapes]}.${short[key] ?? ordered[key]}${sign}`];
    }),
  ),
  [vectorOp.load, "v128.load"],
  [vectorOp.load16x4, "v128.load16x4_u"],
  [vectorOp.load32Zero, "v128.load32_zero"],
  [vectorOp.store, "v128.store"],
  [vectorOp.const, "v128.const"],
  [vectorOp.not, "v128.not"],
  [vectorOp.and, "v128.and"],
  [vectorOp.or, "v128.or"],
  [vectorOp["exclusive-or"], "v128.xor"],
  [vectorOp.bitSelect, "v128.bitselect"],
  [vectorOp.extend8, "i16x8.extend_low_i8x16_s"],
  [vectorOp.extend16, "i32x4.extend_low_i16x8_s"],
  [vectorOp.shiftLeft, "i32x4.shl"],
  [vectorOp.floatFromInt, "f32x4.convert_i32x4_s"],
]);

/** Whether an instruction reads or writes memory, and so has an alignment and an offset. */
export function isVectorAccess(code: number): boolean {
  return (
    code === vectorOp.load || code === vectorOp.load16x4 || code === vectorOp.load32Zero || code === vectorOp.store
  );
}

/** Whether an instruction says which lane it is about. */
export function namesLane(code: number): boolean {
  return Object.values(laneOp).some(({ extract, replace }) => code === extract || code === replace);
}
