import { readFileSync } from "node:fs";
import process from "node:process";
import { gunzipSync } from "node:zlib";
import { KernelCompiler, nodeHost } from "@millrace/loop-ir";
import { describe, expect, test } from "vitest";
import {
  analyzeReuse,
  compile,
  type Instance,
  instantiate,
  interpretDlc,
  type Memory,
  memoryFrom,
  type Operation,
  operationNest,
  type QueueTraffic,
  readTrace,
  runKernel,
  valuesOf,
  withFreshOutput,
} from "../../src/index.ts";

const bytes = (name: string) => gunzipSync(readFileSync(new URL(`../data/real/${name}.gz`, import.meta.url)));
const text = (name: string) => bytes(name).toString("utf8");
const compiler = new KernelCompiler({ host: nodeHost(process) });

const bag = { kind: "bag", weights: "none", reduce: "add", finish: "none", table: "f32", index: "i32" } as const;

function filled(rows: number, width: number, value: (i: number, j: number) => number): Memory {
  const values = Float64Array.from({ length: rows * width }, (_, at) => value(Math.floor(at / width), at % width));
  return memoryFrom("f32", [rows, width], values);
}

function decoupled(instance: Instance, level: 0 | 1 | 2 | 3 = 3): { output: Float64Array; traffic: QueueTraffic } {
  const { memories, operation } = withFreshOutput(instance);
  const { dlc } = compile(operationNest(operation), { level });
  const traffic = interpretDlc(dlc, memories);
  return { output: valuesOf(memories.at(-1)!), traffic };
}

function compiled(instance: Instance): Float64Array {
  const run = withFreshOutput(instance);
  runKernel(run, compiler);
  return valuesOf(run.memories.at(-1)!);
}

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
const size = (values: Float64Array) => values.reduce((total, value) => total + Math.abs(value), 0);
const row = (values: Float64Array, at: number, width: number) => [...values.subarray(at * width, (at + 1) * width)];

interface Graph {
  readonly rows: number;
  readonly ptr: readonly number[];
  readonly idx: readonly number[];
}

describe("the citations of Cora", () => {
  const { rows, ptr, idx } = JSON.parse(text("cora.json")) as Graph;
  const fibres = { ptr: Float64Array.from(ptr), idx: Float64Array.from(idx), val: undefined };

  test("are summed, empty rows and all, at every level and compiled", () => {
    const table = filled(rows, 4, (i, j) => ((7 * i + 3 * j) % 11) - 5);
    const instance = instantiate(bag, { table, fibres });
    expect(ptr.filter((from, at) => from === ptr[at + 1])).toHaveLength(1143);
    for (const output of [
      ...([0, 1, 2, 3] as const).map((level) => decoupled(instance, level).output),
      compiled(instance),
    ]) {
      expect([sum(output), size(output)]).toEqual([84, 26130]);
      expect(row(output, 1686, 4)).toEqual([-66, 25, 28, -46]);
    }
  });

  test.each(["sddmm", "fused"] as const)("meet in pairs of rows as a dense evaluation says: %s", (kind) => {
    const width = 7;
    const operation: Operation =
      kind === "sddmm"
        ? { kind, weights: "none", table: "f32", index: "i32" }
        : { kind, activation: "sigmoid", table: "f32", index: "i32" };
    const x = filled(rows, width, (i, j) => Math.sin(i + 3 * j));
    const table = filled(rows, width, (i, j) => Math.cos(2 * i - j));
    const [left, right] = [valuesOf(x), valuesOf(table)];
    const dot = (i: number, k: number) =>
      sum(Float64Array.from({ length: width }, (_, j) => left[i * width + j]! * right[k * width + j]!));
    const expected = new Float64Array(kind === "sddmm" ? idx.length : rows * width);
    for (let i = 0; i < rows; i++) {
      for (let p = ptr[i]!; p < ptr[i + 1]!; p++) {
        const score = dot(i, idx[p]!);
        if (kind === "sddmm") expected[p] = score;
        else
          for (let j = 0; j < width; j++)
            expected[i * width + j]! += right[idx[p]! * width + j]! / (1 + Math.exp(-score));
      }
    }
    const instance = instantiate(operation, { fibres, table, x });
    const reference = decoupled(instance, 0).output;
    for (const output of [decoupled(instance, 3).output, compiled(instance)]) expect(output).toEqual(reference);
    const scale = kind === "sddmm" ? 1 : 166;
    const errors = Array.from(expected, (value, at) => Math.abs(value - reference[at]!));
    expect(Math.max(...errors) / scale).toBeLessThan(1e-6);
  });
});

