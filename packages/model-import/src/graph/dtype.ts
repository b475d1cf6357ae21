/** The element type of a value. `index` is MLIR's machine word; it counts as `i64`. */
export type Dtype = "f64" | "f32" | "f16" | "bf16" | "i64" | "i32" | "i16" | "i8" | "u8" | "bool" | "string";

/** Bytes of one element in a file; strings have no fixed size. */
export const dtypeBytes: Readonly<Record<Exclude<Dtype, "string">, number>> = {
  f64: 8,
  f32: 4,
  f16: 2,
  bf16: 2,
  i64: 8,
  i32: 4,
  i16: 2,
  i8: 1,
  u8: 1,
  bool: 1,
};

/** Whether elements are floating-point numbers. */
export function isFloat(dtype: Dtype): boolean {
  return dtype === "f64" || dtype === "f32" || dtype === "f16" || dtype === "bf16";
}

const halfScratch = new DataView(new ArrayBuffer(4));

/** The value of 16 bits of IEEE binary16. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The value of 16 bits of bfloat16. */
export function bfloatToNumber(bits: number): number {
  halfScratch.setUint32(0, bits << 16);
  return halfScratch.getFloat32(0);
}

/** `value` rounded to what `dtype` can hold: to nearest, ties to even, for floats; towards zero and wrapped for integers. */
export function roundTo(dtype: Dtype, value: number): number {
  switch (dtype) {
    case "f64":
    case "string":
      return value;
    case "f32":
      return Math.fround(value);
    case "f16":
      return roundFloat(value, 10, -14, 65504);
    case "bf16":
      return roundFloat(value, 7, -126, 3.3895313892515355e38);
    case "bool":
      return value === 0 ? 0 : 1;
    case "i64":
      return Math.trunc(value);
    case "i32":
      return value | 0;
    case "i16":
      return (value << 16) >> 16;
    case "i8":
      return (value << 24) >> 24;
    case "u8":
      return value & 255;
  }
}

function roundFloat(value: number, fractionBits: number, minimumExponent: number, largest: number): number {
  if (!Number.isFinite(value) || value === 0) return value;
  const exponent = Math.max(minimumExponent, Math.floor(Math.log2(Math.abs(value))));
  const unit = 2 ** (exponent - fractionBits);
  const scaled = value / unit;
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  const rounded = (rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor) * unit;
  if (Math.abs(rounded) <= largest) return rounded;
  return rounded > 0 ? Infinity : -Infinity;
}
