import fc from "fast-check";
import { expect, test } from "vitest";
import { combine } from "../../src/blocks/compute/operations.ts";
import type { BinaryOperation } from "../../src/sam/graph.ts";
import { parseTileAxes, tileOperations } from "../../src/sam/tile-work.ts";
import { TileCombination } from "../../src/tiles/combine-tiles.ts";
import { mapTile } from "../../src/tiles/map-tile.ts";
import { TileSum } from "../../src/tiles/sum-tiles.ts";
import { TilePool } from "../../src/tiles/tile-pool.ts";

const size = 3;
type Point = Readonly<Record<string, number>>;

/** What a tile is at a point: its axes by letter, extent 0 where it is the same all along. */
interface Drawn {
  readonly axes: string;
  readonly extents: readonly number[];
  readonly values: readonly number[];
}

const at = ({ axes, extents, values }: Drawn, point: Point): number =>
  values[[...axes].reduce((place, axis, k) => place * size + (extents[k]! > 0 ? point[axis]! : 0), 0)]!;

function put(pool: TilePool, { axes, extents, values }: Drawn): number {
  const tile = pool.make(axes.length);
  pool.data(tile).set(values.slice(0, size ** axes.length));
  for (const [k, extent] of extents.entries()) pool.setExtent(tile, k, extent);
  return tile;
}

/** A tile of these axes; along an axis all tiles of a case end at the same place, or are the same all along. */
const drawn = (axes: string, ends: Point): fc.Arbitrary<Drawn> =>
  fc.record({
    axes: fc.constant(axes),
    extents: fc.tuple(...[...axes].map((axis) => fc.constantFrom(0, ends[axis]!, ends[axis]!))),
    values: fc.array(fc.integer({ min: -4, max: 4 }), {
      minLength: size ** axes.length,
      maxLength: size ** axes.length,
    }),
  });

const ends: fc.Arbitrary<Point> = fc.record({
  a: fc.integer({ min: 1, max: size }),
  b: fc.integer({ min: 1, max: size }),
  c: fc.integer({ min: 1, max: size }),
});

function points(axes: string, ends: Point): Point[] {
  let all: Point[] = [{}];
  for (const axis of axes)
    all = all.flatMap((point) => Array.from({ length: ends[axis]! }, (_, k) => ({ ...point, [axis]: k })));
  return all;
}

/** The numbers of a tile of the pool at a point. */
function found(pool: TilePool, tile: number, axes: string, point: Point): number {
  const place = [...axes].reduce((p, axis, k) => p * size + (pool.extent(tile, k) > 0 ? point[axis]! : 0), 0);
  return pool.data(tile)[tile === 0 ? 0 : place]!;
}

const combinations = [
  "ab,bc->ac",
  "ab,cb->ac",
  "ab,b->ab",
  "ab,ab->ab",
  "ab,b->a",
  "a,b->ab",
  "b,ab->ba",
  "ab,ab->a",
  "a,a->",
];

test.each(combinations)("%s is what the sum over points is", (text) => {
  const axes = parseTileAxes(text)!;
  const property = fc.property(
    ends.chain((end) => fc.tuple(fc.constant(end), drawn(axes.inputs[0]!, end), drawn(axes.inputs[1]!, end))),
    ([end, left, right]) => {
      const pool = new TilePool(size);
      const tile = new TileCombination(pool, "mul", axes).apply(put(pool, left), put(pool, right));
      // An axis along which both are the same counts as a whole one: the compiler sees to it that no edge is hidden there.
      const whole = [...axes.summed].filter((axis) =>
        [left, right].every((each) => !each.axes.includes(axis) || each.extents[each.axes.indexOf(axis)] === 0),
      );
      const summedEnds = { ...end, ...Object.fromEntries(whole.map((axis) => [axis, size])) };
      for (const point of points(axes.output, end)) {
        const sum = points(axes.summed, summedEnds)
          .map((inner) => ({ ...point, ...inner }))
          .reduce((total, each) => total + at(left, each) * at(right, each), 0);
        expect(found(pool, tile, axes.output, point)).toBe(sum);
      }
    },
  );
  fc.assert(property, { seed: 5, numRuns: 60 });
});

