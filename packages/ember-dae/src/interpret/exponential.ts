/**
 * The exponential function, from operations that every unit and every machine rounds alike, so that interpreters and
 * compiled kernels agree bit by bit. It is computed in double precision, with an error below 1 unit in the last place:
 * `exp x = 2^k exp r`, where `k` is the integer nearest to `x / ln 2`, and a polynomial for `exp r`.
 */

/** What the function is computed with: numbers here, expressions of a loop nest in kernels. */
export interface FloatAlgebra<T> {
  constant(value: number): T;
  add(a: T, b: T): T;
  subtract(a: T, b: T): T;
  multiply(a: T, b: T): T;
  /** NaN if either is. */
  minimum(a: T, b: T): T;
  maximum(a: T, b: T): T;
  /** To the nearest integer, ties to the even one. */
  nearest(a: T): T;
  floor(a: T): T;
  /** `a` where `x >= y`, else `b`. */
  selectAtLeast(x: T, y: T, choice: readonly [a: T, b: T]): T;
  /** Names a value that is used several times. */
  hold(a: T): T;
}

/** The polynomial of degree 13 whose error is below 2^-57 for arguments up to `ln 2 / 2`. */
const reciprocalFactorials = Array.from({ length: 14 }, (_, n) => {
  let factorial = 1;
  for (let i = 2; i <= n; i++) factorial *= i;
  return 1 / factorial;
});
/** `ln 2` in two parts: products of the first with exponents are exact. */
const [ln2High, ln2Low] = [0.6931471803691238, 1.9082149292705877e-10];

/** `exp x` as a double; results that become an `f32` need fewer exponents. */
export function exponential<T>(algebra: FloatAlgebra<T>, x: T, result: "f32" | "f64"): T {
  const { constant, add, subtract, multiply, hold } = algebra;
  // Beyond these ends the result is 0 or infinite.
  const [least, most] = result === "f32" ? [-110, 90] : [-750, 711];
  const bounded = hold(algebra.minimum(algebra.maximum(x, constant(least)), constant(most)));
  const k = hold(algebra.nearest(multiply(bounded, constant(Math.LOG2E))));
  const r = hold(subtract(subtract(bounded, multiply(k, constant(ln2High))), multiply(k, constant(ln2Low))));
  let sum = constant(reciprocalFactorials[13] as number);
  for (let n = 12; n >= 0; n--) sum = add(multiply(sum, r), constant(reciprocalFactorials[n] as number));
  if (result === "f32") return multiply(sum, powerOfTwo(algebra, k, 128));
  const half = hold(algebra.floor(multiply(k, constant(0.5))));
  const rest = hold(subtract(k, half));
  return multiply(multiply(sum, powerOfTwo(algebra, half, 512)), powerOfTwo(algebra, rest, 512));
}

// 2^k for an integer k: bit by bit from the highest.
function powerOfTwo<T>(algebra: FloatAlgebra<T>, exponent: T, highest: number): T {
  const { constant, add, multiply, hold, selectAtLeast } = algebra;
  let [power, k] = [constant(1), exponent];
  for (let step = highest; step >= 1; step /= 2) {
    const [up, down] = [constant(step), constant(-step)];
    const held = k;
    const small = selectAtLeast(down, held, [constant(2 ** -step), constant(1)]);
    power = hold(multiply(power, selectAtLeast(held, up, [constant(2 ** step), small])));
    const further = selectAtLeast(down, held, [up, constant(0)]);
    k = hold(add(held, selectAtLeast(held, up, [down, further])));
  }
  return power;
}

const large = 2 ** 52;

/** Numbers. */
export const numbers: FloatAlgebra<number> = {
  constant: (value) => value,
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  minimum: Math.min,
  maximum: Math.max,
  nearest: (a) => (a >= 0 ? a + large - large : a - large + large),
  floor: Math.floor,
  selectAtLeast: (x, y, [a, b]) => (x >= y ? a : b),
  hold: (a) => a,
};
