import { describe, expect, it } from "vitest";
import { Random } from "../../src/numeric/random.ts";
import { neighboursOf } from "../../src/space/neighbours.ts";
import { readRecordedSpace } from "../../src/table/recorded-space.ts";
import { readPacked } from "../support/recorded-files.ts";

const files = [
  ["ktt_coulomb3d-RTX_2080_Ti", 210],
  ["pnpoly-RTX_3090", 4092],
  ["conv_kt-RTX_3090", 6768],
  ["conv_milo-A100", 4362],
  ["gemm-RTX_3090", 17956],
  ["dedisp_milo-W6600", 11130],
  ["hpo-diff_evo", 90],
  ["hpo-simulated_annealing", 81],
] as const;

describe.each(files)("the recorded space %s", (name, size) => {
  const table = readRecordedSpace(JSON.stringify(readPacked(`${name}.json.gz`)));
  const { space } = table.scenario;

  it("has exactly the recorded rows as its valid configurations, each at its rank", () => {
    expect(space.size).toBe(BigInt(size));
    const rows = new Set<number>();
    for (let rank = 0n; rank < space.size!; rank++) {
      const point = space.pointAt(rank);
      if (space.rankOf(point) !== rank) throw new Error(`rank ${rank} is not kept`);
      rows.add(table.rowFor(space.configAt(point)));
    }
    expect(rows.size).toBe(size);
    expect(rows.has(-1)).toBe(false);
  });

  it("answers its best configuration with its best value", () => {
    const row = table.rowFor(table.best.config);
    expect(table.values[row]).toBe(table.best.value);
    expect(table.configAt(row)).toEqual(table.best.config);
  });

  it("has valid, distinct neighbours around random points", () => {
    const random = new Random(1);
    for (let i = 0; i < 200; i++) {
      const point = space.draw(random);
      const near = neighboursOf(space, point);
      const keys = new Set([space.keyOf(point), ...near.map((each) => space.keyOf(each))]);
      if (keys.size !== near.length + 1 || !near.every((each) => space.contains(each))) throw new Error(point.join());
    }
  });
});

it("a sampled space answers with the nearest recorded row", () => {
  const params = [
    { name: "x", type: "ordinal", values: [1, 2, 4, 8] },
    { name: "p", type: "permutation", n: 3 },
  ];
  const scenario = { optimization_objectives: ["time"] };
  const rows = { codes: [0, 5, 20], values: [10, 20, 30] };
  const stats = { best: 10, best_config: { x: 1, p: [0, 1, 2] } };
  const text = JSON.stringify({
    format: "recorded-space/1",
    name: "small",
    kind: "sampled",
    params,
    constraints: [],
    scenario,
    radix: [4, 6],
    ...rows,
    stats,
  });
  const table = readRecordedSpace(text);
  expect(table.values[table.rowFor({ x: 1, p: [2, 0, 1] })]).toBe(20);
  expect(table.values[table.rowFor({ x: 2, p: [0, 1, 2] })]).toBe(10);
  expect(table.values[table.rowFor({ x: 8, p: [2, 1, 0] })]).toBe(30);
});

it("a file that is no recorded space is refused", () => {
  expect(() => readRecordedSpace("{")).toThrow(/is JSON/);
  expect(() => readRecordedSpace("null")).toThrow(/recorded-space\/1/);
});
