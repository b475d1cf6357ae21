/** How evenly work is divided. */

/** The work of units in a few figures. */
export interface Balance {
  readonly units: number;
  readonly work: number;
  readonly mean: number;
  readonly most: number;
  /** Units without work. */
  readonly idle: number;
}

/** The balance of units. */
export function balanceOf(work: readonly number[]): Balance {
  const sum = work.reduce((total, part) => total + part, 0);
  return {
    units: work.length,
    work: sum,
    mean: work.length === 0 ? 0 : sum / work.length,
    most: work.reduce((most, part) => Math.max(most, part), 0),
    idle: work.filter((part) => part === 0).length,
  };
}

/** Bars for at most `most` columns: neighbouring units share one that is as high as the highest of them. */
export function columnsOf(work: readonly number[], most: number): { readonly from: number; readonly work: number }[] {
  const together = Math.max(1, Math.ceil(work.length / Math.max(1, most)));
  const columns: { from: number; work: number }[] = [];
  for (let from = 0; from < work.length; from += together)
    columns.push({ from, work: work.slice(from, from + together).reduce((top, part) => Math.max(top, part), 0) });
  return columns;
}
