// Kernels beside Eigen, SuiteSparse:GraphBLAS, scipy.sparse and plain loops, on the same inputs in one run.
// Usage, after a build: node bench/kernel.mjs [--only NAME] [--input TEXT] [--small] [--budget MS] [--rounds N]
// Figures are CPU milliseconds of one thread unless they say otherwise; peers run in processes of their own, in
// turn with ours. "ratio" is the best library over ours (a plain loop where there is no library): above 1 is faster than all of
// them. "c" and "wasm" keep every sum's order; "c-fast" may reorder and fuse, as the peers do. A quiet machine is needed.
import { findCompiler, nodeHost } from "@millrace/loop-ir";
import { csfFormat, csr, denseFormat } from "@millrace/tensor";
import { cEngine, compileKernel, wasmEngine } from "../dist/index.js";
import { inputsOf, openFolder, ramp, stored } from "./inputs.mjs";
import { geomean, leastOf } from "./measure.mjs";
import { askPeers, findPeers, leastOfEach, ranked } from "./peers.mjs";
import { planningShare } from "./planning.mjs";
import { twoThreads } from "./two-threads.mjs";

const words = process.argv.slice(2);
const option = (name, otherwise) => (words.includes(name) ? words[words.indexOf(name) + 1] : otherwise);
const only = option("--only", "");
const budget = Number(option("--budget", "200"));
const rounds = Number(option("--rounds", "3"));
const inputs = inputsOf(words.includes("--small"));
const host = nodeHost(process);
const native = findCompiler(host) !== undefined;
const engines = [
  ...(native ? [["c", cEngine(host)]] : []),
  ...(native ? [["c-fast", cEngine(host, { fast: true })]] : []),
  ["wasm", wasmEngine()],
];
const files = openFolder();
const programs = findPeers(files.folder);
const rows = [];

/** Bytes a second of `a(i) = b(i) + 3 * c(i)` in this process, on one thread: what memory gives at most. */
async function memoryRate() {
  const [b, c] = [ramp([2 ** 23]), ramp([2 ** 23])];
  const [, engine] = engines[0];
  const kernel = compileKernel("a(i) = b(i) + 3 * c(i)", { operands: { b, c }, engine, reuseResults: true });
  const { cpu } = await leastOf(() => kernel.run(), budget);
  kernel.release();
  return (24 * 2 ** 23) / cpu / 1e6;
}

/** Peers and engines in turn, round by round: what else the machine does in the meantime is the same for all. */
async function compare(name, input, { text, operands, resultFormat, peer, bytes }) {
  const format = resultFormat === undefined ? {} : { resultFormat };
  const own = engines
    .filter(([target]) => target !== "c-fast" || !name.startsWith("add"))
    .map(([target, engine]) => {
      const kernel = compileKernel(text, { operands, engine, reuseResults: true, ...format });
      return { target, kernel, cpu: Number.POSITIVE_INFINITY };
    });
  let [found, rate] = [{}, 0];
  for (let round = 0; round < rounds; round++) {
    found = leastOfEach(found, askPeers(programs, { ...peer, budget: budget / rounds }));
    if (bytes !== undefined) rate = Math.max(rate, await memoryRate(), (24 * 2 ** 23) / (found.triad ?? 1e9) / 1e6);
    for (const each of own)
      each.cpu = Math.min(each.cpu, (await leastOf(() => each.kernel.run(), budget / rounds)).cpu);
  }
  const { peers, best } = ranked(found);
  for (const { target, kernel, cpu } of own) {
    kernel.release();
    rows.push({ name, input, target, cpu, ratio: best / cpu, share: bytes && bytes / cpu / 1e6 / rate });
    const beside = Object.entries(peers).map(([other, ms]) => `${other} ${ms.toFixed(3)}`);
    if (bytes !== undefined) beside.push(`${(bytes / cpu / 1e6).toFixed(1)} of ${rate.toFixed(1)} GB/s`);
    const label = `${name.padEnd(7)} ${input.padEnd(14)} ${target.padEnd(6)}`;
    console.log(
      `${label} ${cpu.toFixed(3).padStart(9)} ms  ratio ${(best / cpu).toFixed(2).padStart(5)}  ${beside.join("  ")}`,
    );
  }
}

const wanted = (name) => only === "" || only === name;
const inputsBy = (group) => Object.entries(group).filter(([input]) => input.includes(option("--input", "")));

