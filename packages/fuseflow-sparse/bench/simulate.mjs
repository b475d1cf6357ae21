// Tokens per CPU-second through simulated SAM graphs, beside evaluation on nested lists (an object for each item) in the
// same run. Usage, after a build: node bench/simulate.mjs
import { pack, uniformTensor } from "@millrace/tensor";
import { evaluateSam, lowerExpression, simulateSam } from "../dist/index.js";

/** Recorded on a 2-core x86-64 machine (million tokens per second), for graphs of this size. */
const RECORDED = { comal: "Comal 2–8", "sam-sync": "SAM in Python 0.04–0.13" };

const matrix = (extent, entries, seed) =>
  pack(uniformTensor({ shape: [extent, extent], entries, seed, values: "quarters" }), {
    levels: [{ kind: "compressed" }, { kind: "compressed" }],
    modeOrder: [0, 1],
  });
const operands = (names, extent, entries) =>
  Object.fromEntries(names.map((name, k) => [name, matrix(extent, entries, k + 1)]));

const rows = [
  ["matmul ikj, 400²", "X(i,j) = B(i,k) * C(k,j)", ["i", "k", "j"], operands(["B", "C"], 400, 16_000)],
  ["matmul ikj, 1500²", "X(i,j) = B(i,k) * C(k,j)", ["i", "k", "j"], operands(["B", "C"], 1500, 20_000)],
  ["matmul ijk, 150²", "X(i,j) = B(i,k) * C(k,j)", ["i", "j", "k"], operands(["B"], 150, 4_000), "C"],
  ["sddmm, 150²", "X(i,j) = B(i,j) * C(i,k) * D(j,k)", ["i", "j", "k"], operands(["B", "C", "D"], 150, 9_000)],
  ["sum of 2000²", "X(i,j) = B(i,j) + C(i,j)", ["i", "j"], operands(["B", "C"], 2000, 200_000)],
];

/** Best of `repeats` runs, in million tokens per CPU-second. */
function rate(tokens, repeats, run) {
  let best = 0;
  for (let k = 0; k < repeats; k++) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    best = Math.max(best, tokens / (user + system));
  }
  return best;
}

const settings = [
  { profile: "comal" },
  { profile: "comal", memory: "hbm-burst" },
  { profile: "sam-sync" },
  { profile: "sam-sync", fifo: 8 },
  { profile: "sam-sync", memory: "hbm-burst" },
];

console.log(
  `${"graph".padEnd(18)}${"M tokens".padStart(9)}  ${"profile".padEnd(9)} ${"memory".padEnd(10)} ${"fifo".padEnd(4)}` +
    `${"M tokens/CPU-s".padStart(15)}${"on lists".padStart(10)}${"ratio".padStart(7)}  recorded elsewhere`,
);
for (const [name, expression, order, given, transposed] of rows) {
  const { graph } = lowerExpression(expression, { order });
  const list = uniformTensor({ shape: [150, 150], entries: 4_000, seed: 2, values: "quarters" });
  const { levels, modeOrder } = graph.tensors[transposed] ?? {};
  const extra =
    transposed === undefined
      ? {}
      : { [transposed]: pack(list, { levels: levels.map((kind) => ({ kind })), modeOrder }) };
  const all = { ...given, ...extra };
  const { counts, outputs } = simulateSam(graph, all);
  const { tokens } = counts;
  const evaluated = Object.values(evaluateSam(graph, all))[0].values;
  if (!Object.values(outputs)[0].values.every((value, k) => value === evaluated[k])) throw new Error("results differ");
  const onLists = rate(tokens, 1, () => evaluateSam(graph, all));
  for (const setting of settings) {
    const { profile, memory = "none", fifo } = setting;
    const run = () => simulateSam(graph, all, { ...setting, mode: "timing" });
    if (run().report.deadlock !== null) continue;
    const best = rate(tokens, 3, run);
    console.log(
      `${name.padEnd(18)}${(tokens / 1e6).toFixed(2).padStart(9)}  ${profile.padEnd(9)} ${memory.padEnd(10)} ${String(fifo ?? "∞").padEnd(4)}` +
        `${best.toFixed(1).padStart(15)}${onLists.toFixed(2).padStart(10)}${`${(best / onLists).toFixed(0)}x`.padStart(7)}  ${RECORDED[profile]}`,
    );
  }
}
