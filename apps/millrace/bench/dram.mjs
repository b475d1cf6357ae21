// Requests per CPU-second of command-level DRAM, reading of the trace included, beside the per-cycle oracle in the same run
// and beside recorded figures of Ramulator. Usage, after a build: node bench/dram.mjs [WORD]; a word selects rows. Each row
// is a process of its own, as a run of the program is: what one memory teaches the compiler slows another one down.

import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runTrace } from "../dist/dram/run-trace.js";
import { compileOracle, loadOracle } from "./dram-oracle.mjs";
import { parts } from "./dram-parts.mjs";
import { bytesOf, generateTrace, publicStream } from "./dram-traces.mjs";

// Enough that the start of a run, with code not yet compiled, weighs little.
const n = 5e5;
const conflict = { pattern: "conflict", n, gran: 64, banks: 1, bankStrideBytes: 0, rowStrideBytes: 2 ** 20 };
const trace = {
  "seq 20 % writes": { pattern: "seq", n, gran: 64, seed: 11, writePermille: 200 },
  random: { pattern: "random", n, gran: 64, seed: 21 },
  "random 50 % writes": { pattern: "random", n, gran: 64, seed: 31, writePermille: 500 },
  "one-bank conflict": conflict,
};

// Profile, part, trace, frontend clocks per memory clock; recorded requests per second of Ramulator 2.0 or 2.1; target.
const loads = [
  ["r20", "ddr4-2400 2 ranks", "seq 20 % writes", 1, 165e3, 1e6],
  ["r20", "ddr4-2400 2 ranks", "random", 1, 141e3, 1e6],
  ["r20", "ddr4-2400 2 ranks", "random 50 % writes", 1, 161e3, 1e6],
  ["r20", "ddr4-2400 2 ranks", "one-bank conflict", 1, 14.6e3, 300e3],
  ["r20", "ddr5-3200 2 ranks", "random", 1, 74e3, 1e6],
  ["r20", "ddr5-3200 2 ranks", "one-bank conflict", 1, 8.8e3, 300e3],
  ["r20", "hbm3-2000 1 ch", "random", 1, 198e3, 1e6],
  ["r20", "hbm3-2000 1 ch", "one-bank conflict", 1, 35.7e3, 300e3],
  ["r20", "hbm3-2000 16 ch", "seq 20 % writes", 16, 396e3, 1e6],
  ["r20", "hbm3-2000 16 ch", "random 50 % writes", 16, 246e3, 1e6],
  ["r21", "ddr4-2400 2 ranks", "seq 20 % writes", 1, 314e3, 1e6],
  ["r21", "ddr4-2400 2 ranks", "random", 1, 249e3, 1e6],
  ["r21", "ddr4-2400 2 ranks", "random 50 % writes", 1, 283e3, 1e6],
  ["r21", "ddr4-2400 2 ranks", "one-bank conflict", 1, 34.5e3, 300e3],
  ["r21", "ddr5-4800 2 ranks", "random", 1, 124e3, 1e6],
  ["r21", "ddr5-4800 2 ranks", "one-bank conflict", 1, 17.4e3, 300e3],
  ["r21", "hbm3-6400 1 ch", "random", 1, 132e3, 1e6],
  ["r21", "hbm3-6400 1 ch", "one-bank conflict", 1, 9.3e3, 300e3],
  ["r21", "hbm3-6400 16 ch", "seq 20 % writes", 8, 229e3, 1e6],
  ["r21", "hbm3-6400 16 ch", "random 50 % writes", 8, 101e3, 1e6],
].map(([profile, part, pattern, frontend, recorded, target]) => ({
  name: `${part}, ${pattern}`,
  setup: parts(profile, part, { frontend, memory: 1 }),
  // One access each: the transactions of HBM are smaller.
  requests: () =>
    generateTrace({ ...trace[pattern], gran: part.startsWith("hbm") ? (profile === "r20" ? 16 : 32) : 64 }),
  recorded,
  target,
}));

