// What planning takes of a run, at a million entries and 64 units, CPU time; nothing is kept from one run to the next.
import { csr, uniformTensor } from "@millrace/tensor";
import { compileKernel } from "../dist/index.js";
import { ramp, stored } from "./inputs.mjs";

/** Prints the shares. */
export async function planningShare({ engines }) {
  const matrix = (seed) => stored(uniformTensor({ shape: [150000, 150000], entries: 1e6, seed }));
  const [A, B, C, D] = [1, 2, 3, 4].map(matrix);
  const cases = [
    ["spmv", "y(i) = A(i,j) * x(j)", { A, x: ramp([150000]) }],
    ["add2", "C(i,j) = A(i,j) + B(i,j)", { A, B }, csr],
    ["add4", "E(i,j) = A(i,j) + B(i,j) + C(i,j) + D(i,j)", { A, B, C, D }, csr],
    ["spgemm", "C(i,k) = A(i,j) * B(j,k)", { A, B }, csr],
  ];
  const now = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) * 1000;
  };
  for (const [target, engine] of engines)
    for (const [name, text, operands, resultFormat] of cases) {
      const kernel = compileKernel(text, { operands, engine, ...(resultFormat === undefined ? {} : { resultFormat }) });
      let [plan, run] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
      for (let at = 0; at < (name === "spgemm" ? 5 : 24); at++) {
        const { planNs, runNs } = await kernel.run({ units: 64, now });
        if (at < 2) continue;
        plan = Math.min(plan, planNs);
        run = Math.min(run, runNs);
      }
      kernel.release();
      const share = (100 * plan) / (plan + run);
      console.log(
        `planning ${name.padEnd(7)} ${target.padEnd(6)} ${share.toFixed(2)} % of ${((plan + run) / 1e6).toFixed(2)} ms`,
      );
    }
}
