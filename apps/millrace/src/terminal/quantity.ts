/** Numbers as people read them: grouped digits, binary-free byte units, short ratios. */

/** `1234567` -> `1,234,567`; up to `digits` decimals for fractions. */
export function formatCount(value: number, digits = 0): string {
  if (!Number.isFinite(value)) return String(value);
  const text = value.toFixed(digits);
  const [whole = "", fraction] = text.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** `1234567` -> `1.23 MB`: decimal units, three significant digits. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let scaled = bytes;
  let unit = 0;
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? scaled : threeDigits(scaled)} ${units[unit]}`;
}

/** `12.345` -> `12.3x`. */
export function formatRatio(ratio: number): string {
  return `${threeDigits(ratio)}x`;
}

/** `0.4567` -> `46 %`; shares below one percent keep a digit, and only zero is `0 %`. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent === 0) return "0 %";
  if (percent < 0.1) return "<0.1 %";
  return percent < 1 ? `${percent.toFixed(1)} %` : `${percent.toFixed(0)} %`;
}

/** `75_000` ms -> `1 min 15 s`. */
export function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

function threeDigits(value: number): string {
  return value >= 99.95 ? value.toFixed(0) : value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}
