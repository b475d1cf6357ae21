/**
 * The loops that close the gaps between what units appended. The first unit's entries stay; those of all others lie behind
 * the room of the result, each unit's at a place of its own, and are moved up to it, an equal share of them by each unit.
 */
import { type Nest, NestBuilder, type Value } from "@millrace/loop-ir";

/** What is moved: entries; where rows were ended at once their positions, otherwise the rows, of so many coordinates each. */
export interface GapSpec {
  readonly gaps: true;
  readonly name: string;
  readonly variables: readonly [];
  readonly eagerRows: boolean;
  readonly columns: number;
}

const specs = new Map<number, GapSpec>();

/** The specification of these loops; one object for each. */
export function gapSpec(eagerRows: boolean, columns: number): GapSpec {
  const key = 2 * columns + (eagerRows ? 1 : 0);
  const spec = specs.get(key) ?? { gaps: true, name: "gaps", variables: [], eagerRows, columns };
  specs.set(key, spec);
  return spec;
}

/**
 * The nest. For each part, `from` is its first entry, and `before` how many entries the parts before it have (one more
 * than parts); where rows were ended at once, `rows` is the first row that it ends. `place` holds where the first entry moves
 * to, and the values of an entry. Rows move likewise: `rows_from`, `rows_before`, and by how much their ends fall.
 */
export function closeGapsNest({ name, eagerRows, columns }: GapSpec): Nest {
  const b = new NestBuilder(name);
  const placement = b.buffer("place", "i32");
  const from = b.buffer("from", "i32");
  const before = b.buffer("before", "i32");
  const to = b.local("to", b.load(placement, b.i32(0)));
  const width = b.local("width", b.load(placement, b.i32(1)));
  const parts = b.local("parts", b.convert("i32", b.length(from)));
  const coordinates = b.buffer("out_crd", "i32", { access: "read-write" });
  const values = b.buffer("out_val", "f64", { access: "read-write" });
  const share = (all: Value, unit: Value): Value =>
    b.convert("i32", b.divide(b.multiply(b.convert("i64", all), b.convert("i64", unit)), b.convert("i64", b.units)));
  const shares = (all: Value) => [share(all, b.unit), share(all, b.add(b.unit, 1))] as const;
  const [first, end] = shares(b.load(before, parts)).map((value, at) => b.local(["first", "end"][at]!, value));
  b.for("part", b.i32(0), parts, (part) => {
    const low = b.local("low", b.maximum(first!, b.load(before, part)));
    const high = b.local("high", b.minimum(end!, b.load(before, b.add(part, 1))));
    const gap = b.local("gap", b.subtract(b.load(from, part), b.load(before, part)));
    b.for("e", low, high, (e) => b.store(coordinates, b.add(to, e), b.load(coordinates, b.add(gap, e))));
    const [source, target] = [b.multiply(gap, width), b.multiply(to, width)];
    const sourceAt = b.local("source", source);
    const targetAt = b.local("target", target);
    b.for("v", b.multiply(low, width), b.multiply(high, width), (v) =>
      b.store(values, b.add(targetAt, v), b.load(values, b.add(sourceAt, v))),
    );
  });
  if (columns > 0) moveRows(b, { columns, place: b.load(placement, b.i32(2)), shares });
  if (eagerRows) {
    const rows = b.buffer("rows", "i32");
    const ends = b.buffer("row_pos", "i32", { access: "read-write" });
    b.for("part", b.i32(0), parts, (part) => {
      const gap = b.local("gap", b.subtract(b.load(from, part), b.add(to, b.load(before, part))));
      const start = b.load(rows, part);
      const [low, high] = shares(b.subtract(b.load(rows, b.add(part, 1)), start));
      b.for("row", b.add(start, low), b.add(start, high), (row) => {
        const place = b.local("place", b.add(row, 1));
        b.store(ends, place, b.subtract(b.load(ends, place), gap));
      });
    });
  }
  return b.finish();
}

interface MovedRows {
  readonly columns: number;
  readonly place: Value;
  readonly shares: (all: Value) => readonly [Value, Value];
}

/** Rows behind the first unit's: their coordinates, and where their entries end. */
function moveRows(b: NestBuilder, { columns, place, shares }: MovedRows): void {
  const from = b.buffer("rows_from", "i32");
  const before = b.buffer("rows_before", "i32");
  const falls = b.buffer("rows_gap", "i32");
  const moved = Array.from({ length: columns }, (_, l) => b.buffer(`row${l}`, "i32", { access: "read-write" }));
  const ends = b.buffer("row_end", "i32", { access: "read-write" });
  const to = b.local("rows_to", place);
  const parts = b.local("row_parts", b.convert("i32", b.length(from)));
  const [first, end] = shares(b.load(before, parts)).map((value, at) => b.local(["first_row", "end_row"][at]!, value));
  b.for("part", b.i32(0), parts, (part) => {
    const low = b.local("low", b.maximum(first!, b.load(before, part)));
    const high = b.local("high", b.minimum(end!, b.load(before, b.add(part, 1))));
    const gap = b.local("gap", b.subtract(b.load(from, part), b.load(before, part)));
    const fall = b.local("fall", b.load(falls, part));
    for (const column of moved)
      b.for("r", low, high, (r) => b.store(column, b.add(to, r), b.load(column, b.add(gap, r))));
    b.for("r", low, high, (r) => b.store(ends, b.add(to, r), b.subtract(b.load(ends, b.add(gap, r)), fall)));
  });
}
