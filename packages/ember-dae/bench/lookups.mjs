/**
 * EmbeddingBag on one thread over a table far beyond all caches: our native kernel, the same without run-ahead, PyTorch where
 * it is installed, and what the memory allows, in one run. Times are processor time, the best of several rounds in which
 * all take turns. `node bench/lookups.mjs [--bytes N] [--rounds N]`; about a minute.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { freemem, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { LookupEngine, operationKernel } from "@millrace/ember-dae";
import { KernelCompiler, nodeHost } from "@millrace/loop-ir";
import { rowIds } from "./index-streams.mjs";
import { limitRuns } from "./memory-limits.mjs";

const { values: flags } = parseArgs({
  options: { bytes: { type: "string", default: String(2 ** 32) }, rounds: { type: "string", default: "15" } },
});
const [width, bags, each] = [64, 8192, 64];
const lookups = bags * each;
const rounds = Number(flags.rounds);
const host = nodeHost(process);
const laws = [
  ["uniform", 0],
  ["Zipf 0.8", 0.8],
  ["Zipf 1.05", 1.05],
];

const spent = (body) => {
  const before = process.cpuUsage();
  body();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
};
const perSecond = (count, seconds) => count / seconds / 1e6;
const shown = (rate) => rate.toFixed(1).padStart(7);

/** The largest table of up to `bytes` that fits, a power of two, with every page touched. */
function largestTable(engine, bytes) {
  for (let size = bytes; size >= 2 ** 24; size /= 2) {
    if (size > freemem() * 0.8) continue;
    try {
      const table = engine.createTable({ element: "f32", rows: size / 4 / width, width });
      table.array.fill(0.5);
      if (size < bytes) console.log(`a table of ${bytes / 2 ** 30} GiB does not fit: ${size / 2 ** 30} GiB instead`);
      return table;
    } catch (error) {
      if (error.code !== "machine") throw error;
    }
  }
  throw new Error("there is no room for a table of 16 MiB");
}

function request(rows, exponent) {
  const indices = rowIds({ rows, count: lookups, exponent, seed: 7 });
  const offsets = new BigInt64Array(new SharedArrayBuffer(8 * bags));
  for (let bag = 0; bag < bags; bag++) offsets[bag] = BigInt(bag * each);
  const out = new Float32Array(new SharedArrayBuffer(4 * bags * width));
  return { indices, offsets, out };
}

/** The kernel of bags without prefetches, over the same arrays. */
function plainRun(compiler, table, { indices, offsets, out }) {
  const operation = { kind: "bag", weights: "none", reduce: "add", finish: "none", table: "f32", index: "i64" };
  const nest = operationKernel(operation, { width, vectorBytes: 64, runAheadLines: 0, fresh: true });
  const [kernel] = compiler.compile([nest], { checked: false });
  const ptr = BigInt64Array.from([...offsets, BigInt(lookups)]);
  const given = { rows: BigInt(table.rows), bags: BigInt(bags), idx: indices, ptr, table: table.array, out };
  const bound = kernel.bind(given);
  return () => bound.run({ units: 1 });
}

