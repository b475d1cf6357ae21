// The recorded tasks, programs and sets that the benchmarks read.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { readGolden, readTasks } from "../dist/index.js";

const read = (name) =>
  JSON.parse(gunzipSync(readFileSync(new URL(`../test/data/${name}.json.gz`, import.meta.url))).toString("utf8"));

export const rawTasks = read("tasks").tasks;
export const tasks = readTasks({ tasks: rawTasks });
export const corpus = read("verdicts").files;
const golden = read("golden").files;
export const goldenOf = (task) =>
  readGolden(
    golden.find(({ id }) => id === task.id),
    task,
  );

/** Seconds of the processor that `work` takes: other load does not count. */
export function cpuSeconds(work) {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Median seconds of `times` runs, after one that warms up. */
export function repeated(times, work) {
  work();
  return median(Array.from({ length: times }, () => cpuSeconds(work)));
}

/** Mean and half of the 95 % interval, as text. */
export const interval = ({ mean, halfWidth }, digits = 2) => `${mean.toFixed(digits)} +- ${halfWidth.toFixed(digits)}`;
