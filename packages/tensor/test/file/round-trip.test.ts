import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type CoordinateList,
  type DenseTensor,
  joinBytes,
  nonzerosOf,
  readTensorFile,
  type Symmetry,
  sortCoordinates,
  spread,
  type TnsDialect,
  type ValueType,
  writeMatrixMarket,
  writeMatrixMarketArray,
  writeNpy,
  writeNpz,
  writeSmtx,
  writeSparseNpz,
  writeTns,
} from "../../src/index.ts";

const seed = 20253;
const valueTypes = ["float64", "float32", "int32", "complex128"] as const;

/** Values of a type, the awkward ones among them; -0 and numbers of 17 digits must come back too. */
function values(valueType: ValueType): fc.Arbitrary<number> {
  if (valueType === "int32") return fc.integer();
  if (valueType === "float32") return fc.float({ noNaN: true, noDefaultInfinity: true });
  return fc.double({ noNaN: true, noDefaultInfinity: true });
}

function arrayOf(valueType: ValueType, numbers: readonly number[]): Float64Array | Float32Array | Int32Array {
  if (valueType === "int32") return Int32Array.from(numbers);
  return valueType === "float32" ? Float32Array.from(numbers) : Float64Array.from(numbers);
}

function denseTensors(valueType: ValueType, shapes: fc.Arbitrary<number[]>): fc.Arbitrary<DenseTensor> {
  return shapes.chain((shape) => {
    const length = shape.reduce((product, extent) => product * extent, valueType === "complex128" ? 2 : 1);
    const numbers = fc.array(fc.oneof(fc.constant(0), values(valueType)), { minLength: length, maxLength: length });
    return numbers.map((all) => ({ shape, valueType, values: arrayOf(valueType, all) }));
  });
}

function shapes(order: { min: number; max: number }): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min: 1, max: 5 }), { minLength: order.min, maxLength: order.max });
}

/** Entries in any order, some of them at one place. */
function lists(valueType: ValueType, order: { min: number; max: number }): fc.Arbitrary<CoordinateList> {
  return shapes(order).chain((shape) => {
    const parts = valueType === "complex128" ? 2 : 1;
    const entry = fc.tuple(
      fc.tuple(...shape.map((extent) => fc.integer({ min: 0, max: extent - 1 }))),
      fc.array(values(valueType), { minLength: parts, maxLength: parts }),
    );
    return fc.array(entry, { minLength: 1, maxLength: 12 }).map((entries) => ({
      shape,
      coordinates: shape.map((_, mode) => Int32Array.from(entries, ([at]) => at[mode]!)),
      valueType,
      values: arrayOf(
        valueType,
        entries.flatMap(([, numbers]) => numbers),
      ),
    }));
  });
}

/** A list as a text file can give it back: float32 is read as float64. */
function widened(list: CoordinateList): CoordinateList {
  return list.valueType === "float32"
    ? { ...list, valueType: "float64", values: Float64Array.from(list.values) }
    : list;
}

const matrix = { min: 2, max: 2 };