test.each(["add", "sub", "max", "div"] as const)(
  "%s works element by element, and zero stays zero when divided",
  (operation) => {
    const axes = parseTileAxes("ab,b->ab")!;
    const property = fc.property(
      ends.chain((end) => fc.tuple(fc.constant(end), drawn("ab", end), drawn("b", end))),
      ([end, left, right]) => {
        const pool = new TilePool(size);
        const tile = new TileCombination(pool, operation as BinaryOperation, axes).apply(
          put(pool, left),
          put(pool, right),
        );
        for (const point of points("ab", end)) {
          const [x, y] = [at(left, point), at(right, point)];
          expect(found(pool, tile, "ab", point)).toBe(operation === "div" && x === 0 ? x : combine(operation, x, y));
        }
      },
    );
    fc.assert(property, { seed: 6, numRuns: 60 });
  },
);

test.each(
  ["ab->ab", "ab->a", "ab->b", "ab->", "a->a"].flatMap((text) => [["add", text] as const, ["max", text] as const]),
)("%s over tiles, %s, is that over their points", (operation, text) => {
  const axes = parseTileAxes(text)!;
  const property = fc.property(
    ends.chain((end) =>
      fc.tuple(fc.constant(end), fc.array(drawn(axes.inputs[0]!, end), { minLength: 1, maxLength: 4 })),
    ),
    ([end, tiles]) => {
      const pool = new TilePool(size);
      const sum = new TileSum(pool, operation, axes);
      const numbers = tiles.map((tile) => put(pool, tile));
      let result = 0;
      for (const [k, tile] of numbers.entries()) result = sum.absorb(result, tile, k === 0);
      const over = ({ axes: own, extents }: Drawn): Point => ({
        ...end,
        ...Object.fromEntries([...own].filter((_, k) => extents[k] === 0).map((axis) => [axis, size])),
      });
      for (const point of points(axes.output, end)) {
        const values = tiles.flatMap((tile) =>
          points(axes.summed, over(tile)).map((inner) => at(tile, { ...point, ...inner })),
        );
        const expected = operation === "max" ? Math.max(...values) : values.reduce((a, b) => a + b, 0);
        expect(found(pool, result, axes.output, point)).toBe(expected);
      }
    },
  );
  fc.assert(property, { seed: 7, numRuns: 60 });
});

test("what was never stored is zero, and its exponential one everywhere", () => {
  const pool = new TilePool(size);
  expect(mapTile(pool, 0, { axes: 2, of: Math.sin })).toBe(0);
  const ones = mapTile(pool, 0, { axes: 2, of: Math.exp });
  expect([pool.extent(ones, 0), pool.extent(ones, 1), pool.data(ones)[0]]).toEqual([0, 0, 1]);
});

test("tiles that nothing refers to are used again", () => {
  const pool = new TilePool(size);
  const kept = [pool.make(2), pool.make(2)];
  pool.data(kept[1]!).fill(7);
  pool.hold((visit) => visit(kept[1]!));
  pool.watch({ pending: 1, payloadAt: () => kept[0]! });
  for (let n = 0; n < 100_000; n++) pool.data(pool.make(2)).fill(n);
  expect(pool.highWater).toBeLessThan(2100);
  expect([...pool.data(kept[1]!)]).toEqual(Array(9).fill(7));
});

test("axes that are none are refused", () => {
  for (const text of ["ab", "ab->ac", "aa->a", "abcde->a", "ab,bc", "AB->A", "ab->a->b"])
    expect(parseTileAxes(text)).toBe(null);
});

test("a product of tiles counts its products and the sums inside", () => {
  expect(tileOperations({ size: 4, axes: "ab,bc->ac" })).toBe(64 + 48);
  expect(tileOperations({ size: 4, axes: "ab,b->ab" })).toBe(16);
  expect(tileOperations({ size: 4, axes: "ab->a" })).toBe(16);
});