test("a trace with recorded reuse fills its bags, and hits caches as its distances say", () => {
  const trace = readTrace(bytes("reuse2021.u32le"), "u32le", "reuse2021");
  const fibres = { ptr: Float64Array.from({ length: 2049 }, (_, at) => 64 * at), idx: trace, val: undefined };
  const table = filled(1_000_000, 4, (i, j) => ((31 * i + 17 * j) % 101) - 50);
  const instance = instantiate(bag, { table, fibres });
  const { output, traffic } = decoupled(instance);
  for (const each of [output, compiled(instance)]) {
    expect([row(each, 0, 4), row(each, 2047, 4)]).toEqual([
      [158, 34, -90, -416],
      [340, 216, -211, -537],
    ]);
    expect([sum(each), size(each)]).toEqual([-93873, 1530407]);
  }
  expect(traffic).toMatchObject({ tokens: 131072 + 2048, scalars: 0, vectors: 131072 });
  const { unique, hits } = analyzeReuse(trace, [128, 1024, 8192, 65536]);
  expect(unique).toBe(23998);
  expect(hits.map(({ fraction }) => (100 * fraction).toFixed(2))).toEqual(["5.54", "27.17", "68.92", "81.69"]);
});

test("triples of a knowledge graph have the scores of TransE and DistMult", () => {
  const triples = text("fb15k237-valid.tsv")
    .split("\n")
    .filter((line) => /^\d/.test(line))
    .map((line) => line.split("\t").map(Number));
  const width = 8;
  const entities = filled(14541, width, (e, j) => ((5 * e + 3 * j) % 13) - 6);
  const relations = filled(237, width, (q, j) => ((2 * q + j) % 7) - 3);
  const gather: Operation = { kind: "gather", block: 1, table: "f32", index: "i32" };
  const rows = (table: Memory, column: number) => {
    const instance = instantiate(gather, { table, ids: Float64Array.from(triples, (triple) => triple[column]!) });
    const { output, traffic } = decoupled(instance);
    expect(traffic.tokens + traffic.scalars + traffic.vectors).toBe(0);
    expect(compiled(instance)).toEqual(output);
    return output;
  };
  const [h, r, t] = [rows(entities, 0), rows(relations, 1), rows(entities, 2)] as const;
  const scores = (score: (at: number) => number) =>
    Float64Array.from(triples, (_, q) => {
      let total = 0;
      for (let j = q * width; j < (q + 1) * width; j++) total += score(j);
      return total;
    });
  const transE = scores((at) => -Math.abs(h[at]! + r[at]! - t[at]!));
  expect([...transE.subarray(0, 3), sum(transE)]).toEqual([-43, -41, -39, -646896]);
  expect(sum(scores((at) => h[at]! * r[at]! * t[at]!))).toBe(-14981);
});

test.each(["1024", "4096"])("blocks of BigBird at length %s are copied by the access unit alone", (length) => {
  const heads = (JSON.parse(text("bigbird-blocks.json")) as Record<string, number[][][]>)[length]!;
  const [block, width] = [64, 16];
  const table = filled(Number(length), width, (i, j) => i * 100 + j);
  const ids = Float64Array.from(heads[0]!.flat());
  const instance = instantiate({ kind: "gather", block, table: "f32", index: "i32" }, { table, ids });
  const { output, traffic } = decoupled(instance);
  expect(traffic).toEqual({ tokens: 0, scalars: 0, vectors: 0, bytes: 0 });
  expect(compiled(instance)).toEqual(output);
  for (const [at, id] of ids.entries())
    for (const e of [0, 17, 63])
      expect(row(output, at * block + e, width)).toEqual(row(valuesOf(table), id * block + e, width));
});
