import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  blockFormat,
  type CoordinateList,
  convert,
  csc,
  csr,
  dcsr,
  denseTail,
  formatOf,
  pack,
  printFormat,
  type TensorFormat,
  transpose,
  unpack,
  type ValueType,
  validateTensor,
} from "../../../src/index.ts";
import { allLevelKinds, formats, lists, shapes } from "../../support/arbitraries.ts";
import { type EntryMap, entryMap, nonzero, sortedEntries, storageOf, summed } from "../../support/entry-map.ts";

/** What a tensor of this format gives back: zeros survive only where the last level stores coordinates. */
function expected(list: CoordinateList, format: TensorFormat): EntryMap {
  const marked = format.levels.length > 0 && denseTail(format) === format.levels.length;
  return marked ? summed(entryMap(list)) : nonzero(summed(entryMap(list)));
}

const sample = (shape: readonly number[], seed: number, numRuns: number): CoordinateList[] =>
  fc.sample(lists(shape), { seed, numRuns });

describe("packing", () => {
  it.each([0, 1, 2, 3, 4])("gives back the entries of a tensor of order %i, in every run of level kinds", (order) => {
    const shape = [5, 3, 4, 2].slice(0, order);
    for (const kinds of allLevelKinds(order)) {
      const format = formatOf(kinds);
      for (const list of sample(shape, 1 + order, 4)) {
        const tensor = pack(list, format);
        expect(validateTensor(tensor), printFormat(format)).toEqual([]);
        expect(sortedEntries(entryMap(unpack(tensor))), printFormat(format)).toEqual(
          sortedEntries(expected(list, format)),
        );
      }
    }
  });

  it.each([1, 2, 3, 4, 8])("gives back the entries in any format, mode order and blocks of order %i", (order) => {
    const cases = fc
      .tuple(shapes(order), formats(order))
      .chain(([shape, format]) => fc.tuple(lists(shape), fc.constant(format)));
    fc.assert(
      fc.property(cases, ([list, format]) => {
        const tensor = pack(list, format);
        expect(validateTensor(tensor)).toEqual([]);
        expect(sortedEntries(entryMap(unpack(tensor)))).toEqual(sortedEntries(expected(list, format)));
      }),
      { seed: 100 + order, numRuns: 150 },
    );
  });

  it("stores the same arrays whatever the order of the entries", () => {
    const cases = fc
      .tuple(shapes(3), formats(3))
      .chain(([shape, format]) => fc.tuple(lists(shape), fc.constant(format), fc.integer()));
    fc.assert(
      fc.property(cases, ([list, format, seed]) => {
        const entries = Array.from(list.values.keys());
        const order = fc.sample(fc.shuffledSubarray(entries, { minLength: entries.length }), { seed, numRuns: 1 })[0]!;
        const shuffled: CoordinateList = {
          ...list,
          coordinates: list.coordinates.map((array) => Int32Array.from(order, (e) => array[e]!)),
          values: Float64Array.from(order, (e) => list.values[e]!),
        };
        expect(storageOf(pack(shuffled, format))).toEqual(storageOf(pack(list, format)));
      }),
      { seed: 7, numRuns: 150 },
    );
  });

  it.each<ValueType>(["float32", "int32", "complex128"])(
    "carries values of type %s through every level kind",
    (valueType) => {
      for (const kinds of allLevelKinds(2)) {
        const format = formatOf(kinds, [1, 0]);
        for (const list of fc.sample(lists([4, 5], valueType), { seed: 9, numRuns: 4 })) {
          const tensor = pack(list, format);
          expect(tensor.values.constructor).toBe(list.values.constructor);
          expect(sortedEntries(entryMap(unpack(tensor)))).toEqual(sortedEntries(expected(list, format)));
        }
      }
    },
  );

  it("keeps every duplicate, in list order, where the levels end in a list", () => {
    const listed = formats(3).filter((format) =>
      ["compressed-nonunique", "singleton"].includes(format.levels.at(-1)!.kind),
    );
    const cases = fc.tuple(lists([3, 2, 3]), listed);
    fc.assert(
      fc.property(cases, ([list, format]) => {
        const tensor = pack(list, format, { duplicates: "keep" });
        expect(validateTensor(tensor)).toEqual([]);
        expect(sortedEntries(entryMap(unpack(tensor)))).toEqual(sortedEntries(entryMap(list)));
      }),
      { seed: 12, numRuns: 200 },
    );
  });

  it("puts every array into shared memory when asked, with the same contents", () => {
    for (const kinds of allLevelKinds(2)) {
      const list = sample([5, 40], 11, 1)[0]!;
      const shared = pack(list, formatOf(kinds), { shared: true });
      const arrays = [
        shared.values,
        ...shared.levels.flatMap((level) => Object.values(level).filter((field) => ArrayBuffer.isView(field))),
      ];
      for (const array of arrays) expect(array.buffer).toBeInstanceOf(SharedArrayBuffer);
      expect(storageOf(shared)).toEqual(storageOf(pack(list, formatOf(kinds))));
    }
  });
});

