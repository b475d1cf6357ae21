/** The loops that streams run over: what makes two streams have the same data and stops. */

/** One level of the nesting of a stream, such as "the j of an i that B and C share"; a number from {@link AxisTable}. */
export type Axis = number;

/** The nesting of a stream, outermost first. Two streams line up, stop by stop, if their shapes are equal. */
export interface StreamShape {
  readonly axes: readonly Axis[];
  /** Without stops: a mere sequence of the points of `axes`. */
  readonly flat: boolean;
}

/** What is known about an axis. */
export interface AxisOrigin {
  /** Index, for messages. */
  readonly index: string;
  readonly dense: boolean;
  /** Whether a fibre of it may have no coordinate. */
  readonly mayBeEmpty: boolean;
  /** The axis of which this one keeps a part. */
  readonly partOf?: Axis;
  /** The axis inside of it, or the values, whose emptiness decides what is kept. */
  readonly keptBy?: Axis;
  /** What it is a join of, flattened, in rising order. */
  readonly joined?: { readonly type: "intersect" | "union"; readonly members: readonly Axis[] };
  /** The axis of which it is one lane's share. */
  readonly laneOf?: Axis;
  /** The axis that it, with the axis outside of it, is a division of into chunks. */
  readonly chunksOf?: Axis;
  /** The block that made it. */
  readonly block: string;
}

/** Axes by what they are: the same description gives the same axis. */
export class AxisTable {
  readonly #numbers = new Map<string, Axis>();
  readonly #origins: AxisOrigin[] = [];

  /** The axis described by `key`, entered with `origin` if it is new. */
  axis(key: string, origin: AxisOrigin): Axis {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#origins.length);
    this.#origins.push(origin);
    return this.#origins.length - 1;
  }

  /** The axis described by `key`, if there is one. */
  known(key: string): Axis | undefined {
    return this.#numbers.get(key);
  }

  /** What is known about an axis of this table. */
  origin(axis: Axis): AxisOrigin {
    return this.#origins[axis] as AxisOrigin;
  }

  /** Whether `part` is `whole`, or what droppers left of it. */
  isPart(part: Axis | undefined, whole: Axis | undefined): boolean {
    for (let axis = part; axis !== undefined; axis = this.origin(axis).partOf) if (axis === whole) return true;
    return false;
  }

  /** The levels that a stream had before they were split into chunks: as many points, and fewer stops. */
  unsplit(axes: readonly Axis[]): readonly Axis[] {
    return axes.flatMap((axis, level) => {
      const inner = axes[level + 1];
      if (inner !== undefined && this.origin(inner).chunksOf !== undefined) return [];
      return [this.origin(axis).chunksOf ?? axis];
    });
  }

  /** A shape for messages: `2 levels (i, j)`. */
  print({ axes, flat }: StreamShape): string {
    const names = axes.map((axis) => {
      const { index, partOf } = this.origin(axis);
      return `${index || "·"}${partOf === undefined ? "" : "'"}`;
    });
    const count = `${axes.length} level${axes.length === 1 ? "" : "s"}`;
    return `${flat ? "no stops, " : ""}${count}${axes.length === 0 ? "" : ` (${names.join(", ")})`}`;
  }
}

/** Whether two streams line up. */
export function sameShape(a: StreamShape, b: StreamShape): boolean {
  return a.flat === b.flat && a.axes.length === b.axes.length && a.axes.every((axis, level) => axis === b.axes[level]);
}
