// What a suggestion costs with many samples, and the first one of a large space, in processor time.
// Usage, after a build: node bench/overhead.mjs [SPACE.json.gz]
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { Random, readRecordedSpace, Study } from "../dist/index.js";

const file = process.argv[2] ?? fileURLToPath(new URL("../test/data/gemm-RTX_3090.json.gz", import.meta.url));

function cpuMilliseconds(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const text = gunzipSync(readFileSync(file)).toString("utf8");
let table;
console.log(`${file}`);
const first = cpuMilliseconds(() => {
  table = readRecordedSpace(text);
  new Study(table.scenario.space, { seed: 1 }).ask();
});
console.log(
  `reading the space and the first suggestion: ${first.toFixed(0)} ms (${table.scenario.space.size} configurations)`,
);
for (const told of [20, 60, 200, 1000, 10_000]) {
  const study = new Study(table.scenario.space, { seed: 1 });
  const random = new Random("points");
  for (const point of study.space.sample(told, random)) {
    const config = study.space.configAt(point);
    const value = table.values[table.rowFor(config)];
    study.tellConfig(config, Number.isNaN(value) ? { ok: false, kind: "infeasible" } : { ok: true, value });
  }
  // The design is over once enough was told; what is measured are suggestions of the model.
  const times = [];
  for (let i = 0; i < 12 + study.space.parameters.length; i++) {
    let trial;
    const time = cpuMilliseconds(() => {
      [trial] = study.ask();
    });
    const value = table.values[table.rowFor(trial.config)];
    study.tell(trial.id, Number.isNaN(value) ? { ok: false, kind: "infeasible" } : { ok: true, value });
    if (trial.phase === "model") times.push(time);
  }
  times.sort((a, b) => a - b);
  console.log(
    `${String(told).padStart(6)} told: median ${times[times.length >> 1]?.toFixed(1)} ms, most ${times.at(-1)?.toFixed(1)} ms`,
  );
}