describe("conversion", () => {
  const matrixFormats = [
    ...allLevelKinds(2).flatMap((kinds) => [formatOf(kinds), formatOf(kinds, [1, 0])]),
    blockFormat(csr, 2, 3),
    blockFormat(csc, 3, 2),
    blockFormat(dcsr, 4, 1),
  ];

  it("keeps the entries between every pair of matrix formats", () => {
    for (const list of sample([5, 6], 21, 2)) {
      const wanted = sortedEntries(nonzero(summed(entryMap(list))));
      for (const from of matrixFormats) {
        const source = pack(list, from);
        for (const to of matrixFormats) {
          const result = convert(source, to);
          expect(
            sortedEntries(nonzero(entryMap(unpack(result)))),
            `${printFormat(from)} to ${printFormat(to)}`,
          ).toEqual(wanted);
        }
      }
    }
  });

  it.each([1, 3, 4])("gives what packing gives, between any two formats of order %i", (order) => {
    const cases = fc
      .tuple(shapes(order), formats(order), formats(order))
      .chain(([shape, from, to]) => fc.tuple(lists(shape), fc.constant(from), fc.constant(to)));
    fc.assert(
      fc.property(cases, ([list, from, to]) => {
        const direct = pack(list, to, { zeros: "drop" });
        expect(storageOf(convert(pack(list, from), to, { zeros: "drop" }))).toEqual(storageOf(direct));
      }),
      { seed: 40 + order, numRuns: 150 },
    );
  });
});

describe("transposition", () => {
  const permutation = fc.shuffledSubarray([0, 1, 2], { minLength: 3 });
  const cases = fc
    .tuple(shapes(3), formats(3), formats(3))
    .chain(([shape, from, to]) => fc.tuple(lists(shape), fc.constant(from), fc.constant(to), permutation));

  it("moves every entry to the permuted coordinates, with or without a new format", () => {
    fc.assert(
      fc.property(cases, ([list, from, to, modes]) => {
        const moved: CoordinateList = {
          ...list,
          shape: modes.map((mode) => list.shape[mode]!),
          coordinates: modes.map((mode) => list.coordinates[mode]!),
        };
        const wanted = sortedEntries(nonzero(summed(entryMap(moved))));
        for (const options of [{}, { format: to }]) {
          const result = transpose(pack(list, from), modes, options);
          expect(validateTensor(result)).toEqual([]);
          expect(sortedEntries(nonzero(entryMap(unpack(result))))).toEqual(wanted);
        }
      }),
      { seed: 60, numRuns: 150 },
    );
  });

  it("shares all arrays unless a format is asked for", () => {
    const rows = pack(sample([4, 5], 3, 1)[0]!, csr);
    const columns = transpose(rows, [1, 0]);
    expect(columns.values).toBe(rows.values);
    expect(columns.format).toEqual(csc);
    expect(columns.shape).toEqual([5, 4]);
  });
});
