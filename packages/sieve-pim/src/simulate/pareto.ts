/** Frontiers of throughput against interactivity, and how far one is from another. */

/** One operating point. */
export interface OperatingPoint {
  readonly interactivity: number;
  readonly throughput: number;
}

/**
 * The points that no other point beats in both, by rising interactivity and so by falling throughput.
 *
 * @example
 * ```ts
 * const points = [{ interactivity: 1, throughput: 5 }, { interactivity: 2, throughput: 6 }, { interactivity: 3, throughput: 1 }];
 * paretoFrontier(points).length; // => 2
 * ```
 */
export function paretoFrontier<Point extends OperatingPoint>(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => b.interactivity - a.interactivity || b.throughput - a.throughput);
  const kept: Point[] = [];
  let most = Number.NEGATIVE_INFINITY;
  for (const point of sorted) {
    if (point.throughput <= most) continue;
    most = point.throughput;
    kept.push(point);
  }
  return kept.reverse();
}

/** How much better one frontier is than another where both reach; `null` where they do not meet. */
export interface IsoRatios {
  /** Ratio of throughputs at equal interactivity, geometric mean. */
  readonly throughputAtEqualInteractivity: number | null;
  /** Ratio of interactivities at equal throughput, geometric mean. */
  readonly interactivityAtEqualThroughput: number | null;
}

const SAMPLES = 65;

/** Compares the frontiers of two sets of points, interpolated in logarithms. */
export function isoRatios(better: readonly OperatingPoint[], other: readonly OperatingPoint[]): IsoRatios {
  const ours = paretoFrontier(better);
  const theirs = paretoFrontier(other);
  return {
    throughputAtEqualInteractivity: meanRatio(ours.map(interactiveFirst), theirs.map(interactiveFirst)),
    interactivityAtEqualThroughput: meanRatio(
      ours.map(throughputFirst).reverse(),
      theirs.map(throughputFirst).reverse(),
    ),
  };
}

type Pair = readonly [x: number, y: number];

function interactiveFirst({ interactivity, throughput }: OperatingPoint): Pair {
  return [Math.log(interactivity), Math.log(throughput)];
}

function throughputFirst({ interactivity, throughput }: OperatingPoint): Pair {
  return [Math.log(throughput), Math.log(interactivity)];
}

function meanRatio(ours: readonly Pair[], theirs: readonly Pair[]): number | null {
  if (ours.length === 0 || theirs.length === 0) return null;
  const from = Math.max(ours[0]![0], theirs[0]![0]);
  const until = Math.min(ours.at(-1)![0], theirs.at(-1)![0]);
  if (from > until) return null;
  let sum = 0;
  for (let at = 0; at < SAMPLES; at++) {
    const x = from + ((until - from) * at) / (SAMPLES - 1);
    sum += valueAt(ours, x) - valueAt(theirs, x);
  }
  return Math.exp(sum / SAMPLES);
}

function valueAt(line: readonly Pair[], x: number): number {
  const above = line.findIndex(([at]) => at >= x);
  if (above <= 0) return line[above < 0 ? line.length - 1 : 0]![1];
  const [x0, y0] = line[above - 1]!;
  const [x1, y1] = line[above]!;
  return x1 === x0 ? y1 : y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
}
