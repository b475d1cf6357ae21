import { describe, expect, it } from "vitest";
import { createSpace } from "../../src/space/create-space.ts";
import type { Config, Parameter } from "../../src/space/parameter.ts";
import { Study, type StudyOptions } from "../../src/study/study.ts";
import type { Outcome } from "../../src/study/trial.ts";
import { type RecordedSpace, readRecordedSpace } from "../../src/table/recorded-space.ts";
import { readPacked } from "../support/recorded-files.ts";

const table = (name: string) => readRecordedSpace(JSON.stringify(readPacked(`${name}.json.gz`)));
const coulomb = table("ktt_coulomb3d-RTX_2080_Ti");

function answer(recorded: RecordedSpace, config: Config): Outcome {
  const value = recorded.values[recorded.rowFor(config)]!;
  return Number.isNaN(value) ? { ok: false, kind: "infeasible" } : { ok: true, value };
}

function run(recorded: RecordedSpace, budget: number, options: StudyOptions = {}): Study {
  const study = new Study(recorded.scenario.space, options);
  for (let i = 0; i < budget; i++) for (const { id, config } of study.ask()) study.tell(id, answer(recorded, config));
  return study;
}
const configs = (study: Study) => study.trials.map(({ config }) => JSON.stringify(config));

const grid: Parameter[] = [
  { kind: "integer", name: "a", minimum: 0, maximum: 3, default: 2 },
  { kind: "integer", name: "b", minimum: 0, maximum: 3, default: 0, constraints: ["a + b <= 4"] },
];

describe("a study of a hostile objective", () => {
  const values = Array.from({ length: 12 }, (_, i) => i);
  const space = createSpace(["x", "y"].map((name) => ({ kind: "ordinal", name, values })));
  const told = (outcomeOf: (config: Config, i: number) => Outcome) => {
    const study = new Study(space, { seed: 1 });
    for (let i = 0; i < 30; i++) for (const { id, config } of study.ask()) study.tell(id, outcomeOf(config, i));
    expect(new Set(configs(study)).size).toBe(30);
    return study;
  };

  it.each<[string, (config: Config, i: number) => Outcome, number]>([
    ["always fails", () => ({ ok: false, kind: "crash" }), 0],
    ["is constant", () => ({ ok: true, value: 7 }), 30],
    ["is negative, zero and positive", ({ x }) => ({ ok: true, value: (x as number) - 5 }), 30],
    ["is not a number every third time", (_, i) => ({ ok: true, value: i % 3 === 0 ? Number.NaN : 1 + i }), 20],
    ["is infinite once", (_, i) => ({ ok: true, value: i === 9 ? Number.POSITIVE_INFINITY : 1 + i }), 29],
    ["spans all magnitudes", ({ x, y }) => ({ ok: true, value: 10 ** (25 * ((x as number) - (y as number))) }), 30],
    ["works by chance", (_, i) => (i % 2 ? { ok: true, value: i } : { ok: false, kind: "timeout" }), 15],
  ])("that %s asks on, and counts each trial once", (_, outcomeOf, working) => {
    const study = told(outcomeOf);
    expect(study.trials.filter(({ outcome }) => outcome?.ok)).toHaveLength(working);
    expect(study.best === undefined).toBe(working === 0);
  });

  it("is not believed when it says another thing of the same trial", () => {
    const study = told(() => ({ ok: true, value: 1 }));
    expect(() => study.tell(3, { ok: false, kind: "infeasible" })).toThrow(/trial 3 was told/);
    study.tell(3, { ok: true, value: 1 });
    expect(study.trials).toHaveLength(30);
  });
});