function pytorch(rows, requests) {
  const folder = mkdtempSync(join(tmpdir(), "millrace-bench-"));
  try {
    const files = requests.map(({ indices }, at) => {
      const file = join(folder, `${at}.i64`);
      writeFileSync(file, new Uint8Array(indices.buffer));
      return file;
    });
    const script = new URL("peer.py", import.meta.url).pathname;
    const env = { ...process.env, OMP_NUM_THREADS: "1", THP_MEM_ALLOC_ENABLE: "1" };
    const args = [script, rows, width, bags, rounds, ...files].map(String);
    const { status, stdout } = spawnSync(process.env.PYTHON ?? "python3", args, { env, encoding: "utf8" });
    return status === 0 ? JSON.parse(stdout) : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function native() {
  const engine = new LookupEngine(host, { threads: 1, say: (line) => console.log(line) });
  const table = largestTable(engine, Number(flags.bytes));
  const compiler = new KernelCompiler({ host });
  const limits = limitRuns(compiler, table.array, { width, bytes: 4 * table.rows * width });
  const requests = laws.map(([, exponent]) => request(table.rows, exponent));
  const plain = requests.map((each) => plainRun(compiler, table, each));
  const best = { ours: [], plain: [], latency: Infinity, rates: limits.rates.map(() => Infinity) };
  for (let round = 0; round < rounds; round++) {
    const keep = (list, at, body) => {
      list[at] = Math.min(list[at] ?? Infinity, spent(body));
    };
    for (const at of laws.keys()) {
      keep(best.ours, at, () => table.lookup(requests[at]));
      keep(best.plain, at, plain[at]);
    }
    for (const [at, { bound }] of limits.rates.entries()) keep(best.rates, at, () => bound.run({ units: 1 }));
    best.latency = Math.min(
      best.latency,
      spent(() => limits.latency.bound.run({ units: 1 })),
    );
  }
  report({ engine, table, limits, best, peer: pytorch(table.rows, requests) });
  engine.close();
}

function report({ engine, table, limits, best, peer }) {
  const lines = (4 * width) / 64;
  const nanoseconds = (best.latency / limits.latency.reads) * 1e9;
  const fastest = best.rates.reduce((least, seconds, at) => (seconds < best.rates[least] ? at : least), 0);
  const bound = perSecond(limits.rates[fastest].rows, best.rates[fastest]);
  const inFlight = (bound * 1e6 * lines * nanoseconds) / 1e9;
  console.log(
    `table of ${((4 * table.rows * width) / 2 ** 30).toFixed(2)} GiB, ${width} x f32 a row, ${bags} bags of ${each}, one thread, ${engine.target}`,
  );
  console.log(
    `memory: ${nanoseconds.toFixed(0)} ns a line when each waits; ${shown(bound).trim()} M random rows/s when none does ` +
      `(prefetch ${limits.rates[fastest].ahead} rows ahead): ${inFlight.toFixed(0)} lines in flight`,
  );
  console.log(`PyTorch: ${peer === undefined ? "not installed" : peer.version}`);
  console.log("M lookups/s   ours  no run-ahead  ratio   bound  share  PyTorch  ratio");
  for (const [at, [name]] of laws.entries()) {
    const [ours, plain] = [perSecond(lookups, best.ours[at]), perSecond(lookups, best.plain[at])];
    const theirs = peer === undefined ? undefined : perSecond(lookups, peer.seconds[at]);
    const cells = [shown(ours), shown(plain).padStart(13), (ours / plain).toFixed(2).padStart(6)];
    const share = `${((100 * ours) / bound).toFixed(0)} %`.padStart(6);
    const other =
      theirs === undefined ? "       -      -" : `${shown(theirs)}  ${(ours / theirs).toFixed(2).padStart(5)}`;
    console.log(`${name.padEnd(10)} ${cells.join(" ")} ${shown(bound)} ${share}  ${other}`);
  }
}

/** Bags by a plain loop over a typed array. */
function plainLoop(table, { indices, offsets, out }) {
  const rows = table.array;
  out.fill(0);
  for (let bag = 0; bag < bags; bag++) {
    const end = bag + 1 < bags ? Number(offsets[bag + 1]) : lookups;
    for (let p = Number(offsets[bag]); p < end; p++) {
      const row = Number(indices[p]) * width;
      for (let j = 0; j < width; j++) out[bag * width + j] += rows[row + j];
    }
  }
}

function webAssembly() {
  const engine = new LookupEngine(host, { threads: 1, target: "wasm" });
  const table = largestTable(engine, 2 ** 31);
  for (const [name, exponent] of laws) {
    const given = request(table.rows, exponent);
    const shared = { indices: engine.sharedArray("i64", lookups), offsets: engine.sharedArray("i64", bags) };
    shared.indices.set(given.indices);
    shared.offsets.set(given.offsets);
    const out = engine.sharedArray("f32", bags * width);
    let [ours, plain] = [Infinity, Infinity];
    for (let round = 0; round < rounds; round++) {
      ours = Math.min(
        ours,
        spent(() => table.lookup({ ...shared, out })),
      );
      if (round < 3)
        plain = Math.min(
          plain,
          spent(() => plainLoop(table, given)),
        );
    }
    if (given.out.some((value, at) => value !== out[at])) throw new Error("results differ");
    const [fast, slow] = [perSecond(lookups, ours), perSecond(lookups, plain)];
    console.log(
      `${name.padEnd(10)} ${shown(fast)}  plain JavaScript ${shown(slow)}  ratio ${(fast / slow).toFixed(1)}`,
    );
  }
  engine.close();
}

native();
console.log("\nWebAssembly, table of 2 GiB, M lookups/s");
webAssembly();
