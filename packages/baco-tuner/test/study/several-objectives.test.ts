import { describe, expect, it } from "vitest";
import { Random } from "../../src/numeric/random.ts";
import { createSpace } from "../../src/space/create-space.ts";
import { importanceOf } from "../../src/study/importance.ts";
import { hypervolume, paretoFront } from "../../src/study/pareto.ts";
import { Study } from "../../src/study/study.ts";
import { readPacked } from "../support/recorded-files.ts";

interface Recorded {
  readonly values: (number | null)[];
  readonly extra: Record<string, number[]>;
}

describe("several objectives", () => {
  it("cover a volume", () => {
    const points = [
      [1, 3],
      [2, 2],
      [3, 1],
    ];
    expect(hypervolume(points, [4, 4])).toBe(6);
    expect(hypervolume([...points, [2.5, 2.5], [5, 0]], [4, 4])).toBe(6);
    expect(hypervolume([[1, 1, 1]], [2, 3, 4])).toBe(6);
    expect(hypervolume([], [1, 1])).toBe(0);
  });

  it("cover the volume that counting random points gives, in three dimensions", () => {
    const random = new Random(5);
    const points = Array.from({ length: 12 }, () => [random.float(), random.float(), random.float()]);
    let inside = 0;
    for (let i = 0; i < 40_000; i++) {
      const there = [random.float(), random.float(), random.float()];
      if (points.some((point) => point.every((value, k) => value <= there[k]!))) inside += 1;
    }
    expect(hypervolume(points, [1, 1, 1])).toBeCloseTo(inside / 40_000, 1);
  });

  it("have the recorded front of the FPGA design: 88 of its feasible configurations", () => {
    const file = readPacked("spatial_blackscholes-FPGA.json.gz") as unknown as Recorded;
    const rows = file.values.flatMap((value, row) => (value === null ? [] : [[value, file.extra.ALMs![row]!]]));
    expect(rows).toHaveLength(3194);
    const front = paretoFront(rows)
      .map((index) => rows[index]!)
      .sort((a, b) => a[0]! - b[0]!);
    expect(front).toHaveLength(88);
    expect([front[0], front.at(-1)]).toEqual([
      [4_109_963, 245_296],
      [42_274_070, 76_655],
    ]);
  });

  it("are approached from all sides: the studies' fronts cover more than those of random draws", () => {
    const values = Array.from({ length: 20 }, (_, i) => i);
    const space = createSpace(["x", "y", "z"].map((name) => ({ kind: "ordinal", name, values })));
    const covered = (method: "model" | "random", seed: number) => {
      const study = new Study(space, { seed, method });
      for (let i = 0; i < 30; i++) {
        const [{ id, config }] = study.ask() as unknown as [
          { id: number; config: { x: number; y: number; z: number } },
        ];
        const { x, y, z } = config;
        const objectives = [(x - 3) ** 2 + (y - 5) ** 2 + z + 1, (x - 15) ** 2 + (y - 12) ** 2 + z + 1];
        study.tell(id, { ok: true, value: objectives[0]!, objectives });
      }
      return hypervolume(
        study.pareto.map(({ outcome }) => (outcome?.ok ? outcome.objectives! : [])),
        [400, 400],
      );
    };
    const seeds = [1, 2, 3, 4, 5];
    const sum = (method: "model" | "random") => seeds.reduce((total, seed) => total + covered(method, seed), 0);
    expect(sum("model")).toBeGreaterThan(1.05 * sum("random"));
  });
});

it("importance finds the parameter that decides, and is quiet while little is known", () => {
  const values = [1, 2, 3, 4, 5, 6, 7, 8];
  const space = createSpace(["a", "b", "c"].map((name) => ({ kind: "ordinal", name, values })));
  const study = new Study(space, { seed: 1, method: "random" });
  expect(importanceOf(study)).toEqual([]);
  for (let i = 0; i < 60; i++) {
    const [trial] = study.ask();
    const { a, b } = trial!.config as { a: number; b: number };
    study.tell(trial!.id, { ok: true, value: 100 + 10 * b + a });
  }
  const found = importanceOf(study);
  expect(found.map(({ parameter }) => parameter)[0]).toBe("b");
  expect(found[0]!.share).toBeGreaterThan(0.8);
  expect(found[2]!.share).toBeLessThan(0.1);
});

it("importance is of the objective that is asked for", () => {
  const values = [1, 2, 3, 4, 5, 6];
  const space = createSpace(["a", "b"].map((name) => ({ kind: "ordinal", name, values })));
  const study = new Study(space, { seed: 2, method: "random" });
  for (let i = 0; i < 30; i++) {
    const [trial] = study.ask();
    const { a, b } = trial!.config as { a: number; b: number };
    study.tell(trial!.id, { ok: true, value: 100 + 10 * b, objectives: [100 + 10 * b, 100 + 10 * a] });
  }
  expect([0, 1].map((objective) => importanceOf(study, objective)[0]!.parameter)).toEqual(["b", "a"]);
  expect(importanceOf(study)).toEqual(importanceOf(study, 0));
});
