/**
 * EmbeddingBag on one thread over a table far beyond all caches: our native kernel, the same without run-ahead, PyTorch where
 * it is installed, and what the memory allows over the same rows, in one run. Times are processor time, the best of several rounds in which
 * all take turns, each behind a run over the same ids. `node bench/lookups.mjs [--bytes N] [--rounds N]`; about a minute.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { freemem, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
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

/** PyTorch in a process of its own, over the same ids: gives the seconds of a run over stream `at`. */
async function pytorch(rows, streams) {
  const folder = mkdtempSync(join(tmpdir(), "millrace-bench-"));
  const files = streams.map((indices, at) => {
    const file = join(folder, `${at}.i64`);
    writeFileSync(file, new Uint8Array(indices.buffer));
    return file;
  });
  const script = new URL("peer.py", import.meta.url).pathname;
  const env = { ...process.env, OMP_NUM_THREADS: "1", THP_MEM_ALLOC_ENABLE: "1" };
  const child = spawn(process.env.PYTHON ?? "python3", [script, rows, width, bags, ...files].map(String), {
    env,
    stdio: ["pipe", "pipe", "ignore"],
  });
  child.on("error", () => {});
  child.stdin.on("error", () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value: version } = await lines.next();
  const close = () => {
    child.stdin.end();
    rmSync(folder, { recursive: true });
  };
  const seconds = async (at) => {
    child.stdin.write(`${at}\n`);
    return Number((await lines.next()).value);
  };
  return { version, seconds, close };
}

async function native() {
  const engine = new LookupEngine(host, { threads: 1, say: (line) => console.log(line) });
  const table = largestTable(engine, Number(flags.bytes));
  const compiler = new KernelCompiler({ host });
  const requests = laws.map(([, exponent]) => request(table.rows, exponent));
  const streams = requests.map(({ indices }) => indices);
  const limits = limitRuns(compiler, table.array, { width, bytes: 4 * table.rows * width, streams });
  const peer = await pytorch(table.rows, streams);
  const best = new Map();
  // What a run finds in the caches is what a run over the same ids, before it, left there.
  const keep = (name, body) => {
    body();
    best.set(name, Math.min(best.get(name) ?? Infinity, spent(body)));
  };
  for (const at of laws.keys()) {
    const plain = plainRun(compiler, table, requests[at]);
    for (let round = 0; round < rounds; round++) {
      keep(`ours ${at}`, () => table.lookup(requests[at]));
      keep(`plain ${at}`, plain);
      for (const kind of ["firstLines", "reads", "prefetches"])
        for (const [way, { bound }] of limits.streams[at][kind].entries())
          keep(`${kind} ${at} ${way}`, () => bound.run({ units: 1 }));
      const name = `PyTorch ${at}`;
      if (peer.version !== undefined) best.set(name, Math.min(best.get(name) ?? Infinity, await peer.seconds(at)));
    }
  }
  for (let round = 0; round < rounds; round++)
    for (const [kind, { bound }] of Object.entries(limits.waiting)) keep(kind, () => bound.run({ units: 1 }));
  peer.close();
  report({ engine, table, limits, best, peer });
  engine.close();
}

/** The fastest of the ways to read, or to prefetch, the rows of a stream: its rate, and which it is. */
function fastest({ best, limits }, kind, at) {
  const ways = limits.streams[at][kind].map((way, place) => ({ ...way, seconds: best.get(`${kind} ${at} ${place}`) }));
  const { seconds, ahead } = ways.reduce((least, way) => (way.seconds < least.seconds ? way : least));
  return { rate: perSecond(lookups, seconds), ahead };
}

function report(run) {
  const { engine, table, limits, best, peer } = run;
  const nanoseconds = (kind) => (best.get(kind) / limits.waiting[kind].reads) * 1e9;
  const lines = (4 * width) / 64;
  const [uniform, first] = [fastest(run, "reads", 0), fastest(run, "firstLines", 0)];
  const inFlight = (uniform.rate * 1e6 * lines * nanoseconds("latency")) / 1e9;
  console.log(
    `table of ${((4 * table.rows * width) / 2 ** 30).toFixed(2)} GiB, ${width} x f32 a row, ${bags} bags of ${each}, one thread, ${engine.target}`,
  );
  console.log(
    `memory: ${nanoseconds("latency").toFixed(0)} ns a line when each waits; uniform rows read at ${uniform.rate.toFixed(1)} M/s when none does ` +
      `(prefetched ${uniform.ahead} rows ahead): ${inFlight.toFixed(0)} lines in flight`,
  );
  console.log(
    `a row: ${(1e3 / first.rate).toFixed(1)} ns for its first line alone, ${((1e3 / uniform.rate - 1e3 / first.rate) / (lines - 1)).toFixed(1)} ns for each line behind it; ` +
      `16384 lines, in the second cache: ${nanoseconds("packed").toFixed(1)} ns side by side, ${nanoseconds("scattered").toFixed(1)} ns on a page of 4 KiB each`,
  );
  console.log(`PyTorch: ${peer.version ?? "not installed"}`);
  console.log("reads, prefetches: every line of the same rows in the same order, and nothing computed or stored");
  console.log("M lookups/s   ours  no run-ahead  ratio   reads  share  prefetches  PyTorch  ratio  reads/PyTorch");
  for (const [at, [name]] of laws.entries()) {
    const [ours, plain] = ["ours", "plain"].map((kind) => perSecond(lookups, best.get(`${kind} ${at}`)));
    const [reads, prefetches] = ["reads", "prefetches"].map((kind) => fastest(run, kind, at).rate);
    const theirs = peer.version === undefined ? undefined : perSecond(lookups, best.get(`PyTorch ${at}`));
    const cells = [shown(ours), shown(plain).padStart(13), (ours / plain).toFixed(2).padStart(6), shown(reads)];
    cells.push(`${((100 * ours) / reads).toFixed(0)} %`.padStart(6), shown(prefetches).padStart(11));
    const other =
      theirs === undefined
        ? "       -      -              -"
        : `${shown(theirs)}  ${(ours / theirs).toFixed(2).padStart(5)}  ${(reads / theirs).toFixed(2).padStart(13)}`;
    console.log(`${name.padEnd(10)} ${cells.join(" ")}  ${other}`);
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

await native();
console.log("\nWebAssembly, table of 2 GiB, M lookups/s");
webAssembly();
