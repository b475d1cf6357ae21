// Chains of trees: how long the published scenarios take to build, beside what BaCO itself took (recorded on another
// machine), memory, membership tests, draws and how even they are. Usage, after a build: node bench/space.mjs
// A limit that does not hold is named, and ends the bench with status 1: 100 ms for each file, 64 MB in all.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { checkScenario, Random } from "../dist/index.js";

const packed = (name) =>
  JSON.parse(gunzipSync(readFileSync(new URL(`../test/data/${name}`, import.meta.url))).toString("utf8"));
const sorted = (value) =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === "object" && value !== null
      ? Object.fromEntries(
          Object.keys(value)
            .sort()
            .map((key) => [key, sorted(value[key])]),
        )
      : value;

const expected = new Map(Object.entries(packed("cot-expected.json.gz")));
const files = new Map();
for (const { path, scenario } of packed("scenarios.json.gz")) {
  if (scenario?.input_parameters === undefined) continue;
  const key = createHash("sha1")
    .update(JSON.stringify(sorted(scenario.input_parameters)))
    .digest("hex");
  if (expected.has(key)) files.set(key, { path, text: JSON.stringify(scenario) });
}

function cpuMilliseconds(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const built = [...files].map(([key, { path, text }]) => {
  let scenario;
  // The fastest of three counts: what else the machine does is not our cost.
  const ms = Math.min(
    ...[1, 2, 3].map(() =>
      cpuMilliseconds(() => {
        ({ scenario } = checkScenario({ name: path, text }));
      }),
    ),
  );
  return { path, ms, seconds: expected.get(key).seconds, space: scenario?.space };
});
built.sort((a, b) => b.ms - a.ms);
for (const { path, ms, seconds, space } of built.slice(0, 8)) {
  console.log(
    `${ms.toFixed(1).padStart(7)} ms, BaCO ${seconds.toFixed(2)} s: ${path} (${space?.size ?? "with reals"} valid)`,
  );
}
const total = built.reduce((sum, { ms }) => sum + ms, 0);
const theirs = built.reduce((sum, { seconds }) => sum + seconds, 0);
console.log(`${built.length} scenarios: ${total.toFixed(0)} ms in all, BaCO ${theirs.toFixed(1)} s`);

const memory = process.memoryUsage();
const megabytes = (memory.heapUsed + memory.arrayBuffers) / 1e6;
console.log(`memory with all of them built: ${megabytes.toFixed(0)} MB`);

const large = built.filter(({ space }) => space?.size > 1_000_000n && space.trees.length > 1).map(({ space }) => space);
const random = new Random("space");
let points = 0;
const drawing = cpuMilliseconds(() => {
  for (const space of large) for (let i = 0; i < 20_000; i++) if (space.draw(random)) points += 1;
});
const tested = large.flatMap((space) => Array.from({ length: 1000 }, () => ({ space, point: space.draw(random) })));
let inside = 0;
const testing = cpuMilliseconds(() => {
  for (let round = 0; round < 40; round++)
    for (const { space, point } of tested) if (space.contains(point)) inside += 1;
});
console.log(
  `draws: ${(points / drawing / 1000).toFixed(2)} million/s over ${large.length} spaces of more than a million`,
);
console.log(`membership: ${(inside / testing / 1000).toFixed(2)} million/s`);

/** Pearson's statistic of 10,000 draws over 100 ranges of ranks: 99 degrees of freedom. */
function unevenness(space) {
  const ranges = 100n;
  const counts = new Float64Array(Number(ranges));
  for (let i = 0; i < 10_000; i++) counts[Number((space.rankOf(space.draw(random)) * ranges) / space.size)] += 1;
  const start = (range) => (BigInt(range) * space.size + ranges - 1n) / ranges;
  return counts.reduce((sum, count, range) => {
    const expected = (10_000 * Number(start(range + 1) - start(range))) / Number(space.size);
    return sum + (count - expected) ** 2 / expected;
  }, 0);
}
// One in ten thousand even samples is above 160.1.
const uneven = large.map(unevenness).sort((a, b) => a - b);
console.log(
  `10,000 draws over 100 ranges of ranks: chi-square ${uneven[uneven.length >> 1].toFixed(1)} in the middle of ${uneven.length} spaces, ${uneven.at(-1).toFixed(1)} at most (99 expected)`,
);

const slow = built.filter(({ ms }) => ms > 100);
for (const { path, ms } of slow) console.log(`does not hold: ${path} takes ${ms.toFixed(0)} ms to build, not 100`);
if (megabytes > 64) console.log(`does not hold: ${megabytes.toFixed(0)} MB, not 64`);
if (uneven.at(-1) > 160.1) console.log("does not hold: draws are not even");
if (slow.length > 0 || megabytes > 64 || uneven.at(-1) > 160.1) process.exitCode = 1;
