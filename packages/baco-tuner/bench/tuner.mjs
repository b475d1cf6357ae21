// Tuning of recorded spaces: best value so far over the recorded optimum after 20, 40 and 60 evaluations.
// Usage, after a build: node bench/tuner.mjs [--seeds N] [--only TUNER] [--keep RUNS.jsonl] [FOLDER | FILE.json.gz ...]
// Without files, the spaces of the tests. Four tuners run: ours (model); ours with a ceiling on bad values (ceiling); ours
// as the original program has it (plain: as many designed configurations as there are parameters and one more, 10,000
// candidates, 20 climbs); random draws. Runs that a kept file has are not repeated. Beside them stand figures of other
// tuners, recorded elsewhere (4 to 50 seeds each): means, and geometric means over spaces, after 20 / 40 / 60 evaluations.
// Times are of the processor, so that other load does not count.
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { Random, readRecordedSpace, Study } from "../dist/index.js";

const marks = [20, 40, 60];
const six = [
  "conv_kt-RTX_3090",
  "conv_milo-A100",
  "gemm-RTX_3090",
  "pnpoly-RTX_3090",
  "rise_stencil-rtxtitan",
  "taco_spmm-2630",
];
const others = {
  "conv_kt-RTX_3090": "BaCO 1.13/1.03/1.014, Optuna GP 1.34/1.08/1.008, TPE 1.25/1.09/1.036, SMAC3 1.40/1.22/1.096",
  "conv_milo-A100": "BaCO 1.71/1.41/1.345, Optuna GP 1.60/1.38/1.355, TPE 1.57/1.47/1.387, annealing 1.58/1.42/1.265",
  "gemm-RTX_3090": "BaCO 1.23/1.07/1.056, Optuna GP 1.49/1.34/1.320, TPE 1.32/1.24/1.211, SMAC3 1.44/1.24/1.175",
  "pnpoly-RTX_3090": "BaCO 1.06/1.01/1.004, Optuna GP 1.10/1.01/1.005, TPE 1.13/1.09/1.087, SMAC3 1.12/1.05/1.048",
  "rise_kmeans-rtxtitan": "Optuna GP 1.80/1.06/1.020, TPE 1.43/1.01/1.002, SMAC3 2.96/1.42/1.020",
  "rise_stencil-rtxtitan":
    "BaCO 1.01/1.00/1.001, Optuna GP 1.23/1.08/1.034, TPE 1.12/1.03/1.020, SMAC3 1.23/1.10/1.037",
  "taco_sddmm-2630": "Optuna GP 1.11/1.06/1.045, TPE 1.14/1.05/1.034, SMAC3 1.12/1.08/1.033",
  "taco_spmm-2630": "BaCO 1.12/1.07/1.065, Optuna GP 1.17/1.08/1.059, TPE 1.31/1.12/1.077, SMAC3 1.55/1.22/1.174",
};
const recorded = `over ${six.join(", ")}:
  BaCO, branch Original              1.184 / 1.088 / 1.074   0.69 to 3.2 s a suggestion
  Optuna GP                          1.290 / 1.148 / 1.118   0.10 to 0.29 s
  Optuna TPE                         1.263 / 1.157 / 1.124
  scikit-optimize, forest            1.270 / 1.165 / 1.131
  SMAC3, forest                      1.362 / 1.201 / 1.139
  ATF embedding and OpenTuner        1.353 / 1.222 / 1.187
  random draws                       1.379 / 1.275 / 1.229`;

const own = fileURLToPath(new URL("../test/data", import.meta.url));
const parsed = process.argv.slice(2);
function flag(name) {
  const at = parsed.indexOf(name);
  return at < 0 ? undefined : parsed.splice(at, 2)[1];
}
const seeds = Number(flag("--seeds") ?? 10);
const only = flag("--only");
const keep = flag("--keep");
const files = (parsed.length === 0 ? [own] : parsed)
  .flatMap((path) => (statSync(path).isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [path]))
  .filter((path) => /-[^/]*\.json\.gz$/.test(path) && !path.includes("cot-expected"));

const allTuners = {
  model: {},
  ceiling: { ceiling: 1 },
  plain: { candidates: 10_000, climbs: 20, ceiling: null },
  random: { method: "random" },
};

const tuners = Object.fromEntries(Object.entries(allTuners).filter(([name]) => only === undefined || name === only));

