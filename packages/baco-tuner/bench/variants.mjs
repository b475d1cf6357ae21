// What options change: the best value after some evaluations, over that of plain studies with the same seeds.
// Usage, after a build: node bench/variants.mjs VARIANT [--seeds N] FOLDER, the folder of recorded spaces
//   earlier      follow a study of 40 evaluations of the same kernel on another device: after 10 and 20 evaluations
//   automatic    surrogate chosen by held-out points: after 40 and 60
//   batches      64 evaluations in batches of 8
//   hypervolume  cycles and area of an FPGA design, by expected hypervolume: the volume after 40 and 60
// Below 1 the option is better (of volumes, above 1). Ratios are geometric means over spaces and seeds with 95 % intervals
// from resampled seeds.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { hypervolume, Random, readRecordedSpace, Study } from "../dist/index.js";

const pairs = [
  ["gemm-RTX_3090", "gemm-RTX_Titan"],
  ["conv_kt-RTX_3090", "conv_kt-RTX_Titan"],
  ["pnpoly-RTX_3090", "pnpoly-RTX_3060_laptop"],
  ["conv_milo-A100", "conv_milo-A6000"],
  ["conv_milo-A100", "conv_milo-MI250X"],
  ["dedisp_milo-W6600", "dedisp_milo-MI250X"],
];
const eight = [
  "conv_kt-RTX_3090",
  "conv_milo-A100",
  "gemm-RTX_3090",
  "pnpoly-RTX_3090",
  "rise_kmeans-rtxtitan",
  "rise_stencil-rtxtitan",
  "taco_sddmm-2630",
  "taco_spmm-2630",
];

const words = process.argv.slice(2);
const seedsAt = words.indexOf("--seeds");
const seeds = seedsAt < 0 ? 10 : Number(words.splice(seedsAt, 2)[1]);
const [variant, folder] = words;

function read(name) {
  const file = join(folder, `${name}.json.gz`);
  if (!existsSync(file)) return undefined;
  const text = gunzipSync(readFileSync(file)).toString("utf8");
  return { ...JSON.parse(text), table: readRecordedSpace(text) };
}

/** The trials of a study, told what the table says; `objectivesOf` gives several values for a row. */
function trialsOf({ table }, budget, { batch = 1, objectivesOf, ...options }) {
  const study = new Study(table.scenario.space, options);
  for (let told = 0; told < budget; ) {
    const asked = study.ask(Math.min(batch, budget - told));
    if (asked.length === 0) break;
    for (const { id, config } of asked) {
      const row = table.rowFor(config);
      const value = table.values[row];
      const objectives = objectivesOf?.(row);
      if (Number.isNaN(value)) study.tell(id, { ok: false, kind: "infeasible" });
      else study.tell(id, { ok: true, value, ...(objectives && { objectives }) });
      told += 1;
    }
  }
  return study.trials;
}

const valuesOf = (trials) => trials.map(({ outcome }) => (outcome?.ok ? outcome.value : Number.POSITIVE_INFINITY));
const bestOf = (trials, count) => Math.min(...valuesOf(trials).slice(0, count));
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Prints the geometric mean of ratios, [spaces][seeds], with its interval. */
function summary(what, ratios) {
  const logs = ratios.map((row) => row.filter((ratio) => Number.isFinite(ratio) && ratio > 0).map(Math.log));
  const filled = logs.filter((row) => row.length > 0);
  const random = new Random("bootstrap", what);
  const draws = Array.from({ length: 2000 }, () =>
    mean(filled.map((row) => mean(row.map(() => row[random.below(row.length)])))),
  ).sort((a, b) => a - b);
  const [low, middle, high] = [draws[50], mean(filled.map(mean)), draws[1949]].map((log) => Math.exp(log).toFixed(3));
  console.log(`${what}: ${middle} [${low}, ${high}], ${filled.length} spaces, ${seeds} seeds`);
}

/** Compares options with none on spaces, at some counts of evaluations. */
function compare(spaces, marks, optionsFor) {
  const found = spaces.map((space) =>
    Array.from({ length: seeds }, (_, at) => {
      const seed = at + 1;
      const budget = Math.max(...marks);
      const [plain, other] = [{}, optionsFor(space, seed)].map((options) =>
        trialsOf(space, budget, { seed, ...options }),
      );
      return marks.map((mark) => bestOf(other, mark) / bestOf(plain, mark));
    }),
  );
  spaces.forEach((space, s) => {
    console.log(
      `  ${space.name.padEnd(28)} ${marks.map((_, m) => Math.exp(mean(found[s].map((row) => Math.log(row[m])))).toFixed(3)).join(" / ")}`,
    );
  });
  marks.forEach((mark, m) => {
    summary(
      `${variant} after ${mark}`,
      found.map((rows) => rows.map((row) => row[m])),
    );
  });
}

/** Volumes below the worst feasible values, of cycles and area on logarithmic scales. */
function compareVolumes(space) {
  const { ALMs } = space.extra;
  const objectivesOf = (row) => [space.table.values[row], ALMs[row]];
  const rows = [...space.table.values.keys()].filter((row) => !Number.isNaN(space.table.values[row])).map(objectivesOf);
  const reference = [0, 1].map((i) => Math.log(Math.max(...rows.map((row) => row[i]))) + 1e-9);
  const volume = (trials, count) =>
    hypervolume(
      trials.slice(0, count).flatMap(({ outcome }) => (outcome?.ok ? [outcome.objectives.map(Math.log)] : [])),
      reference,
    );
  for (const mark of [40, 60]) {
    const ratios = Array.from({ length: seeds }, (_, at) => {
      const [plain, other] = ["tchebyshev", "hypervolume"].map((severalObjectives) =>
        volume(trialsOf(space, mark, { seed: at + 1, objectivesOf, severalObjectives }), mark),
      );
      return other / plain;
    });
    summary(`hypervolume after ${mark}`, [ratios]);
  }
}

const present = (names) => names.map(read).filter((space) => space !== undefined);
if (variant === "earlier") {
  const sources = new Map(pairs.map(([from, to]) => [to, read(from)]));
  compare(present(pairs.map(([, to]) => to)), [10, 20], ({ name }, seed) => {
    const trials = trialsOf(sources.get(name), 40, { seed: `source ${seed}` });
    return { earlier: trials.flatMap(({ config, outcome }) => (outcome.ok ? [{ config, value: outcome.value }] : [])) };
  });
} else if (variant === "automatic") compare(present(eight), [40, 60], () => ({ surrogate: "automatic" }));
else if (variant === "batches") compare(present(eight), [64], () => ({ batch: 8 }));
else if (variant === "hypervolume") compareVolumes(read("spatial_blackscholes-FPGA"));
else console.log("name a variant: earlier, automatic, batches or hypervolume");
