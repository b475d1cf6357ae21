/**
 * The error function, to about 1e-15: the series erf(x) = 2/√π · exp(-x²) · Σ 2ⁿ x²ⁿ⁺¹ / (1·3·…·(2n+1)), whose terms
 * are all positive, and ±1 where it cannot be told from that.
 */
export function erf(x: number): number {
  const square = x * x;
  if (square > 36) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * square) / (2 * n + 1);
    sum += term;
  }
  return Number.isNaN(x) ? x : (2 / Math.sqrt(Math.PI)) * Math.exp(-square) * sum;
}
