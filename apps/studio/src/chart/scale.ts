/** From values to places on a screen and back, with ticks at round numbers. */
import { numberLabel } from "./number-label.ts";

/** A mark on an axis. */
export interface Tick {
  readonly value: number;
  readonly place: number;
  readonly label: string;
}

/** An axis. */
export interface Scale {
  readonly least: number;
  readonly most: number;
  /** Whether equal distances are equal ratios. */
  readonly logarithmic: boolean;
  readonly ticks: readonly Tick[];
  /** Place of a value, beyond the ends too; NaN for one that the scale cannot show. */
  place(value: number): number;
  /** The value at a place. */
  valueAt(place: number): number;
}

/** What an axis is to show, and where. */
export interface ScaleOptions {
  readonly least: number;
  readonly most: number;
  /** Places of the ends; `from` may lie beyond `to`, as on screens where rows count downwards. */
  readonly from: number;
  readonly to: number;
  /** Asked for; values that are not all above 0 stay on a linear scale. */
  readonly logarithmic?: boolean;
  /** About how many ticks; 5 unless given. */
  readonly wanted?: number;
}

/** Makes a scale whose ends are `least` and `most`; a single value stands in the middle. */
export function makeScale({ least, most, from, to, logarithmic = false, wanted = 5 }: ScaleOptions): Scale {
  const isLog = logarithmic && least > 0;
  const [low, high] = widened(least, most, isLog);
  const shape = isLog ? Math.log10 : (value: number) => value;
  const back = isLog ? (shaped: number) => 10 ** shaped : (shaped: number) => shaped;
  const [start, end] = [shape(low), shape(high)];
  const place = (value: number): number => from + ((shape(value) - start) / (end - start)) * (to - from);
  const values = isLog ? logTicks(low, high, wanted) : linearTicks(low, high, wanted);
  return {
    least: low,
    most: high,
    logarithmic: isLog,
    place,
    valueAt: (at) => back(start + ((at - from) / (to - from)) * (end - start)),
    ticks: values.map((value) => ({ value, place: place(value), label: numberLabel(value) })),
  };
}

/** Least and most of the finite values; 0 and 1 where there are none. */
export function rangeOf(values: Iterable<number>): readonly [least: number, most: number] {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return least <= most ? [least, most] : [0, 1];
}

/** The range with a little room at both ends, so that marks do not stand on the frame. */
export function padded([least, most]: readonly [number, number], logarithmic: boolean): readonly [number, number] {
  if (logarithmic && least > 0) {
    const factor = (most / least) ** 0.04;
    return [least / factor, most * factor];
  }
  const room = (most - least) * 0.04;
  return [least - room, most + room];
}

function widened(least: number, most: number, isLog: boolean): readonly [number, number] {
  if (most > least) return [least, most];
  if (isLog) return [least / 2, least * 2];
  const room = Math.abs(least) > 0 ? Math.abs(least) / 2 : 1;
  return [least - room, least + room];
}

function linearTicks(least: number, most: number, wanted: number): number[] {
  const rough = (most - least) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? 10 * power;
  const ticks: number[] = [];
  // A multiple, not a sum: sums drift away from round numbers.
  for (let at = Math.ceil(least / step); at * step <= most * (1 + 1e-12) + 1e-300 && ticks.length < 100; at++)
    ticks.push(Number((at * step).toPrecision(12)));
  return ticks;
}

function logTicks(least: number, most: number, wanted: number): number[] {
  const decades = Math.log10(most / least);
  if (decades < 1) return linearTicks(least, most, wanted).filter((value) => value > 0);
  const factors = decades <= wanted / 2 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(decades / wanted));
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(least)); power <= Math.log10(most); power++) {
    if (power % every !== 0) continue;
    for (const factor of factors) {
      const value = Number((factor * 10 ** power).toPrecision(12));
      if (value >= least && value <= most) ticks.push(value);
    }
  }
  return ticks;
}
