import type { StudyView } from "../../src/view/study.ts";

/** Six evaluations of two parameters; the third is infeasible, the fifth crashed. */
export const smallStudy: StudyView = {
  name: "small",
  parameters: [
    { name: "tile", kind: "choice", values: ["8", "16"] },
    { name: "share", kind: "number", least: 0, most: 1 },
  ],
  objectives: [
    { name: "ns", goal: "minimize" },
    { name: "accuracy", goal: "maximize" },
  ],
  outcomes: ["ok", "infeasible", "crash"],
  evaluations: {
    config: [
      [0, 1, 0, 1, 1, 0],
      [0, 0.5, 1, 0.25, 0.75, 1],
    ],
    values: [
      [9, 7, null, 8, null, 7],
      [0.5, 0.6, null, 0.9, null, 0.1],
    ],
    outcome: [0, 0, 1, 0, 2, 0],
  },
};
