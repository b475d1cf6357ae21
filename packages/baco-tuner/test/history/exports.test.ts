import { describe, expect, it } from "vitest";
import { readCsv, writeCsv } from "../../src/history/csv.ts";
import { writeOptunaJournal } from "../../src/history/optuna-journal.ts";
import { createSpace } from "../../src/space/create-space.ts";
import { Study } from "../../src/study/study.ts";

const space = createSpace([
  { kind: "ordinal", name: "tile", values: [1, 2.5, 4] },
  { kind: "categorical", name: "schedule", values: ["static", "dynamic, 4"] },
  { kind: "permutation", name: "loops", size: 3 },
  { kind: "real", name: "share", minimum: 0.1, maximum: 1, transform: "log" },
  { kind: "integer", name: "threads", minimum: 1, maximum: 4 },
]);
const study = new Study(space, { seed: 2 });
study.ask(6).forEach(({ id }, i) => {
  if (i < 5) study.tell(id, i === 3 ? { ok: false, kind: "infeasible" } : { ok: true, value: 1.5 * i + 0.1 });
});
const layout = { space, objective: "time", settings: study.settings };

describe("a CSV file", () => {
  const text = writeCsv(study.trials, layout, [7, 8, 9, 10, 11]);

  it("has a row per told trial and quotes cells with commas", () => {
    const lines = text.trimEnd().split("\n");
    expect(lines[0]).toBe("tile,schedule,loops,share,threads,time,Valid,Timestamp");
    expect(lines).toHaveLength(6);
    for (const line of lines.slice(1)) expect(line).toMatch(/"\(\d, \d, \d\)"/);
    expect(lines[4]).toMatch(/,inf,False,10$/);
  });

  it("reads back as it was written, in any order of columns and with other line ends", () => {
    const rows = readCsv(text, layout);
    expect(rows.map(({ config }) => config)).toEqual(study.trials.slice(0, 5).map(({ config }) => config));
    expect(rows.map(({ outcome }) => outcome)).toEqual(study.trials.slice(0, 5).map(({ outcome }) => outcome));
    const moved =
      'Valid,time,threads,loops,share,schedule,tile,more\r\nTrue, 3 ,2,(2, 0, 1),0.5,"dynamic, 4",2.5,x\r\n\r\n';
    expect(readCsv(moved, layout)).toEqual([
      {
        config: { tile: 2.5, schedule: "dynamic, 4", loops: [2, 0, 1], share: 0.5, threads: 2 },
        outcome: { ok: true, value: 3 },
      },
    ]);
  });

  it.each([
    [text.replace("time", "runtime"), /line 1: there is no column "time"/],
    [text.replace(/\n1,|\n2.5,|\n4,/, "\n3,"), /line 2, column tile: "3" is no value/],
    [`${text}1,static\n`, /line 7: 2 cells under 8 columns/],
    [text.replace(",0.1,True", ",fast,True"), /line 2, column time: "fast" is no number/],
  ])("with a fault is refused with its line", (faulty, message) => {
    expect(() => readCsv(faulty, layout)).toThrow(message);
  });
});

describe("an Optuna journal", () => {
  const lines = writeOptunaJournal(study.trials, space, { name: "tune", times: [] })
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

  it("creates the study, then each trial with its parameters and its end", () => {
    expect(lines[0]).toMatchObject({ op_code: 0, study_name: "tune", directions: [1] });
    const codes = lines
      .slice(1)
      .map(({ op_code }) => op_code)
      .join("");
    expect(codes).toBe(`${"4555556".repeat(3)}${"45555586"}${"4555556"}${"455555"}`);
    expect(lines.filter(({ op_code }) => op_code === 6).map(({ state, values }) => [state, values])).toEqual([
      [1, [0.1]],
      [1, [1.6]],
      [1, [3.1]],
      [3, null],
      [1, [6.1]],
    ]);
  });

  it("gives every value back through its distribution", () => {
    const back: Record<string, unknown>[] = [];
    for (const { op_code, trial_id, param_name, param_value_internal: value, distribution } of lines) {
      if (op_code === 4) back.push({});
      if (op_code !== 5) continue;
      const { name, attributes } = JSON.parse(distribution);
      back[trial_id]![param_name] = name === "CategoricalDistribution" ? attributes.choices[value] : value;
    }
    const wanted = study.trials.map(({ config }) => ({
      ...config,
      loops: `(${(config.loops as number[]).join(", ")})`,
    }));
    expect(back).toEqual(wanted);
  });
});
