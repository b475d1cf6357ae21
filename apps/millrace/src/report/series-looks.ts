/** Colours of series that stay apart in light and dark and for most colour-blind readers; lines differ in dashes as well. */
const colors = [
  "#1d5f8a",
  "#cc4a3a",
  "#2f8f4e",
  "#d9a21b",
  "#7a5fb5",
  "#b0578d",
  "#8a9a94",
  "#4f8fc0",
  "#8c6d46",
  "#1b1f1d",
];
const dashes = ["", "7 4", "2 4", "10 3 2 3"];

/** The colour of series number `at`. */
export function seriesColor(at: number): string {
  return colors[at % colors.length]!;
}

/** The dashes of series number `at`. */
export function seriesDashes(at: number): string {
  return dashes[at % dashes.length]!;
}
