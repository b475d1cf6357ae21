/**
 * Packing, conversion and transposition of a matrix of a million entries, each beside the plain way to do the same in
 * the same run; vitest prints the ratios. Run with `npx vitest bench --run`.
 */
import { bench, describe, expect } from "vitest";
import {
  type CoordinateList,
  convert,
  csc,
  csr,
  pack,
  parseFormat,
  transpose,
  uniformTensor,
  unpack,
} from "../src/index.ts";
import { packWithObjects } from "./object-baseline.ts";

const sorted = uniformTensor({ shape: [500_000, 500_000], entries: 1_000_000, seed: 1 });
const shuffled = reorder(sorted);
const rows = pack(sorted, csr);
const options = { time: 0, iterations: 4, warmupTime: 0, warmupIterations: 1 };

expect(packWithObjects(shuffled, 0).columns).toEqual((rows.levels[1] as { coordinates: Int32Array }).coordinates);
expect(packWithObjects(shuffled, 1).values).toEqual(pack(shuffled, csc).values);

describe("unsorted entries to CSR", () => {
  bench("pack", () => void pack(shuffled, csr), options);
  bench("objects and a comparator", () => void packWithObjects(shuffled, 0), options);
});

describe("sorted entries to CSR", () => {
  bench("pack", () => void pack(sorted, csr), options);
  bench("objects and a comparator", () => void packWithObjects(sorted, 0), options);
});

describe("CSR to CSC", () => {
  bench("convert", () => void convert(rows, csc), options);
  bench("objects and a comparator", () => void packWithObjects(unpack(rows), 1), options);
});

describe("transpose, as CSR again", () => {
  bench("transpose", () => void transpose(rows, [1, 0], { format: csr }), options);
  bench("objects and a comparator", () => void packWithObjects(unpack(rows), 1), options);
});

describe("unsorted entries to other formats", () => {
  for (const text of ["uq", "ss", "hh"]) bench(`pack ${text}`, () => void pack(shuffled, parseFormat(text)), options);
  bench("objects and a comparator, to CSR", () => void packWithObjects(shuffled, 0), options);
});

/** The same entries in an order without pattern: a fixed stride through them. */
function reorder(list: CoordinateList): CoordinateList {
  const count = list.values.length;
  const order = Int32Array.from({ length: count }, (_, e) => (e * 611_953) % count);
  return {
    ...list,
    coordinates: list.coordinates.map((array) => order.map((e) => array[e]!)),
    values: Float64Array.from(order, (e) => list.values[e]!),
  };
}
