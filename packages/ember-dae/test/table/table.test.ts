import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { findCompiler, nodeHost } from "@millrace/loop-ir";
import { afterAll, describe, expect, test } from "vitest";
import {
  fibresFromOffsets,
  type IdArray,
  instantiate,
  interpret,
  LookupEngine,
  type LookupRequest,
  memoryFrom,
  type Operation,
  operationNest,
  type Table,
  type TableElement,
  valuesOf,
} from "../../src/index.ts";
import { randomFrom } from "../support/random-instance.ts";

const host = nodeHost(process);
const folder = mkdtempSync(join(tmpdir(), "millrace-table-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A table of small numbers that every element type holds. */
function filled(engine: LookupEngine, element: TableElement, [rows, width]: readonly [number, number]): Table {
  const table = engine.createTable({ element, rows, width });
  table.write(0, values(rows, width));
  return table;
}

function values(rows: number, width: number): Float64Array {
  return Float64Array.from({ length: rows * width }, (_, at) => ((31 * Math.floor(at / width) + 17 * at) % 101) - 50);
}

/** The same bags by the interpreter of the loop nest. */
function expected(table: Table, request: LookupRequest): number[] {
  const { indices, offsets, weights, mode = "sum", includeLastOffset = false, paddingIndex } = request;
  const numbers = (ids: IdArray) => Float64Array.from(ids as Int32Array, Number);
  const fibres = fibresFromOffsets({
    ...{ indices: numbers(indices), offsets: numbers(offsets), includeLastOffset, paddingIndex },
    weights: weights === undefined ? undefined : Float64Array.from(weights),
  });
  const operation: Operation = {
    ...{ kind: "bag", table: table.element, index: indices instanceof Int32Array ? "i32" : "i64" },
    weights: weights === undefined ? "none" : "multiply",
    reduce: mode === "max" ? "maximum" : "add",
    finish: mode === "max" ? "zero-empty" : mode === "mean" ? "mean" : "none",
  };
  const { rows, width } = table;
  const memory = memoryFrom(table.element, [rows, width], values(rows, width));
  const instance = instantiate(operation, { fibres, table: memory });
  interpret(operationNest(operation), instance.memories);
  return [...valuesOf(instance.memories.at(-1)!)];
}

const indices = BigInt64Array.of(3n, 1n, 4n, 1n, 5n, 2n);
const offsets = BigInt64Array.of(0n, 2n, 2n, 5n);

describe.each([
  ["wasm", 1],
  ["wasm", 3],
  ["fastest", 1],
  ["fastest", 3],
] as const)("tables on %s with %i threads", (target, threads) => {
  const engine = new LookupEngine(host, { target, threads });
  afterAll(() => engine.close());

  test.each([
    ["f32", { indices, offsets }],
    ["f64", { indices, offsets, mode: "mean" }],
    ["f16", { indices, offsets, mode: "max" }],
    ["bf16", { indices, offsets, weights: Float32Array.of(1, 2, 0.5, -1, 3, 4) }],
    ["i8", { indices, offsets, mode: "mean", paddingIndex: 1 }],
    ["f32", { indices, offsets, paddingIndex: -5, weights: Float64Array.of(1, 2, 0.1, -1, 3, 4) }],
    ["f32", { indices, offsets, includeLastOffset: true }],
    ["f32", { indices: Int32Array.from(indices, Number), offsets: Int32Array.from(offsets, Number) }],
    ["f32", { indices: new BigInt64Array(0), offsets: BigInt64Array.of(0n, 0n), mode: "max" }],
    ["f32", { indices: new BigInt64Array(0), offsets: new BigInt64Array(0) }],
  ] as const)("of %s give the bags of the loop nest, %#", (element, request) => {
    const table = filled(engine, element, [6, 21]);
    const padded = { ...request, ...("paddingIndex" in request ? { paddingIndex: 1 } : {}) };
    expect([...table.lookup(request)]).toEqual(expected(table, padded));
    table.close();
  });

  test("share a large request, now and later, with the same bits", async () => {
    const random = randomFrom(4);
    const table = filled(engine, "f32", [1000, 64]);
    const ids = BigInt64Array.from({ length: 4000 }, () => BigInt(Math.floor(random() * 1000)));
    const request = { indices: ids, offsets: BigInt64Array.from({ length: 500 }, (_, bag) => BigInt(8 * bag)) };
    const wanted = expected(table, request);
    expect([...table.lookup(request)]).toEqual(wanted);
    const out = new Float32Array(500 * 64);
    const later = [table.lookupAsync(request), table.lookupAsync({ ...request, out })];
    expect(() => table.close()).toThrow("2 lookups are under way");
    expect([...table.lookup(request)]).toEqual(wanted);
    for (const result of await Promise.all(later)) expect([...result]).toEqual(wanted);
    expect([...out]).toEqual(wanted);
    table.close();
  });

  test("give rows as they hold them, NaNs and all", () => {
    for (const [element, width] of [
      ["f16", 3],
      ["f32", 20],
      ["i8", 4],
    ] as const) {
      const table = filled(engine, element, [6, width]);
      if (element === "f16") table.array[4] = 0x7e01;
      const rows = table.gather(Int32Array.of(1, 0, 1));
      const row = (id: number) => [...(table.array as Float32Array).subarray(id * width, (id + 1) * width)];
      expect([...(rows as Float32Array)]).toEqual([...row(1), ...row(0), ...row(1)]);
    }
  });

  test("pass on weights that are NaN, and refuse what is wrong by its place", () => {
    const table = filled(engine, "f32", [6, 4]);
    const weights = Float32Array.of(1, Number.NaN, 1, 1, 1, 1);
    expect([...table.lookup({ indices, offsets, weights })].slice(0, 5)).toEqual([NaN, NaN, NaN, NaN, 0]);
    const wrong = (change: Partial<LookupRequest>) => () => table.lookup({ indices, offsets, ...change });
    expect(wrong({ indices: BigInt64Array.of(0n, 6n), offsets: BigInt64Array.of(0n) })).toThrow(
      "indices[1] is 6, but the table has 6 rows",
    );
    expect(wrong({ indices: BigInt64Array.of(0n, -1n), offsets: BigInt64Array.of(0n) })).toThrow("indices[1] is -1");
    expect(wrong({ offsets: BigInt64Array.of(0n, 4n, 2n) })).toThrow("bag 1 goes from 4 to 2 of 6 ids");
    expect(wrong({ offsets: BigInt64Array.of(0n, 2n ** 62n) })).toThrow("bag 0 goes from 0 to");
    expect(wrong({ offsets: BigInt64Array.of(1n) })).toThrow("offsets[0] is 1, expected 0");
    expect(wrong({ offsets: Int32Array.of(0) })).toThrow("offsets a Int32Array");
    expect(wrong({ weights: Float32Array.of(1) })).toThrow("1 weights for 6 ids");
    expect(wrong({ out: new Float32Array(3) })).toThrow("results are 4 x 4 f32");
    expect(() => table.gather(Int32Array.of(7))).toThrow("indices[0] is 7");
    expect(() => table.write(5, [1, 2, 3])).toThrow("no whole rows");
    expect(() => table.write(6, [1, 2, 3, 4])).toThrow("rows 6 to 7 of a table of 6 rows");
  });

  test("without rows give empty bags, and no row", () => {
    const table = engine.createTable({ element: "f32", rows: 0, width: 2 });
    const empty = { indices: new Int32Array(0), offsets: Int32Array.of(0, 0) };
    expect([...table.lookup(empty)]).toEqual([0, 0, 0, 0]);
    expect(() => table.lookup({ indices: Int32Array.of(0), offsets: Int32Array.of(0) })).toThrow("table has 0 rows");
    expect(engine.createTable({ element: "f32", rows: 3, width: 0 }).lookup(empty).length).toBe(0);
  });

  test("are closed", () => {
    const table = filled(engine, "f32", [6, 4]);
    table.close();
    expect(() => table.lookup({ indices, offsets })).toThrow("the table has been closed");
  });
});

test("an engine that is closed looks up nothing", () => {
  const engine = new LookupEngine(host, { target: "wasm", threads: 1 });
  const table = engine.createTable({ element: "f32", rows: 6, width: 4 });
  engine.close();
  expect(() => table.lookup({ indices, offsets })).toThrow("the engine of the table has been closed");
});

test("no room for a table is an error", () => {
  const engine = new LookupEngine(host, { target: "wasm", threads: 1 });
  expect(() => engine.createTable({ element: "f64", rows: 2 ** 30, width: 4 })).toThrow("there is no room for");
  engine.close();
});

describe.runIf(findCompiler(host) !== undefined && process.platform !== "win32")("tables that are files", () => {
  const engine = new LookupEngine(host, { target: "c", threads: 3 });
  afterAll(() => engine.close());
  const [rows, width, file] = [2000, 32, join(folder, "table.bin")] as const;
  const bytes = new Uint8Array(128 + 4 * rows * width);
  bytes.set(new Uint8Array(Float32Array.from(values(rows, width)).buffer), 128);
  writeFileSync(file, bytes);

  test("are looked up by all threads", async () => {
    const table = engine.mapTable(file, { element: "f32", width, byteOffset: 128 });
    expect(table.rows).toBe(rows);
    const ids = Int32Array.from({ length: 4000 }, (_, at) => (at * 7919) % rows);
    const request = { indices: ids, offsets: Int32Array.from({ length: 400 }, (_, bag) => 10 * bag) };
    const wanted = expected(table, request);
    expect([...table.lookup(request)]).toEqual(wanted);
    expect([...(await table.lookupAsync(request))]).toEqual(wanted);
  });

  test("are refused where they are too short", () => {
    expect(() => engine.mapTable(file, { element: "f32", width, rows: 2002 })).toThrow("not 2002 rows of 128 bytes");
    expect(() => engine.mapTable(file, { element: "f16", width: 3, byteOffset: 2 })).toThrow("from byte 2 on");
    expect(() => engine.mapTable(join(folder, "none"), { element: "f32", width })).toThrow("cannot be mapped");
  });
});
