/** Figures about samples. */

/**
 * The chance that at least one of `k` samples is right, from `c` right ones among `n`: 1 - C(n-c, k) / C(n, k), an
 * unbiased estimate for `k` up to `n`.
 *
 * @example
 * ```ts
 * passAtK({ n: 64, c: 3, k: 1 }); // => 0.046875
 * passAtK({ n: 64, c: 1, k: 16 }); // => 0.25
 * ```
 */
export function passAtK({ n, c, k }: { readonly n: number; readonly c: number; readonly k: number }): number {
  if (n - c < k) return c > 0 ? 1 : 0;
  // 1 - c/n is exact for one sample, and the product below would not be.
  if (k === 1) return c / n;
  let none = 1;
  for (let i = 0; i < k; i++) none *= (n - c - i) / (n - i);
  return 1 - none;
}

/** The mean, and half the width of its 95 % interval (Student's t, for at least two values). */
export function meanWithInterval(values: readonly number[]): { readonly mean: number; readonly halfWidth: number } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n < 2) return { mean, halfWidth: Number.POSITIVE_INFINITY };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { mean, halfWidth: studentQuantile(n - 1) * Math.sqrt(variance / n) };
}

/** The 97.5 % quantile of Student's t, to 1e-3 from 2 degrees on (Cornish and Fisher's expansion about the normal). */
function studentQuantile(degrees: number): number {
  if (degrees === 1) return 12.7062;
  if (degrees === 2) return 4.3027;
  const z = 1.959963985;
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160,
  ];
  return terms.reduce((sum, term, power) => sum + term / degrees ** (power + 1), z);
}