for (const [input, generate] of inputsBy(inputs.matrices)) {
  const names = ["spmv", "add2", "add4"].filter(wanted);
  if (names.length === 0) continue;
  const matrices = Array.from({ length: names.includes("add4") ? 4 : 2 }, (_, seed) => stored(generate(seed + 1)));
  const paths = matrices.map((matrix, at) => files.matrix(`m${at}`, matrix));
  const [A, B, C, D] = matrices;
  const [n, m] = A.shape;
  const large = A.values.length > 5e5;
  const bytes = 12 * A.values.length + 4 * (n + 1) + 8 * (n + m);
  const jobs = {
    spmv: {
      ...{ text: "y(i) = A(i,j) * x(j)", operands: { A, x: ramp([m]) } },
      ...{ peer: { kernel: "spmv", files: paths.slice(0, 1) }, ...(large ? { bytes } : {}) },
    },
    add2: {
      ...{ text: "C(i,j) = A(i,j) + B(i,j)", operands: { A, B }, resultFormat: csr },
      peer: { kernel: "add", files: paths.slice(0, 2) },
    },
    add4: {
      ...{ text: "E(i,j) = A(i,j) + B(i,j) + C(i,j) + D(i,j)", operands: { A, B, C, D }, resultFormat: csr },
      peer: { kernel: "add", files: paths },
    },
  };
  for (const name of names) await compare(name, input, jobs[name]);
}
for (const [input, generate] of wanted("spgemm") ? inputsBy(inputs.products) : []) {
  const A = stored(generate(1));
  const peer = { kernel: "spgemm", files: [files.matrix("a", A)] };
  await compare("spgemm", input, { text: "C(i,k) = A(i,j) * B(j,k)", operands: { A, B: A }, resultFormat: csr, peer });
}
for (const [input, generate] of inputsBy(inputs.panels)) {
  const A = stored(generate(1));
  const paths = [files.matrix("a", A)];
  const [n, m] = A.shape;
  if (wanted("spmm")) {
    const operands = { A, X: ramp([m, 64]) };
    await compare("spmm", input, {
      text: "Y(i,k) = A(i,j) * X(j,k)",
      operands,
      peer: { kernel: "spmm", files: paths },
    });
  }
  if (!wanted("sddmm")) continue;
  const operands = { A, B: ramp([n, 64]), C: ramp([m, 64]) };
  const text = "Y(i,j) = A(i,j) * B(i,k) * C(j,k)";
  await compare("sddmm", input, { text, operands, resultFormat: csr, peer: { kernel: "sddmm", files: paths } });
}
for (const [input, generate] of inputsBy(inputs.cubes)) {
  if (!wanted("ttv") && !wanted("mttkrp")) continue;
  const A = stored(generate());
  const paths = files.tensor("t", A);
  const [, n, m] = A.shape;
  if (wanted("ttv")) {
    const operands = { A, x: ramp([m]) };
    const peer = { kernel: "ttv", files: paths.slice(0, 1) };
    await compare("ttv", input, { text: "Y(i,j) = A(i,j,k) * x(k)", operands, resultFormat: csfFormat(2), peer });
  }
  if (!wanted("mttkrp")) continue;
  const operands = { A, B: ramp([n, 32]), C: ramp([m, 32]) };
  const text = "Y(i,l) = A(i,j,k) * B(j,l) * C(k,l)";
  await compare("mttkrp", input, {
    text,
    operands,
    resultFormat: denseFormat(2),
    peer: { kernel: "mttkrp", files: paths },
  });
}
files.close();

for (const [target] of engines)
  for (const name of [...new Set(rows.map((row) => row.name))]) {
    const own = rows.filter((row) => row.name === name && row.target === target && Number.isFinite(row.ratio));
    if (own.length === 0) continue;
    const mean = geomean(own.map(({ ratio }) => ratio));
    const line = `geomean ${name.padEnd(7)} ${target.padEnd(6)} ${mean.toFixed(2)}x the best library over ${own.length} inputs`;
    const shares = own.filter(({ share }) => share !== undefined).map(({ share }) => share);
    console.log(
      line + (shares.length > 0 ? `; ${(100 * Math.max(...shares)).toFixed(0)} % of memory's rate at best` : ""),
    );
  }
if (native)
  for (const name of ["add2", "add4", "spgemm"].filter(wanted)) {
    const times = (target) => rows.filter((row) => row.name === name && row.target === target).map(({ cpu }) => cpu);
    const wasm = times("wasm");
    const ratio = geomean(times("c").map((cpu, at) => cpu / wasm[at]));
    console.log(`geomean ${name.padEnd(7)} wasm   ${ratio.toFixed(2)}x the rate of c`);
  }
if (wanted("threads")) await twoThreads({ inputs, host: native ? host : undefined, budget, rounds });
if (wanted("planning")) await planningShare({ engines: engines.filter(([target]) => target !== "c-fast") });
