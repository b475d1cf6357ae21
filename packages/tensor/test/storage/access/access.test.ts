import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  blockFormat,
  componentsOf,
  coordinateList,
  csr,
  forEachEntry,
  forEachPosition,
  formatOf,
  fromLevelArrays,
  levelArrays,
  levelSize,
  locate,
  locateChild,
  pack,
  parseFormat,
  unpack,
} from "../../../src/index.ts";
import { allLevelKinds, formats, lists, shapes } from "../../support/arbitraries.ts";
import { entryMap, storageOf, summed } from "../../support/entry-map.ts";
import { refusal } from "../../support/refusal.ts";

const tensors = (order: number) =>
  fc
    .tuple(shapes(order), formats(order))
    .chain(([shape, format]) => lists(shape).map((list) => ({ list, tensor: pack(list, format) })));

describe("looking up coordinates", () => {
  it.each([0, 1, 2, 3])(
    "finds the value of every entry and of nothing else, in every run of level kinds of order %i",
    (order) => {
      const shape = [4, 3, 5].slice(0, order);
      for (const kinds of allLevelKinds(order)) {
        const list = fc.sample(lists(shape), { seed: 13, numRuns: 1 })[0]!;
        const tensor = pack(list, formatOf(kinds));
        const wanted = summed(entryMap(list));
        forEachCoordinate(shape, (coordinates) => {
          const position = locate(tensor, coordinates);
          const value = position < 0 ? 0 : tensor.values[position]!;
          expect(value).toBe(wanted.get(coordinates.join(","))?.[0]?.[0] ?? 0);
        });
      }
    },
  );

  it("agrees with the entries for blocks and permuted modes", () => {
    fc.assert(
      fc.property(tensors(3), ({ list, tensor }) => {
        for (const [key, values] of summed(entryMap(list))) {
          expect(tensor.values[locate(tensor, key.split(",").map(Number))]).toBe(values[0]![0]);
        }
      }),
      { seed: 14, numRuns: 150 },
    );
  });

  it("finds nothing outside the shape", () => {
    const tensor = pack(coordinateList([2, 40], [[1, 39, 5]]), parseFormat("db"));
    expect(locate(tensor, [1, 39])).toBe(0);
    for (const outside of [[2, 39], [1, 40], [-1, 0], [0.5, 1], [1]]) expect(locate(tensor, outside)).toBe(-1);
    expect(locateChild(tensor.levels[1]!, 0, 41)).toBe(-1);
    expect(locateChild(tensor.levels[0]!, 0, 2)).toBe(-1);
  });

  it("gives the first of several entries at the same coordinates", () => {
    const list = coordinateList(
      [3, 3],
      [
        [1, 1, 1],
        [1, 2, 2],
        [1, 2, 3],
        [2, 0, 4],
      ],
    );
    const tensor = pack(list, parseFormat("uq"), { duplicates: "keep" });
    expect(locate(tensor, [1, 2])).toBe(1);
    expect(locate(tensor, [2, 0])).toBe(3);
    expect(locate(tensor, [2, 1])).toBe(-1);
  });
});

describe("visiting entries", () => {
  it("passes by the same entries in the same order as unpacking, under every policy on zeros", () => {
    fc.assert(
      fc.property(tensors(3), ({ tensor }) => {
        for (const zeros of ["explicit", "stored", "drop"] as const) {
          const list = unpack(tensor, { zeros });
          const visited: number[][] = [];
          forEachEntry(tensor, (coordinates, value) => visited.push([...coordinates, value]), { zeros });
          expect(visited).toEqual(
            Array.from(list.values, (value, e) => [...list.coordinates.map((array) => array[e]!), value]),
          );
        }
      }),
      { seed: 15, numRuns: 100 },
    );
  });

  it("passes imaginary parts on", () => {
    const tensor = pack(coordinateList([2], [[1, 3, -4]], "complex128"), parseFormat("d"));
    const visited: number[][] = [];
    forEachEntry(tensor, (coordinates, real, imaginary) => visited.push([...coordinates, real, imaginary]));
    expect(visited).toEqual([[1, 3, -4]]);
  });

  it("by position leaves out free slots and padding", () => {
    const positions: number[] = [];
    const tensor = pack(coordinateList([3], [[2, 1]]), {
      levels: [{ kind: "hashed" }, { kind: "block", blockSize: 2 }],
      modeOrder: [0, 0],
    });
    expect(tensor.values).toHaveLength(4);
    forEachPosition(tensor, (coordinates, position) => {
      expect(coordinates[0]).toBe(2);
      positions.push(position);
    });
    expect(positions.map((position) => tensor.values[position])).toEqual([1]);
  });
});