describe("writing and reading back", () => {
  it.each(valueTypes)("a Matrix Market coordinate file of %s returns every entry", async (valueType) => {
    await fc.assert(
      fc.asyncProperty(lists(valueType, matrix), async (list) => {
        const bytes = joinBytes(writeMatrixMarket(list, { comments: ["one\ntwo", "%% three"] }));
        expect((await readTensorFile(bytes, { name: "a" })).list).toEqual(widened(list));
      }),
      { seed },
    );
  });

  it.each([
    ["float64", "symmetric"],
    ["int32", "skew-symmetric"],
    ["complex128", "symmetric"],
    ["complex128", "skew-symmetric"],
    ["complex128", "hermitian"],
  ] as const)("a Matrix Market file of %s, %s, returns both halves", async (valueType, symmetry) => {
    await fc.assert(
      fc.asyncProperty(lists(valueType, matrix), async (list) => {
        const whole = mirrored(list, symmetry);
        const file = await readTensorFile(joinBytes(writeMatrixMarket(whole, { symmetry })), { name: "a" });
        expect(file.header.symmetry).toBe(symmetry);
        expect(sortCoordinates(file.list)).toEqual(sortCoordinates(whole));
        const dense = spread(nonzerosOf(spread(wide(whole))));
        if (!dense.values.every(Number.isFinite)) return;
        const array = await readTensorFile(joinBytes(writeMatrixMarketArray(dense, { symmetry })), { name: "a" });
        expect(array.dense!.values.map((value) => value + 0)).toEqual(dense.values.map((value) => value + 0));
      }),
      { seed },
    );
  });

  it.each(valueTypes)("a Matrix Market array of %s returns every element", async (valueType) => {
    await fc.assert(
      fc.asyncProperty(denseTensors(valueType, shapes(matrix)), async (dense) => {
        const { values: back } = (await readTensorFile(joinBytes(writeMatrixMarketArray(dense)), { name: "a" })).dense!;
        expect(Array.from(back)).toEqual(Array.from(dense.values));
      }),
      { seed },
    );
  });

  it.each(["frostt", "parti", "genten", "extended-frostt"] as TnsDialect[])(
    "a %s file returns every entry",
    async (dialect) => {
      await fc.assert(
        fc.asyncProperty(lists("float64", { min: 1, max: 4 }), async (list) => {
          const file = await readTensorFile(joinBytes(writeTns(list, { dialect, comments: ["a\r\nb"] })), {
            name: "a.tns",
          });
          expect(file.header.format).toBe(dialect);
          const shape = dialect === "frostt" ? list.coordinates.map((array) => Math.max(...array) + 1) : list.shape;
          expect(file.list).toEqual({ ...list, shape });
        }),
        { seed },
      );
    },
  );

  it("an .smtx file returns the places row by row", async () => {
    await fc.assert(
      fc.asyncProperty(lists("int32", matrix), async (list) => {
        const file = await readTensorFile(joinBytes(writeSmtx(list)), { name: "a.smtx" });
        expect(file.list.coordinates).toEqual(sortCoordinates(list).coordinates);
      }),
      { seed },
    );
  });

  it.each(valueTypes)("a .npy file and both kinds of .npz return every element of %s", async (valueType) => {
    await fc.assert(
      fc.asyncProperty(denseTensors(valueType, shapes({ min: 0, max: 4 })), fc.boolean(), async (dense, compress) => {
        expect((await readTensorFile(writeNpy(dense), { name: "a.npy" })).dense).toEqual(dense);
        const archive = writeNpz({ "the array": dense, other: dense }, { compress });
        expect((await readTensorFile(archive, { name: "a.npz", array: "the array" })).dense).toEqual(dense);
        expect(writeNpz({ "the array": dense, other: dense }, { compress })).toEqual(archive);
      }),
      { seed, numRuns: 50 },
    );
  });

  it.each(valueTypes)("a sparse .npz returns every entry of %s", async (valueType) => {
    await fc.assert(
      fc.asyncProperty(lists(valueType, matrix), async (list) => {
        expect((await readTensorFile(writeSparseNpz(list), { name: "a.npz" })).list).toEqual(list);
      }),
      { seed, numRuns: 50 },
    );
  });

  it("returns what is not finite where that is allowed", async () => {
    const list: CoordinateList = {
      shape: [1, 3],
      coordinates: [new Int32Array(3), Int32Array.of(0, 1, 2)],
      valueType: "float64",
      values: Float64Array.of(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    };
    for (const bytes of [
      joinBytes(writeMatrixMarket(list)),
      joinBytes(writeTns(list, { dialect: "parti" })),
      writeSparseNpz(list),
    ]) {
      const name = bytes[0] === 0x50 ? "a.npz" : "a.tns";
      expect((await readTensorFile(bytes, { name, allowNonFinite: true })).list.values).toEqual(list.values);
    }
  });
});

/** The list with int32 values as float64, which sums of duplicates do not leave. */
function wide(list: CoordinateList): CoordinateList {
  return list.valueType === "int32" ? { ...list, valueType: "float64", values: new Float64Array(list.values) } : list;
}

/** The strictly lower entries of a list squared up, each followed by its mirror image. */
function mirrored(list: CoordinateList, symmetry: Symmetry): CoordinateList {
  const extent = Math.max(...list.shape);
  const parts = list.valueType === "complex128" ? 2 : 1;
  const sign = symmetry === "skew-symmetric" ? -1 : 1;
  const rows: number[] = [];
  const columns: number[] = [];
  const numbers: number[] = [];
  list.coordinates[0]!.forEach((row, entry) => {
    const column = list.coordinates[1]![entry]!;
    if (row <= column) return;
    const [real = 0, imaginary = 0] = list.values.slice(entry * parts, (entry + 1) * parts);
    rows.push(row, column);
    columns.push(column, row);
    numbers.push(
      ...(parts === 1
        ? [real, sign * real]
        : [real, imaginary, sign * real, (symmetry === "hermitian" ? -1 : sign) * imaginary]),
    );
  });
  const { valueType } = list;
  const values = arrayOf(valueType, numbers);
  return { shape: [extent, extent], coordinates: [Int32Array.from(rows), Int32Array.from(columns)], valueType, values };
}
