import { describe, expect, it } from "vitest";
import { logHypervolumeImprovement } from "../../src/acquisition/hypervolume-improvement.ts";
import { Random } from "../../src/numeric/random.ts";
import { hypervolume } from "../../src/study/pareto.ts";

const points = [
  [1, 3],
  [2, 2],
  [3, 1],
];
const reference = [4, 4];

describe("the expected improvement of the hypervolume", () => {
  it("is the mean of what draws of the point add to the hypervolume", () => {
    const random = new Random("volume");
    const before = hypervolume(points, reference);
    for (const [first, second] of [
      [
        { mean: 1.5, deviation: 0.5 },
        { mean: 1.8, deviation: 0.4 },
      ],
      [
        { mean: 0.5, deviation: 1 },
        { mean: 3.5, deviation: 0.7 },
      ],
      [
        { mean: 3, deviation: 0.3 },
        { mean: 2, deviation: 1 },
      ],
    ] as const) {
      let sum = 0;
      let squares = 0;
      const draws = 20_000;
      for (let i = 0; i < draws; i++) {
        const drawn = [
          first.mean + first.deviation * random.normal(),
          second.mean + second.deviation * random.normal(),
        ];
        const added = hypervolume([...points, drawn], reference) - before;
        sum += added;
        squares += added * added;
      }
      const mean = sum / draws;
      const error = Math.sqrt((squares / draws - mean * mean) / draws);
      const found = Math.exp(logHypervolumeImprovement(first, second, { points, reference }));
      expect(Math.abs(found - mean)).toBeLessThan(4 * error);
    }
  });

  it("with almost no doubt is what the point adds", () => {
    const sure = (mean: number) => ({ mean, deviation: 1e-9 });
    const added = Math.exp(logHypervolumeImprovement(sure(1.5), sure(1.5), { points, reference }));
    expect(added).toBeCloseTo(hypervolume([...points, [1.5, 1.5]], reference) - hypervolume(points, reference), 6);
  });

  it("tells hopeless points apart", () => {
    const worth = (mean: number) =>
      logHypervolumeImprovement({ mean, deviation: 0.1 }, { mean, deviation: 0.1 }, { points, reference });
    expect(worth(30)).toBeLessThan(worth(20));
    expect(worth(30)).toBeGreaterThan(Number.NEGATIVE_INFINITY);
  });
});
