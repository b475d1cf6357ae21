import { describe, expect, it } from "vitest";
import { earlierTrials } from "../../src/history/earlier-trials.ts";
import { LoggedStudy } from "../../src/history/logged-study.ts";
import { createSpace } from "../../src/space/create-space.ts";
import type { Config } from "../../src/space/parameter.ts";
import { type EarlierTrial, Study } from "../../src/study/study.ts";

const values = Array.from({ length: 16 }, (_, i) => i);
const space = createSpace([
  ...["x", "y", "z"].map((name) => ({ kind: "ordinal", name, values }) as const),
  { kind: "ordinal", name: "w", values: [1, 2, 4], constraints: ["x % w == 0"] },
]);
type Place = { x: number; y: number; z: number; w: number };
/** A bowl around (x, y, z), on another scale for each machine. */
const bowl = (at: readonly [number, number, number], scale: number) => (config: Config) => {
  const { x, y, z, w } = config as Place;
  return scale * (1 + (x - at[0]) ** 2 + (y - at[1]) ** 2 + (z - at[2]) ** 2 + w);
};

function bestAfter(budget: number, objective: (config: Config) => number, options: object): number {
  const study = new Study(space, options);
  for (let i = 0; i < budget; i++)
    for (const { id, config } of study.ask()) study.tell(id, { ok: true, value: objective(config) });
  return study.best?.outcome?.ok ? study.best.outcome.value : Number.NaN;
}

function trialsOf(objective: (config: Config) => number): EarlierTrial[] {
  const study = new Study(space, { seed: 9 });
  for (let i = 0; i < 40; i++)
    for (const { id, config } of study.ask()) study.tell(id, { ok: true, value: objective(config) });
  return study.trials.map(({ config, outcome }) => ({ config, value: outcome?.ok ? outcome.value : Number.NaN }));
}

describe("a study that follows an earlier one", () => {
  const here = bowl([11, 4, 7], 0.01);
  const mean = (options: object) =>
    [1, 2, 3, 4].reduce((sum, seed) => sum + bestAfter(12, here, { seed, ...options }), 0) / 4;

  it("begins with what was best there, and is sooner at the optimum of a like problem", () => {
    const earlier = trialsOf(bowl([10, 4, 8], 300));
    const study = new Study(space, { seed: 1, earlier });
    const best = earlier.toSorted((a, b) => a.value - b.value)[0]!;
    expect(study.ask()[0]?.config).toEqual(best.config);
    expect(mean({ earlier })).toBeLessThan(0.5 * mean({}));
  });

  it("is not led astray for long by a problem that is unlike", () => {
    const opposite = trialsOf((config) => 1 / bowl([11, 4, 7], 1)(config));
    const after = (options: object) =>
      [1, 2, 3, 4].reduce((sum, seed) => sum + bestAfter(30, here, { seed, ...options }), 0) / 4;
    expect(after({ earlier: opposite })).toBeLessThan(1.5 * after({}));
  });

  it("leaves out what is not valid here, and too little to learn from", () => {
    const config = { x: 3, y: 1, z: 1, w: 2 };
    const valid = { config: { ...config, w: 1 }, value: 2 };
    const study = new Study(space, { seed: 1, earlier: [...Array(9).fill({ config, value: 1 }), valid] });
    expect(study.ask()[0]?.phase).toBe("design");
  });
});

it("the trials of a log are those that worked", () => {
  let text = "";
  const store = {
    read: () => text,
    append: (line: string) => {
      text += line;
    },
    truncate: () => {},
  };
  const logged = new LoggedStudy(space, store, { seed: 2, environment: {} });
  const asked = logged.ask(3);
  logged.tell(asked[0]!.id, { ok: true, value: 5 });
  logged.tell(asked[1]!.id, { ok: false, kind: "crash" });
  expect(earlierTrials(text)).toEqual([{ config: asked[0]!.config, value: 5 }]);
});
