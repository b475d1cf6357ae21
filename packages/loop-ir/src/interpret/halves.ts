/** What 16-bit floats are as numbers: exact, since every half is a single. */
import type { ElementType } from "../nest/types.ts";

const word = new DataView(new ArrayBuffer(4));

/** How an entry of a buffer becomes a value; undefined where it is one already. */
export function wideningOf(element: ElementType): ((entry: number) => number) | undefined {
  if (element === "f16") return widenHalf;
  return element === "bf16" ? widenBfloat : undefined;
}

function widenHalf(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function widenBfloat(bits: number): number {
  word.setUint32(0, bits << 16);
  return word.getFloat32(0);
}
