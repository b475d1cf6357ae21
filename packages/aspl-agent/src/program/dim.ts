/** Extents of axes: products of symbols and a positive integer, each in one spelling, so that equal ones are equal texts. */

/** An extent such as `"M"`, `"3"` or `"2*K*M"`: the integer first unless it is 1, then the symbols in order. */
export type Dim = string;

/** The values of symbols. */
export type Sizes = Readonly<Record<string, number>>;

/** The product of extents. */
export function multiplyDims(...dims: readonly Dim[]): Dim {
  if (dims.length === 1) return dims[0]!;
  let factor = 1;
  const symbols: string[] = [];
  for (const dim of dims) {
    for (const part of dim.split("*")) {
      const number = Number(part);
      if (Number.isNaN(number)) symbols.push(part);
      else factor *= number;
    }
  }
  symbols.sort();
  if (symbols.length === 0) return String(factor);
  return factor === 1 ? symbols.join("*") : [factor, ...symbols].join("*");
}

/** The value of an extent; `undefined` if it has a symbol without one. */
export function sizeOf(dim: Dim, sizes: Sizes): number | undefined {
  let product = 1;
  for (const part of dim.split("*")) {
    const number = Object.hasOwn(sizes, part) ? sizes[part]! : Number(part);
    if (Number.isNaN(number)) return undefined;
    product *= number;
  }
  return product;
}