const sparse = [
  ["r20", "ddr4-2400 2 ranks"],
  ["r20", "hbm3-2000 1 ch"],
  ["r21", "ddr4-2400 2 ranks"],
  ["r21", "hbm3-6400 1 ch"],
].flatMap(([profile, part]) =>
  [64, 4096, 1e6].map((gap) => ({
    name: `${part}, a request per ${gap} cycles`,
    setup: parts(profile, part, { frontend: 1, memory: 1 }),
    requests: () => generateTrace({ pattern: "random", n, gran: 64, seed: 31, writePermille: 500, meanGap: gap }),
    timed: true,
    recorded: profile === "r20" && gap === 64 ? 410e3 : undefined,
    target: 1.5e6,
  })),
);

const publicRow = {
  name: "public stream of 5 M, HBM3 8 ch",
  setup: parts("r20", "hbm3 8 ch of the public run", { frontend: 10, memory: 1 }),
  requests: publicStream,
  recorded: 290e3,
  target: 1e6,
  once: true,
  // The published result.
  cycles: 5_390_135,
};

/** CPU-seconds of `run`, the best of `repeats`. */
async function seconds(repeats, run) {
  let best = Number.POSITIVE_INFINITY;
  for (let k = 0; k < repeats; k++) {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1e6);
  }
  return best;
}

async function* chunksOf(bytes) {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

async function runRow({ name, setup, requests, timed = false, recorded, target, once = false, cycles }, oracle) {
  const list = requests();
  const bytes = bytesOf(list, timed);
  const form = timed ? "timed" : "loadstore";
  let run;
  const best = await seconds(once ? 1 : 3, async () => {
    run = await runTrace(setup, { name: "trace", chunks: chunksOf(bytes), form });
  });
  if (cycles !== undefined && run.cycles !== cycles) throw new Error(`${name}: ${run.cycles}, not ${cycles}`);
  const rate = list.length / best;
  const short = list.slice(0, timed ? 300 : 3000);
  const part = await runTrace(setup, { name: "trace", chunks: chunksOf(bytesOf(short, timed)), form });
  let literalCycles;
  const literal = await seconds(1, () => {
    literalCycles = oracle(setup, short, timed);
  });
  if (literalCycles !== null && literalCycles !== part.cycles)
    throw new Error(`${name}: ${part.cycles}, not ${literalCycles}`);
  const slow = literalCycles === null ? undefined : short.length / literal;
  const ratio = (other) => (other === undefined ? "" : `${(rate / other).toFixed(1)}x`);
  const thousands = (value) => (value === undefined ? "" : (value / 1e3).toFixed(1));
  console.log(
    `${`${setup.configuration.spec.profile} ${name}`.padEnd(52)}${(rate / 1e3).toFixed(0).padStart(9)}${(target / 1e3).toFixed(0).padStart(8)}` +
      `${((run.cycles / best) * 1e-6).toFixed(2).padStart(10)}${thousands(slow).padStart(10)}${ratio(slow).padStart(8)}` +
      `${thousands(recorded).padStart(23)}${ratio(recorded).padStart(7)}`,
  );
}

const rows = [...loads, ...sparse, publicRow];
const [, , first, row, folder] = process.argv;
if (first === "--row") await runRow(rows[Number(row)], await loadOracle(folder));
else {
  console.log(
    `DRAM, requests per CPU-second from the bytes of a trace on, ${n} requests; oracle: one literal cycle after the other, same run`,
  );
  console.log(
    `${"profile and run".padEnd(52)}${"k req/s".padStart(9)}${"target".padStart(8)}${"M cyc/s".padStart(10)}` +
      `${"oracle k".padStart(10)}${"ratio".padStart(8)}${"Ramulator k, recorded".padStart(23)}${"ratio".padStart(7)}`,
  );
  const compiled = compileOracle();
  try {
    for (const [at, { name, setup }] of rows.entries()) {
      if (first !== undefined && !`${setup.name} ${name}`.includes(first)) continue;
      const inputs = [fileURLToPath(import.meta.url), "--row", String(at), compiled];
      const { status } = spawnSync(process.execPath, inputs, { stdio: "inherit" });
      if (status !== 0) process.exitCode = 1;
    }
  } finally {
    rmSync(compiled, { recursive: true });
  }
}
