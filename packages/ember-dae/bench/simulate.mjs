/**
 * How fast machines are simulated and traces are analysed, in processor time, the best of several rounds.
 *
 *   node bench/simulate.mjs [--lookups N] [--rounds N]
 *
 * Simulated lookups per second are beside the interpreter of the same decoupled program, which computes values but no times.
 * Stack distances are beside twice as many: O(n log n) takes little more than twice as long.
 */
import { parseArgs } from "node:util";
import {
  bagsOf,
  compile,
  instantiate,
  interpretDlc,
  machineNamed,
  memoryFrom,
  operationNest,
  simulateOperation,
  stackDistances,
} from "@millrace/ember-dae";

import { sls, zipfTrace } from "./workloads.mjs";

const { values: flags } = parseArgs({
  options: { lookups: { type: "string", default: "20000" }, rounds: { type: "string", default: "3" } },
});
const [lookups, rounds] = [Number(flags.lookups), Number(flags.rounds)];

function best(run) {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1e6);
  }
  return least;
}

const perSecond = (count, seconds) => `${Math.round(count / seconds / 1000).toLocaleString("en")} k/s`.padStart(12);

const [rows, width] = [50_000, 64];
const fibres = bagsOf(zipfTrace(lookups, rows, 0.8), 64);
const table = memoryFrom("f32", [rows, width], new Float64Array(rows * width));
console.log(`${lookups.toLocaleString("en")} lookups, rows of ${width}`);
console.log("level        simulated  interpreted   ratio");
for (const level of [0, 1, 2, 3]) {
  const timed = best(() => simulateOperation({ operation: sls, fibres, rows, width }, machineNamed("dae"), { level }));
  const { dlc } = compile(operationNest(sls), { level });
  const valued = best(() => interpretDlc(dlc, instantiate(sls, { table, fibres }).memories));
  console.log(
    `emb-opt${level} ${perSecond(lookups, timed)} ${perSecond(lookups, valued)}  ${(valued / timed).toFixed(2).padStart(5)}x`,
  );
}

console.log("\nstack distances");
for (const exponent of [0, 0.8, 1.05]) {
  const [once, twice] = [131_072, 262_144].map((count) => {
    const trace = zipfTrace(count, 1_000_000, exponent);
    return best(() => stackDistances(trace));
  });
  console.log(
    `Zipf ${exponent}: 131,072 in ${(1000 * once).toFixed(0)} ms; twice as many take ${(twice / once).toFixed(2)} times as long`,
  );
}