describe("a study", () => {
  it("asks every configuration once and is then exhausted", () => {
    const study = new Study(createSpace(grid), { seed: 3 });
    const asked = study.ask(100);
    expect(asked).toHaveLength(13);
    expect(new Set(configs(study)).size).toBe(13);
    expect([study.state, study.ask()]).toEqual(["exhausted", []]);
  });

  it("asks the default first, then what was enqueued, then the design", () => {
    const study = new Study(createSpace(grid), { seed: 3 });
    study.enqueue({ a: 1, b: 1 });
    expect(study.ask(3).map(({ phase }) => phase)).toEqual(["default", "enqueued", "design"]);
    expect(study.trials[0]?.config).toEqual({ a: 2, b: 0 });
    expect(() => study.enqueue({ a: 1, b: 1 })).toThrow(/before/);
    expect(() => study.enqueue({ a: 3, b: 3 })).toThrow(/"a \+ b <= 4" does not hold/);
  });

  it("is the same with the same seed, and another with another", () => {
    expect(configs(run(coulomb, 25, { seed: 5 }))).toEqual(configs(run(coulomb, 25, { seed: 5 })));
    expect(configs(run(coulomb, 25, { seed: 5 }))).not.toEqual(configs(run(coulomb, 25, { seed: 6 })));
  });

  it("does not depend on the order in which a batch is told", () => {
    const [forwards, backwards] = [1, -1].map((direction) => {
      const study = new Study(coulomb.scenario.space, { seed: 2 });
      for (let round = 0; round < 3; round++) {
        const batch = study.ask(8);
        expect(new Set(batch.map(({ id }) => id)).size).toBe(8);
        for (const { id, config } of direction > 0 ? batch : batch.toReversed())
          study.tell(id, answer(coulomb, config));
      }
      return configs(study);
    });
    expect(forwards).toEqual(backwards);
    expect(new Set(forwards).size).toBe(24);
  });

  it("takes an outcome once, and refuses another or one of no trial", () => {
    const study = new Study(createSpace(grid));
    const [trial] = study.ask();
    study.tell(trial!.id, { ok: true, value: 1 });
    study.tell(trial!.id, { ok: true, value: 1 });
    expect(() => study.tell(trial!.id, { ok: true, value: 2 })).toThrow(expect.objectContaining({ code: "trial" }));
    expect(() => study.tell(9, { ok: true, value: 2 })).toThrow(/no trial 9; 1 were asked/);
  });

  it("goes on with objectives that fail, are not finite, are negative or constant", () => {
    const outcomes: ((i: number) => Outcome)[] = [
      () => ({ ok: false, kind: "crash" }),
      (i) => ({ ok: true, value: i % 2 === 0 ? Number.NaN : Number.POSITIVE_INFINITY }),
      (i) => ({ ok: true, value: -i }),
      () => ({ ok: true, value: 7 }),
      (i) => (i % 3 === 0 ? { ok: true, value: 1e300 * (i - 6) } : { ok: false, kind: "timeout" }),
    ];
    for (const outcome of outcomes) {
      const study = new Study(createSpace(grid), { seed: 1 });
      for (let i = 0; i < 13; i++) for (const { id } of study.ask()) study.tell(id, outcome(i));
      expect([study.trials.length, study.state]).toEqual([13, "exhausted"]);
    }
  });

  it("learns from what was evaluated elsewhere", () => {
    const study = new Study(createSpace(grid), { seed: 1 });
    study.tellConfig({ a: 0, b: 4 - 1 }, { ok: true, value: 0.5 });
    expect(study.best?.config).toEqual({ a: 0, b: 3 });
    expect(study.ask(20)).toHaveLength(12);
  });

  it("by order, by biased draws and with a forest asks distinct configurations too", () => {
    for (const options of [
      { method: "exhaustive" },
      { method: "biased" },
      { surrogate: "random_forest", trees: 20 },
    ] as const) {
      const study = run(coulomb, 30, { seed: 1, ...options });
      expect(new Set(configs(study)).size).toBe(30);
    }
  });
});

describe("on recorded spaces, 40 evaluations", () => {
  it.each([
    ["ktt_coulomb3d-RTX_2080_Ti", 1.02],
    ["pnpoly-RTX_3090", 1.05],
    ["conv_kt-RTX_3090", 1.15],
  ])("of %s come close to the optimum (mean ratio below %d over three seeds) and beat random draws", (name, most) => {
    const recorded = table(name);
    const mean = (options: StudyOptions) => {
      const ratios = [1, 2, 3].map(
        (seed) =>
          (run(recorded, 40, { seed, ...options }).best!.outcome as { value: number }).value / recorded.best.value,
      );
      return ratios.reduce((sum, ratio) => sum + ratio, 0) / 3;
    };
    const model = mean({});
    expect(model).toBeLessThan(most);
    expect(model).toBeLessThan(mean({ method: "random" }));
  });
});

it("where 96 % of the configurations fail, a working one is found within 60 evaluations", () => {
  const designs = table("spatial_blackscholes-FPGA");
  for (const seed of [1, 2, 3]) {
    const study = run(designs, 60, { seed });
    const working = study.trials.filter(({ outcome }) => outcome?.ok);
    expect(working.length).toBeGreaterThan(10);
    expect(new Set(configs(study)).size).toBe(60);
  }
});
