import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readScenario } from "@millrace/baco-tuner";
import { readPointsView, readStudyView } from "@millrace/studio";
import { type JobOutcome, type Json, jobOf } from "@millrace/sweep";
import { expect, test } from "vitest";
import { RunFolder } from "../../src/files/run-folder.ts";
import { sweepTrials } from "../../src/sweep/sweep-trials.ts";
import { keepStudyViews } from "../../src/tuning/report/study-view.ts";
import { folderWith } from "../support/folder.ts";

const scenario = readScenario({
  name: "two.json",
  text: JSON.stringify({
    application_name: "two",
    optimization_objectives: ["ns", "bytes"],
    input_parameters: {
      tile: { parameter_type: "ordinal", values: [1, 2, 4, 8], transform: "log" },
      lanes: { parameter_type: "integer", values: [1, 9] },
      loops: { parameter_type: "permutation", values: [2] },
    },
  }),
});

const configs = [1, 2, 4, 8, 8].map((tile, at) => ({ tile, lanes: at + 1, loops: at % 2 === 0 ? [0, 1] : [1, 0] }));
const jobs = configs.map((config) => jobOf("task", config as Json));
const outcomes: readonly (JobOutcome | undefined)[] = [
  { id: "0", ok: true, value: { ns: 9, bytes: 1 } },
  { id: "1", ok: true, value: { feasible: false, reason: "no room" } },
  undefined,
  { id: "3", ok: false, kind: "timeout", message: "after 1 s" },
  { id: "4", ok: true, value: { ns: 4, bytes: 3 } },
];

test("a sweep is kept as a study of what ended, failures by their kinds, and as designs", () => {
  const folder = folderWith();
  const trials = sweepTrials({ name: "two:x", scenario, jobs }, { outcomes, seed: 1 });
  keepStudyViews(new RunFolder(folder, "kept", ["millrace", "sweep"]), trials);
  const open = (file: string): unknown => JSON.parse(readFileSync(join(folder, "kept/views", file), "utf8"));
  expect(readStudyView(open("study.json"))).toEqual({
    name: "two:x",
    parameters: [
      { name: "tile", kind: "choice", values: ["1", "2", "4", "8"] },
      { name: "lanes", kind: "number", least: 1, most: 9 },
      { name: "loops", kind: "choice", values: ["(0, 1)", "(1, 0)"] },
    ],
    objectives: [
      { name: "ns", goal: "minimize" },
      { name: "bytes", goal: "minimize" },
    ],
    outcomes: ["ok", "infeasible", "timeout"],
    evaluations: {
      config: [
        [0, 1, 3, 3],
        [1, 2, 4, 5],
        [0, 1, 1, 0],
      ],
      values: [
        [9, null, null, 4],
        [1, null, null, 3],
      ],
      outcome: [0, 1, 2, 0],
    },
  });
  expect(readPointsView(open("points.json")).points.map(({ values }) => values)).toEqual([
    [9, 1],
    [4, 3],
  ]);
});
