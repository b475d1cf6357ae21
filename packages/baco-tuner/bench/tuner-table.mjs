// The runs that bench/tuner.mjs kept, as tables in Markdown: docs/tuner-recorded.md.
// Usage: node bench/tuner-table.mjs RUNS.jsonl...
import { readFileSync } from "node:fs";
import { Random } from "../dist/index.js";

const marks = [20, 40, 60];
const six = [
  "conv_kt-RTX_3090",
  "conv_milo-A100",
  "gemm-RTX_3090",
  "pnpoly-RTX_3090",
  "rise_stencil-rtxtitan",
  "taco_spmm-2630",
];
const recorded = [
  ["BaCO, branch Original", "1.184 / 1.088 / 1.074"],
  ["Optuna, GP", "1.290 / 1.148 / 1.118"],
  ["Optuna, TPE", "1.263 / 1.157 / 1.124"],
  ["scikit-optimize, forest", "1.270 / 1.165 / 1.131"],
  ["SMAC3, forest", "1.362 / 1.201 / 1.139"],
  ["ATF embedding and OpenTuner", "1.353 / 1.222 / 1.187"],
];

/** tuner → space → seed → best over the optimum after each evaluation; Infinity before anything worked. */
const runs = new Map();
for (const file of process.argv.slice(2)) {
  for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
    const { key, reached } = JSON.parse(line);
    const [tuner, space, seed] = key.split(" ");
    if (!runs.has(tuner)) runs.set(tuner, new Map());
    const spaces = runs.get(tuner);
    if (!spaces.has(space)) spaces.set(space, new Map());
    spaces.get(space).set(
      Number(seed),
      reached.map((ratio) => ratio ?? Number.POSITIVE_INFINITY),
    );
  }
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const geometric = (values) => Math.exp(mean(values.map(Math.log)));
/** Runs of a space in which something worked within the fewest evaluations that count. */
const finished = (space) => [...space.values()].filter((reached) => Number.isFinite(reached[marks[0] - 1]));
const meansOf = (some) => marks.map((mark) => mean(some.map((reached) => reached[mark - 1])));
const shown = (ratios) => ratios.map((ratio) => (ratio >= 10 ? ratio.toFixed(1) : ratio.toFixed(3))).join(" / ");

function within(space, limit) {
  const steps = [...space.values()]
    .map((reached) => reached.findIndex((ratio) => ratio <= limit) + 1)
    .map((step) => (step === 0 ? Number.POSITIVE_INFINITY : step))
    .sort((a, b) => a - b);
  const middle = steps[(steps.length - 1) >> 1];
  const hits = steps.filter(Number.isFinite).length;
  return `${hits}/${steps.length}${Number.isFinite(middle) ? `, ${middle}` : ""}`;
}

function row(name) {
  const cells = ["model", "plain", "random"].map((tuner) => {
    const space = runs.get(tuner)?.get(name);
    if (space === undefined || finished(space).length === 0) return "";
    const none = space.size - finished(space).length;
    return `${shown(meansOf(finished(space)))} ·${space.size}${none > 0 ? ` (${none} none)` : ""}`;
  });
  const model = runs.get("model").get(name);
  return `| ${name} | ${cells.join(" | ")} | ${within(model, 1.05)} | ${within(model, 1.1)} |`;
}

const names = [...runs.get("model").keys()].sort();
console.log(
  "| space | model | plain | random | model within 5 % | within 10 % |\n| --- | --- | --- | --- | --- | --- |",
);
for (const name of names) console.log(row(name));

/** 95 % of the geometric means over spaces of means over resampled seeds. */
function interval(spaces, mark, random) {
  const draws = Array.from({ length: 1000 }, () =>
    geometric(spaces.map((some) => mean(some.map(() => some[random.below(some.length)][mark - 1])))),
  ).sort((a, b) => a - b);
  return `${draws[25].toFixed(3)}..${draws[974].toFixed(3)}`;
}

for (const [what, picked] of [
  ["the six spaces that other tuners were run on", six],
  [`all ${names.length} spaces`, names],
]) {
  console.log(
    `\nGeometric means over ${what}:\n\n| tuner | after 20 / 40 / 60 | 95 % after 60 | seeds |\n| --- | --- | --- | --- |`,
  );
  for (const [tuner, spaces] of runs) {
    if (!picked.every((name) => spaces.has(name) && finished(spaces.get(name)).length > 0)) continue;
    const some = picked.map((name) => finished(spaces.get(name)));
    const ratios = marks.map((_, m) => geometric(some.map((each) => meansOf(each)[m])));
    const seeds = Math.min(...picked.map((name) => spaces.get(name).size));
    console.log(
      `| ${tuner} | ${shown(ratios)} | ${interval(some, marks.at(-1), new Random("bootstrap", tuner))} | ${seeds} |`,
    );
  }
  if (picked === six)
    for (const [tuner, ratios] of recorded) console.log(`| ${tuner}, recorded | ${ratios} | | 4 to 50 |`);
}
