/** Names of the instructions in the text format, by their code; those that compute come in the order of the types. */

const relations = ["eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u"];
const floatRelations = ["eq", "ne", "lt", "gt", "le", "ge"];
const integers = "clz ctz popcnt add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr".split(" ");
const floats = "abs neg ceil floor trunc nearest sqrt add sub mul div min max copysign".split(" ");
const conversions = [
  "i32.wrap_i64 i32.trunc_f32_s i32.trunc_f32_u i32.trunc_f64_s i32.trunc_f64_u",
  "i64.extend_i32_s i64.extend_i32_u i64.trunc_f32_s i64.trunc_f32_u i64.trunc_f64_s i64.trunc_f64_u",
  "f32.convert_i32_s f32.convert_i32_u f32.convert_i64_s f32.convert_i64_u f32.demote_f64",
  "f64.convert_i32_s f64.convert_i32_u f64.convert_i64_s f64.convert_i64_u f64.promote_f32",
  "i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64",
  "i32.extend8_s i32.extend16_s i64.extend8_s i64.extend16_s i64.extend32_s",
]
  .join(" ")
  .split(" ");
const loads = ["i32.load", "i64.load", "f32.load", "f64.load"];
const narrow = (type: string, sizes: string[]): string[] =>
  sizes.flatMap((size) => [`${type}.load${size}_s`, `${type}.load${size}_u`]);

const names: string[] = [];
const from = (code: number, list: readonly string[]): void => {
  list.forEach((name, at) => {
    names[code + at] = name;
  });
};
const typed = (type: string, list: readonly string[]): string[] => list.map((name) => `${type}.${name}`);

from(0x00, ["unreachable", "nop", "block", "loop", "if", "else"]);
from(0x0b, ["end", "br", "br_if"]);
from(0x0f, ["return", "call"]);
from(0x1a, ["drop", "select", "select"]);
from(0x20, ["local.get", "local.set", "local.tee", "global.get", "global.set"]);
from(0x28, [...loads, ...narrow("i32", ["8", "16"]), ...narrow("i64", ["8", "16", "32"])]);
from(0x36, ["i32.store", "i64.store", "f32.store", "f64.store", "i32.store8", "i32.store16"]);
from(0x3c, ["i64.store8", "i64.store16", "i64.store32"]);
from(0x41, ["i32.const", "i64.const", "f32.const", "f64.const"]);
from(0x45, ["i32.eqz", ...typed("i32", relations), "i64.eqz", ...typed("i64", relations)]);
from(0x5b, [...typed("f32", floatRelations), ...typed("f64", floatRelations)]);
from(0x67, [...typed("i32", integers), ...typed("i64", integers), ...typed("f32", floats), ...typed("f64", floats)]);
from(0xa7, conversions);

/** Names of one-byte instructions. */
export const opcodeNames: readonly (string | undefined)[] = names;

/** Names of the instructions after the prefix 0xfc. */
export const saturatingNames: readonly string[] = ["i32", "i64"].flatMap((type) =>
  ["f32_s", "f32_u", "f64_s", "f64_u"].map((source) => `${type}.trunc_sat_${source}`),
);
