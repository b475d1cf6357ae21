// The enumerator: operators applied a second, tasks solved in so many seconds of one core each, beside the recorded
// prototype; and the size of prompts. Usage, after a build: node bench/enumerate.mjs [--seconds N]
import { enumerate, proposerPrompt, Verifier } from "../dist/index.js";
import { median, tasks } from "./recorded.mjs";

const at = process.argv.indexOf("--seconds");
const seconds = at < 0 ? 60 : Number(process.argv[at + 1]);
// Seconds of a prototype in Python that applied 300 to 2,500 operators a second, cut off after 150.
const prototype = {
  "attn/G_0_4_01": 0.2,
  "attn/G_0_6_01": 3.2,
  "bmm/bmm_0": 2.8,
  "bmm/bmm_1": 85.9,
  "gemm/G_0_7_01": 5,
  "gemm/G_0_6_03": 7.4,
  "rope/G_0_3_02": 0.1,
  "rope/G_0_4_01": 0.2,
  "index/G_0_3_03": 0.1,
  "index/G_0_13_02": 71.5,
};

console.log(`No language model is involved. Seconds of one core, ${seconds} for each task at most.\n`);
let solved = 0;
const rates = [];
for (const task of tasks) {
  const verifier = new Verifier(task);
  const start = process.cpuUsage().user;
  const spent = () => (process.cpuUsage().user - start) / 1e6;
  const found = enumerate(verifier, { maximumApplications: 1e9, expired: () => spent() > seconds });
  const taken = spent();
  rates.push(found.applications / taken);
  if (found.stop === "solved") solved++;
  const before = prototype[task.id] === undefined ? "" : `; prototype ${prototype[task.id]} s`;
  console.log(
    `  ${task.id.padEnd(16)} ${found.stop.padEnd(8)} ${taken.toFixed(2)} s, ${found.applications} operators applied${before}`,
  );
}
console.log(
  `${solved} of ${tasks.length} solved; ${median(rates).toFixed(0)} operators a second, median over the tasks`,
);
const lengths = tasks.map((task) => proposerPrompt(task, []).length);
console.log(
  `prompt without demonstrations: ${median(lengths)} characters (as published 14,400; as bare Python 22,700)`,
);