const kept = new Map();
if (keep !== undefined && existsSync(keep)) {
  for (const line of readFileSync(keep, "utf8").split("\n").filter(Boolean)) {
    const { key, reached, milliseconds } = JSON.parse(line);
    kept.set(key, { reached: reached.map((ratio) => ratio ?? Number.POSITIVE_INFINITY), milliseconds });
  }
}

function run(table, seed, tuner) {
  const key = `${tuner} ${table.name} ${seed}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const found = freshRun(table, seed, tuner);
  if (keep !== undefined) appendFileSync(keep, `${JSON.stringify({ key, ...found })}\n`);
  return found;
}

function freshRun(table, seed, tuner) {
  const { space } = table.scenario;
  const design = tuner === "plain" ? { designSamples: space.parameters.length + 1 } : {};
  const study = new Study(space, { seed, ...design, ...tuners[tuner] });
  const reached = [];
  const milliseconds = [];
  let best = Number.POSITIVE_INFINITY;
  for (let i = 1; i <= marks.at(-1); i++) {
    const before = process.cpuUsage();
    const [trial] = study.ask();
    const { user, system } = process.cpuUsage(before);
    if (i > 12) milliseconds.push((user + system) / 1000);
    if (trial !== undefined) {
      const value = table.values[table.rowFor(trial.config)];
      study.tell(trial.id, Number.isNaN(value) ? { ok: false, kind: "infeasible" } : { ok: true, value });
      if (value < best) best = value;
    }
    reached.push(best / table.best.value);
  }
  return { reached, milliseconds };
}

/** 95 % of the means of resampled seeds. */
function interval(values) {
  const random = new Random("bootstrap", values.length);
  const means = Array.from({ length: 2000 }, () => mean(values.map(() => values[random.below(values.length)])));
  means.sort((a, b) => a - b);
  return `${means[50].toFixed(2)}..${means[1949].toFixed(2)}`;
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const quantile = (values, share) => values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))];
const within = (runs, limit) => {
  const steps = runs.map(({ reached }) => reached.findIndex((ratio) => ratio <= limit) + 1).filter((step) => step > 0);
  return `${steps.length}/${runs.length} after ${steps.length > 0 ? quantile(steps, 0.5) : "-"}`;
};

const means = new Map();
for (const file of files) {
  const table = readRecordedSpace(gunzipSync(readFileSync(file)).toString("utf8"));
  if (table.best.value <= 0) continue;
  for (const method of Object.keys(tuners)) {
    const runs = Array.from({ length: seeds }, (_, seed) => run(table, seed + 1, method));
    const finished = runs.filter(({ reached }) => Number.isFinite(reached[marks[0] - 1]));
    const at = marks.map((mark) => mean(finished.map(({ reached }) => reached[mark - 1])));
    means.set(`${method} ${table.name}`, at);
    const times = runs.flatMap(({ milliseconds }) => milliseconds);
    console.log(
      `${table.name.padEnd(28)} ${method.padEnd(6)} ${at.map((ratio) => ratio.toFixed(3)).join(" / ")}`,
      `[${interval(finished.map(({ reached }) => reached[marks.at(-1) - 1]))}]`,
      `5 %: ${within(runs, 1.05)}, 10 %: ${within(runs, 1.1)}; nothing feasible at 20: ${runs.length - finished.length};`,
      `${quantile(times, 0.5).toFixed(1)} ms, p95 ${quantile(times, 0.95).toFixed(1)} ms`,
    );
  }
  if (table.name in others) console.log(`${table.name.padEnd(28)} recorded elsewhere: ${others[table.name]}`);
}
for (const [what, names] of [
  ["all of these", undefined],
  ["the six below", six],
]) {
  for (const method of Object.keys(tuners)) {
    const picked = [...means].filter(
      ([key]) => key.startsWith(method) && (names === undefined || names.some((name) => key.endsWith(` ${name}`))),
    );
    if (picked.length === 0 || (names !== undefined && picked.length < names.length)) continue;
    const geometric = marks.map((_, i) => Math.exp(mean(picked.map(([, at]) => Math.log(at[i])))).toFixed(3));
    const plain = marks.map((_, i) => mean(picked.map(([, at]) => at[i])).toFixed(3));
    console.log(
      `over ${what} (${picked.length}), ${method}: geometric mean ${geometric.join(" / ")}, mean ${plain.join(" / ")}`,
    );
  }
}
console.log(`recorded elsewhere, ${recorded}`);
