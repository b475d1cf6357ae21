import { describe, expect, it } from "vitest";
import {
  type DecoderOptions,
  decoderLayer,
  decoderTrace,
  interpret,
  type Model,
  modelNamed,
  parseProgram,
  printProgram,
  simulateProgram,
} from "../../src/index.ts";
import { azureWindows } from "../support/azure-lengths.ts";
import { denseLayer } from "../support/decoder-reference.ts";
import { numbers, routing } from "../support/moe-reference.ts";

const model: Model = {
  name: "small",
  hidden: 8,
  experts: 4,
  chosen: 2,
  inner: 6,
  queryHeads: 4,
  keyHeads: 2,
  headSize: 4,
};
const lengths = [5, 0, 3, 7, 6];
const routed = routing(lengths.length, 2, 4, 3);
const small = {
  model,
  batch: 5,
  cacheTiles: 2,
  tileRows: 4,
  tileInner: 3,
  tileOut: 4,
  attentionRegions: 3,
  bandwidth: 32,
};

describe("a decoder layer", () => {
  it.each([
    ["coarse", { kind: "static", rows: 2 }, undefined],
    ["interleaved", { kind: "dynamic" }, undefined],
    ["dynamic", { kind: "dynamic" }, 2],
  ] as const)("is the dense one with %s attention and %j tiles", (strategy, tiling, expertRegions) => {
    const options: DecoderOptions = {
      ...small,
      strategy,
      tiling,
      ...(expertRegions === undefined ? {} : { expertRegions }),
    };
    const program = decoderLayer(options);
    const sources = decoderTrace(lengths, routed, options);
    const tensors = Object.fromEntries(
      [...program.tensors].map(([name, { rows, columns }], place) => [name, numbers(rows, columns, 40 + place)]),
    );
    const timed = simulateProgram(program, { sources, tensors }, { depth: 2, mode: "functional" });
    expect(timed.report.deadlock).toBeNull();
    const named = expertRegions === undefined ? tensors : { ...tensors, ...ofEachExpert(tensors) };
    const expected = denseLayer({ model, lengths, routing: routed, cacheRows: 8, tensors: named });
    for (const [at, value] of timed.tensors!.out!.entries()) expect(value).toBeCloseTo(expected[at]!, 10);
    const untimed = interpret(program, { sources, tensors, orders: timed.orders });
    expect(untimed.tensors.out).toEqual(timed.tensors!.out);
  });

  it("is the same program after it was printed and read", () => {
    const text = printProgram(decoderLayer({ ...small, strategy: "dynamic", tiling: { kind: "dynamic" } }));
    expect(printProgram(parseProgram({ name: "layer.step", text }))).toBe(text);
  });

  it("of Mixtral-8x7B at batch 64 runs to its end, bound by memory", () => {
    const window = azureWindows.find(({ firstRow }) => firstRow === 4007)!;
    const options: DecoderOptions = {
      model: modelNamed("mixtral"),
      batch: 64,
      cacheTiles: 202,
      strategy: "dynamic",
      tiling: { kind: "dynamic" },
    };
    const sources = decoderTrace(window.lengths, routing(64, 2, 8, 5), options);
    const { report, offChipBytes } = simulateProgram(decoderLayer(options), { sources }, { depth: 2, bytesPerF32: 2 });
    expect(report.deadlock).toBeNull();
    expect(report.cycles).toBeGreaterThan(offChipBytes / 1024);
    expect(report.cycles).toBeLessThan(1.4 * (offChipBytes / 1024));
  });
});

/** The matrices of stacked experts, one by one. */
function ofEachExpert(tensors: Readonly<Record<string, Float64Array>>): Record<string, Float64Array> {
  const each: Record<string, Float64Array> = {};
  for (const name of ["gate", "up", "down"]) {
    for (let expert = 0; expert < 4; expert++) {
      const stacked = tensors[`${name}${Math.floor(expert / 2)}`]!;
      const half = stacked.length / 2;
      each[`${name}${expert}`] = stacked.slice((expert % 2) * half, ((expert % 2) + 1) * half);
    }
  }
  return each;
}