describe("level arrays", () => {
  it("put together again are the same tensor", () => {
    fc.assert(
      fc.property(tensors(3), ({ tensor }) => {
        const { shape, format, valueType, values } = tensor;
        expect(storageOf(fromLevelArrays({ shape, format, valueType, values, levels: levelArrays(tensor) }))).toEqual(
          storageOf(tensor),
        );
      }),
      { seed: 16, numRuns: 100 },
    );
  });

  it("are shared with the tensor, under the names of the streaming abstract machine", () => {
    const tensor = pack(
      coordinateList(
        [2, 3],
        [
          [1, 0, 1],
          [1, 2, 2],
        ],
      ),
      csr,
    );
    const [rows, columns] = levelArrays(tensor);
    expect(rows).toEqual({ kind: "dense", size: 2 });
    expect(columns).toEqual({ kind: "compressed", size: 3, seg: Int32Array.of(0, 0, 2), crd: Int32Array.of(0, 2) });
    expect(columns!.crd).toBe((tensor.levels[1] as { coordinates: Int32Array }).coordinates);
  });

  it("are refused with the first faults where they do not fit", () => {
    const parts = { shape: [2, 3], format: csr, valueType: "float64", values: new Float64Array(2) } as const;
    const levels = [{}, { seg: Int32Array.of(0, 1, 2), crd: Int32Array.of(3, -1) }];
    expect(refusal("structure-invalid", () => fromLevelArrays({ ...parts, levels }))).toBe(
      "level 1, position 0: coordinate 3; expected 0 to 2; level 1, position 1: coordinate -1; expected 0 to 2",
    );
    expect(refusal("structure-invalid", () => fromLevelArrays({ ...parts, levels: [{}, {}] }))).toContain(
      "needs the array seg",
    );
    expect(refusal("structure-invalid", () => fromLevelArrays({ ...parts, levels: [] }))).toContain(
      "arrays of 0 levels",
    );
  });
});

it("the size of a level counts its positions, and the last level's are those of the values", () => {
  const tensor = pack(
    coordinateList(
      [5, 6],
      [
        [0, 0, 1],
        [4, 5, 2],
      ],
    ),
    blockFormat(csr, 2, 3),
  );
  expect([-1, 0, 1, 2, 3].map((l) => levelSize(tensor, l))).toEqual([1, 3, 2, 4, 12]);
  fc.assert(
    fc.property(tensors(2), ({ tensor: packed }) => {
      expect(levelSize(packed, packed.levels.length - 1)).toBe(packed.values.length / componentsOf(packed.valueType));
    }),
    { seed: 17, numRuns: 100 },
  );
});

/** Calls `visit` with every coordinate of a shape, last mode fastest. */
function forEachCoordinate(shape: readonly number[], visit: (coordinates: number[]) => void): void {
  const volume = shape.reduce((a, b) => a * b, 1);
  for (let linear = 0; linear < volume; linear++) {
    const coordinates: number[] = [];
    for (let m = shape.length - 1, rest = linear; m >= 0; m--) {
      coordinates.unshift(rest % shape[m]!);
      rest = Math.floor(rest / shape[m]!);
    }
    visit(coordinates);
  }
}
