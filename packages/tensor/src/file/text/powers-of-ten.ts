/** Powers of ten that float64 holds exactly: 10^0 to 10^22. */
export const EXACT_POWERS: Float64Array = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

/** Largest |power| in the tables of {@link powerHigh} and {@link powerLow}. */
export const LARGEST_POWER = 100;

/** 10^(index - LARGEST_POWER) rounded to float64. */
export const powerHigh: Float64Array = new Float64Array(2 * LARGEST_POWER + 1);

/** 10^(index - LARGEST_POWER) minus its rounding, itself rounded: together about 107 bits of the power. */
export const powerLow: Float64Array = new Float64Array(2 * LARGEST_POWER + 1);

for (let power = -LARGEST_POWER; power <= LARGEST_POWER; power++) {
  const high = Number(`1e${power}`);
  powerHigh[power + LARGEST_POWER] = high;
  powerLow[power + LARGEST_POWER] =
    power < 0 ? remainderBelowOne(high, -power) : Number(10n ** BigInt(power) - BigInt(high));
}

/** 10^-power - high, where high = significand / 2^shift exactly. */
function remainderBelowOne(high: number, power: number): number {
  let shift = 0;
  let significand = high;
  while (!Number.isInteger(significand)) {
    significand *= 2;
    shift++;
  }
  const ten = 10n ** BigInt(power);
  const remainder = 2n ** BigInt(shift) - BigInt(significand) * ten;
  return Number(remainder) / Number(ten * 2n ** BigInt(shift));
}
