/** The standard normal distribution, and the logarithm of the gamma function. */

const rootTwoPi = Math.sqrt(2 * Math.PI);

/** The density at `x`. */
export function normalDensity(x: number): number {
  return Math.exp(-0.5 * x * x) / rootTwoPi;
}

/** The probability of less than `x`, to nearly full relative accuracy in the lower tail too. */
export function normalCumulative(x: number): number {
  if (x > 0) return 1 - normalCumulative(-x);
  if (x < -3) return normalDensity(x) * upperTailRatio(-x);
  let term = x;
  let sum = x;
  for (let k = 1; k < 60; k++) {
    term *= (x * x) / (2 * k + 1);
    sum += term;
    if (term > -1e-17) break;
  }
  return 0.5 + normalDensity(x) * sum;
}

/** (1 - Phi(x)) / phi(x) for x >= 3, by a continued fraction. */
function upperTailRatio(x: number): number {
  let ratio = x;
  for (let k = 60; k >= 1; k--) ratio = x + k / ratio;
  return 1 / ratio;
}

const lanczos = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** The logarithm of the gamma function, for x > 0. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const shifted = x - 1;
  let sum = 0.99999999999980993;
  lanczos.forEach((coefficient, i) => {
    sum += coefficient / (shifted + i + 1);
  });
  const t = shifted + lanczos.length - 0.5;
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum);
}
