/** The kinds of views that a run can leave behind; each has its document in a file of this folder. */
export const viewKinds = [
  "graph",
  "passes",
  "timeline",
  "study",
  "points",
  "units",
  "placement",
  "counters",
  "table",
  "text",
] as const;

/** One of {@link viewKinds}. */
export type ViewKind = (typeof viewKinds)[number];
