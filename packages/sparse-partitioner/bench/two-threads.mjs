// Two threads against one: sums of several operands, sums of tensors, and rows that are skewed. Wall time, and the CPU time of
// the busiest thread, which other programs on the machine do not change.
import { nodeHost, WorkerPool } from "@millrace/loop-ir";
import { csfFormat, csr } from "@millrace/tensor";
import { cEngine, compileKernel, wasmEngine } from "../dist/index.js";
import { ramp, stored } from "./inputs.mjs";
import { leastOf } from "./measure.mjs";

/** More than a third of the entries in one slice. */
function skewed(list) {
  const [first, ...others] = list.coordinates;
  const slices = Int32Array.from(first, (slice, e) => (e % 20 < 7 ? 7 : slice));
  return { ...list, coordinates: [slices, ...others] };
}

/** Prints how much faster two threads are, and what they cost in all. */
export async function twoThreads({ inputs, host, budget, rounds }) {
  const matrix = (name, seed) => stored(inputs.matrices[name](seed));
  const [A, B, C, D] = [1, 2, 3, 4].map((seed) => matrix("uniform 7 M", seed));
  const cube = inputs.cubes["uniform 3 M"]();
  const [T, S] = [stored(skewed(cube)), stored(cube)];
  const heavy = matrix("dense row 6 M", 1);
  const cases = [
    ["add4", "E(i,j) = A(i,j) + B(i,j) + C(i,j) + D(i,j)", { A, B, C, D }, csr],
    ["csf add", "U(i,j,k) = T(i,j,k) + S(i,j,k)", { T, S }, csfFormat(3)],
    ["spmv, one dense row", "y(i) = H(i,j) * x(j)", { H: heavy, x: ramp([heavy.shape[1]]) }],
    ["add2, one dense row", "C(i,j) = H(i,j) + A(i,j)", { H: heavy, A }, csr],
  ];
  const [b, c] = [ramp([2 ** 23]), ramp([2 ** 23])];
  const [M, N] = [ramp([256, 256]), ramp([256, 256])];
  // What the machine gives: no kernel out of cache gains more from a second thread than the first of these, none in cache
  // more than the second.
  cases.push(["memory", "a(i) = b(i) + 3 * c(i)", { b, c }]);
  cases.push(["arithmetic", "P(i,j) = M(i,k) * N(k,j)", { M, N }]);
  const pool = new WorkerPool(host ?? nodeHost(process), { workers: 2 });
  const engineOf = (options) => (host === undefined ? wasmEngine(options) : cEngine(host, options));
  for (const [name, text, operands, resultFormat] of cases) {
    const format = resultFormat === undefined ? {} : { resultFormat };
    const runs = [
      [1, {}],
      [2, { pool }],
    ].map(([units, options]) => {
      const kernel = compileKernel(text, { operands, engine: engineOf(options), reuseResults: true, ...format });
      const none = Number.POSITIVE_INFINITY;
      return { units, kernel, least: { wall: none, cpu: none, busiest: none } };
    });
    // In turn: what else the machine does in the meantime is the same for both.
    for (let round = 0; round < rounds; round++)
      for (const run of runs) {
        const found = await leastOf(() => run.kernel.run({ units: run.units }), budget);
        for (const time of Object.keys(run.least)) run.least[time] = Math.min(run.least[time], found[time]);
      }
    for (const { kernel } of runs) kernel.release();
    const [one, two] = runs.map(({ least }) => least);
    const faster = `${(one.wall / two.wall).toFixed(2)}x as fast, ${(one.busiest / two.busiest).toFixed(2)}x by the busiest thread`;
    const cost = `${(two.cpu / one.cpu).toFixed(2)}x the CPU time`;
    const rate = (ms) => `${((24 * 2 ** 23) / ms / 1e6).toFixed(1)} GB/s`;
    const times =
      name === "memory"
        ? `${rate(one.wall)} to ${rate(two.wall)}`
        : `${one.wall.toFixed(2)} ms to ${two.wall.toFixed(2)} ms`;
    console.log(`two threads ${name.padEnd(20)} ${times}: ${faster}, ${cost}`);
  }
  pool.close();
}
