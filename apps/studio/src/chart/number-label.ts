/** Numbers as people read them on axes and in tables. */

const suffixes = ["", "k", "M", "G", "T"] as const;

/**
 * A number in at most four digits, with k, M, G or T for thousands from ten thousand on; very large and very small ones as powers of ten.
 *
 * @example
 * numberLabel(12_345_678); // => "12.35M"
 * numberLabel(0.000012); // => "1.2e-5"
 */
export function numberLabel(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "-" : value > 0 ? "∞" : "-∞";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (Number.isInteger(value) && size < 1e4) return String(value);
  if (size < 1e-3 || size >= 1e15) return plain(value.toExponential(3));
  let power = 0;
  let scaled = value;
  while (Math.abs(Number(scaled.toPrecision(4))) >= 1000 && power < suffixes.length - 1) {
    scaled /= 1000;
    power += 1;
  }
  return `${Number(scaled.toPrecision(4))}${suffixes[power]}`;
}

function plain(exponential: string): string {
  const [digits, exponent] = exponential.split("e");
  return `${Number(digits)}e${Number(exponent)}`;
}

/**
 * A whole number, others in six digits; with a comma between thousands.
 *
 * @example
 * exactLabel(1234567); // => "1,234,567"
 * exactLabel(10855.12); // => "10,855.1"
 */
export function exactLabel(value: number): string {
  if (!Number.isFinite(value)) return numberLabel(value);
  const shown = Number.isInteger(value) ? value : Number(value.toPrecision(6));
  return Math.abs(shown) >= 1000 ? shown.toLocaleString("en-US") : String(shown);
}

/**
 * A share in percent.
 *
 * @example
 * shareLabel(0.1234); // => "12.3 %"
 */
export function shareLabel(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
