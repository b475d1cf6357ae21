/** PyTorch's numbers and names of dtypes. */
import type { Dtype } from "../../graph/dtype.ts";

const byNumber: readonly (Dtype | undefined)[] = [
  undefined,
  "u8",
  "i8",
  "i16",
  "i32",
  "i64",
  "f16",
  "f32",
  "f64",
  undefined,
  undefined,
  undefined,
  "bool",
  "bf16",
];

const byName: Readonly<Record<string, Dtype>> = {
  float32: "f32",
  float: "f32",
  float64: "f64",
  double: "f64",
  float16: "f16",
  half: "f16",
  bfloat16: "bf16",
  int64: "i64",
  long: "i64",
  int32: "i32",
  int: "i32",
  int16: "i16",
  short: "i16",
  int8: "i8",
  uint8: "u8",
  bool: "bool",
  b8: "bool",
  f32: "f32",
  f64: "f64",
  f16: "f16",
  bf16: "bf16",
  i64: "i64",
  i32: "i32",
  i16: "i16",
  i8: "i8",
  u8: "u8",
};

const complexNumbers = new Map([
  [9, "complex32"],
  [10, "complex64"],
  [11, "complex128"],
]);

/** The dtype of a number in the schema of torch.export, or the name of one that is not modelled. */
export function dtypeOfNumber(number: number): Dtype | { readonly unsupported: string } {
  return byNumber[number] ?? { unsupported: complexNumbers.get(number) ?? `dtype number ${number}` };
}

/** The dtype of `float32`, `torch.float32` or `f32`; `undefined` for any other name. */
export function dtypeOfName(name: string): Dtype | undefined {
  const short = name.replace(/^torch\./, "");
  return Object.hasOwn(byName, short) ? byName[short] : undefined;
}
