/** Whether numbers are near enough to be called equal. */

/** Absolute and relative tolerance against expected numbers in double precision. */
export const tolerance = { absolute: 1e-5, relative: 1e-4 } as const;

/** Whether `found` is the number that was expected. Only NaN agrees with NaN, only an infinity with itself. */
export function agrees(found: number, expected: number): boolean {
  if (Object.is(found, expected) || found === expected) return true;
  return Math.abs(found - expected) <= tolerance.absolute + tolerance.relative * Math.abs(expected);
}

/** The place where two arrays of one length differ most; `undefined` if all their numbers agree. */
export function findDisagreement(
  found: Float64Array,
  expected: Float64Array,
): { readonly at: number; readonly error: number } | undefined {
  let worst = -1;
  let error = 0;
  for (let at = 0; at < expected.length; at++) {
    if (agrees(found[at]!, expected[at]!)) continue;
    const here = Math.abs(found[at]! - expected[at]!);
    if (worst < 0 || here > error || (Number.isNaN(here) && !Number.isNaN(error))) {
      worst = at;
      error = here;
    }
  }
  return worst < 0 ? undefined : { at: worst, error };
}
