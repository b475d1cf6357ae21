import fc from "fast-check";
import {
  type CoordinateList,
  coordinateList,
  type LevelFormat,
  type LevelKind,
  type TensorFormat,
  type ValueType,
} from "../../src/index.ts";

/** Extents small enough for coordinates to collide, now and then past one word of a bitvector. */
const extent = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 6 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 70 }) },
);

/** Shapes of `order` modes with at most a few thousand positions. */
export function shapes(order: number): fc.Arbitrary<number[]> {
  return fc
    .array(extent, { minLength: order, maxLength: order })
    .filter((shape) => shape.reduce((a, b) => a * b, 1) <= 5000);
}

/** Multiples of 1/4, among them zero: sums are exact in any order. */
const quarter: fc.Arbitrary<number> = fc.integer({ min: -8, max: 8 }).map((n) => n / 4);

/** Lists over a shape, unsorted, with duplicates and explicit zeros. */
export function lists(shape: readonly number[], valueType: ValueType = "float64"): fc.Arbitrary<CoordinateList> {
  const value = valueType === "int32" ? fc.integer({ min: -9, max: 9 }) : quarter;
  const coordinates = shape.map((size) => fc.integer({ min: 0, max: Math.max(size - 1, 0) }));
  const row = fc.tuple(...coordinates, value, ...(valueType === "complex128" ? [quarter] : []));
  const maxLength = shape.includes(0) ? 0 : 40;
  return fc.array(row, { maxLength }).map((rows) => coordinateList(shape, rows, valueType));
}

const plainKinds: readonly LevelKind[] = ["dense", "compressed", "compressed-nonunique", "bitvector", "hashed"];

/** Legal level kinds for `order` modes, lists (non-unique and singletons) among them. */
function levelKindLists(order: number): fc.Arbitrary<LevelKind[]> {
  return fc
    .array(fc.integer({ min: 0, max: plainKinds.length }), { minLength: order, maxLength: order })
    .map((picks) => {
      const kinds: LevelKind[] = [];
      for (const pick of picks) {
        const parent = kinds.at(-1);
        const listed = parent === "compressed-nonunique" || parent === "singleton";
        kinds.push(plainKinds[pick] ?? (listed ? "singleton" : "compressed-nonunique"));
      }
      return kinds;
    });
}

/** Legal formats for `order` modes: any kinds, any mode order, blocks inside some of the modes. */
export function formats(order: number): fc.Arbitrary<TensorFormat> {
  const modes = Array.from({ length: order }, (_, mode) => mode);
  const permuted = fc.shuffledSubarray(modes, { minLength: order, maxLength: order });
  const tiled = fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.shuffledSubarray(modes) },
  );
  return fc
    .tuple(
      levelKindLists(order),
      permuted,
      tiled,
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: order, maxLength: order }),
    )
    .map(([kinds, modeOrder, blocks, extents]) => ({
      levels: [
        ...kinds.map((kind): LevelFormat => ({ kind })),
        ...blocks.map((mode): LevelFormat => ({ kind: "block", blockSize: extents[mode]! })),
      ],
      modeOrder: [...modeOrder, ...blocks],
    }));
}

/** Every legal run of level kinds for `order` modes, in the modes' own order and without blocks. */
export function allLevelKinds(order: number): LevelKind[][] {
  if (order === 0) return [[]];
  return allLevelKinds(order - 1).flatMap((outer) => {
    const listed = outer.at(-1) === "compressed-nonunique" || outer.at(-1) === "singleton";
    return (listed ? [...plainKinds, "singleton" as const] : plainKinds).map((kind) => [...outer, kind]);
  });
}
