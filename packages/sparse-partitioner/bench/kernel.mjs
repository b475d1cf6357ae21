// Kernels beside Eigen, SuiteSparse:GraphBLAS, scipy.sparse and plain loops, on the same inputs in one run.
// Usage, after a build: node bench/kernel.mjs [--only NAME] [--small] [--repeats N] [--workers N]
// Every figure is CPU time of one thread (user and system, the least of N), exact arithmetic; peers run in a process of
// their own, right before ours. "ratio" is the best peer over ours: above 1 is faster than all of them.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findCompiler, nodeHost } from "@millrace/loop-ir";
import {
  bandedMatrix,
  csfFormat,
  csr,
  denseFormat,
  oneDenseRow,
  pack,
  rmatGraph,
  uniformTensor,
} from "@millrace/tensor";
import { cEngine, compileKernel, wasmEngine } from "../dist/index.js";

const words = process.argv.slice(2);
const option = (name, otherwise) => (words.includes(name) ? words[words.indexOf(name) + 1] : otherwise);
const only = option("--only", "");
const repeats = Number(option("--repeats", "5"));
const scale = words.includes("--small") ? 0.1 : 1;
const folder = mkdtempSync(join(tmpdir(), "kernel-bench-"));
const host = nodeHost(process);
const engines = [...(findCompiler(host) === undefined ? [] : [cEngine(host)]), wasmEngine()];

const size = (n) => Math.max(64, Math.round(n * scale));
const banded = (n, half, seed) => bandedMatrix({ rows: n, columns: n, lower: half, upper: half, seed });
const uniform = (n, row, seed) => uniformTensor({ shape: [n, n], entries: n * row, seed });
const rmat = (vertices, edges, seed) => rmatGraph({ scale: vertices, edges, seed });
const denseRow = (n, row, seed) => oneDenseRow({ rows: n, columns: n, entriesPerRow: row, seed });
const shapes = {
  "banded 36 k": (seed) => banded(4000, 4, seed),
  "rmat 34 k": (seed) => rmat(12, 40000, seed),
  "banded 7 M": (seed) => banded(size(1e6), 3, seed),
  "uniform 7 M": (seed) => uniform(size(1e6), 7, seed),
  "rmat 7.8 M": (seed) => rmat(scale === 1 ? 20 : 17, size(8e6), seed),
  "dense row 6 M": (seed) => denseRow(size(1e6), 5, seed),
};
const products = {
  "rmat 34 k": (seed) => rmat(12, 40000, seed),
  "rmat 131 k": (seed) => rmat(14, 131072, seed),
  "banded 1.4 M": (seed) => banded(size(2e5), 3, seed),
  "uniform 1 M": (seed) => uniform(size(2e5), 5, seed),
};
const panels = {
  "rmat 34 k": (seed) => rmat(12, 40000, seed),
  "banded 1.8 M": (seed) => banded(size(2.5e5), 3, seed),
  "uniform 1.8 M": (seed) => uniform(size(2.5e5), 7, seed),
};

const ramp = (shape) => {
  const values = Float64Array.from(
    { length: shape.reduce((all, n) => all * n, 1) },
    (_, at) => ((at * 7919) % 1000) / 1000,
  );
  const levels = shape.map((n) => ({ kind: "dense", size: n }));
  return { shape, format: denseFormat(shape.length), levels, valueType: "float64", values };
};

function fileOf(name, { shape, levels, values }) {
  const path = join(folder, name);
  const header = BigInt64Array.of(BigInt(shape[0]), BigInt(shape[1]), BigInt(values.length));
  const bytes = (array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  writeFileSync(path, Buffer.concat([header, levels[1].positions, levels[1].coordinates, values].map(bytes)));
  return path;
}

function peersOf(kernel, files) {
  const found = {};
  for (const [program, ...given] of peerPrograms) {
    const { stdout, status } = spawnSync(program, [...given, kernel, String(repeats), ...files], { encoding: "utf8" });
    if (status !== 0) continue;
    for (const [, name, ms] of stdout.matchAll(/(\S+) (\d+\.\d+)/g)) found[name] = Number(ms);
  }
  return found;
}

const peerPrograms = [];
const compiler = process.env.CXX ?? "c++";
const binary = join(folder, "peers");
const source = fileURLToPath(new URL("./peers.cpp", import.meta.url));
for (const libraries of [["-lgraphblas"], []]) {
  const flags = ["-O3", "-march=native", "-std=c++17", source, "-o", binary, ...libraries];
  if (spawnSync(compiler, flags).status !== 0) continue;
  peerPrograms.push([binary]);
  break;
}
if (spawnSync("python3", ["-c", "import scipy.sparse"]).status === 0)
  peerPrograms.push(["python3", fileURLToPath(new URL("./peers.py", import.meta.url))]);

async function sample(kernel, times) {
  const before = process.cpuUsage();
  for (let at = 0; at < times; at++) await kernel.run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / times;
}

/** Short kernels are run many times: their first runs are those of a cold process. */
async function least(kernel) {
  await kernel.run();
  const warm = performance.now();
  for (let at = 0; at < 400 && performance.now() - warm < 1500; at++) await kernel.run();
  let times = 1;
  while ((await sample(kernel, times)) * times < 4 && times < 512) times *= 4;
  let best = Number.POSITIVE_INFINITY;
  for (let r = 0; r < repeats; r++) best = Math.min(best, await sample(kernel, times));
  return best;
}

const rows = [];
async function compare(name, input, { text, operands, resultFormat, peerKernel, files, unitsOf = 1 }) {
  const peers = peerKernel === undefined ? {} : peersOf(peerKernel, files);
  const best = Math.min(...Object.values(peers));
  for (const engine of engines) {
    const kernel = compileKernel(text, {
      operands,
      engine,
      reuseResults: true,
      ...(resultFormat ? { resultFormat } : {}),
    });
    const ms = (await least(kernel)) / unitsOf;
    kernel.release();
    const ratio = best / ms;
    rows.push({ name, input, target: engine.target, ms, best, ratio });
    const beside = Object.entries(peers).map(([peer, peerMs]) => `${peer} ${peerMs.toFixed(3)}`);
    console.log(
      `${name.padEnd(8)} ${input.padEnd(14)} ${engine.target.padEnd(5)} ${ms.toFixed(3).padStart(10)} ms  ratio ${ratio.toFixed(2).padStart(5)}  ${beside.join("  ")}`,
    );
  }
}

async function kernelsOf(name, inputs, make) {
  if (only !== "" && only !== name) return;
  for (const [input, generate] of Object.entries(inputs)) await compare(name, input, make(generate));
}

await kernelsOf("spmv", shapes, (generate) => {
  const A = pack(generate(1), csr);
  return {
    text: "y(i) = A(i,j) * x(j)",
    operands: { A, x: ramp([A.shape[1]]) },
    peerKernel: "spmv",
    files: [fileOf("a", A)],
  };
});
await kernelsOf("add2", shapes, (generate) => {
  const [A, B] = [1, 2].map((seed) => pack(generate(seed), csr));
  const files = [fileOf("a", A), fileOf("b", B)];
  return { text: "C(i,j) = A(i,j) + B(i,j)", operands: { A, B }, resultFormat: csr, peerKernel: "add", files };
});
await kernelsOf("add4", shapes, (generate) => {
  const [A, B, C, D] = [1, 2, 3, 4].map((seed) => pack(generate(seed), csr));
  const files = [A, B, C, D].map((matrix, at) => fileOf(`m${at}`, matrix));
  const text = "E(i,j) = A(i,j) + B(i,j) + C(i,j) + D(i,j)";
  return { text, operands: { A, B, C, D }, resultFormat: csr, peerKernel: "add", files };
});
await kernelsOf("spgemm", products, (generate) => {
  const A = pack(generate(1), csr);
  return {
    text: "C(i,k) = A(i,j) * B(j,k)",
    operands: { A, B: A },
    resultFormat: csr,
    peerKernel: "spgemm",
    files: [fileOf("a", A)],
  };
});
await kernelsOf("spmm", panels, (generate) => {
  const A = pack(generate(1), csr);
  return {
    text: "Y(i,k) = A(i,j) * X(j,k)",
    operands: { A, X: ramp([A.shape[1], 64]) },
    peerKernel: "spmm",
    files: [fileOf("a", A)],
  };
});
await kernelsOf("sddmm", panels, (generate) => {
  const A = pack(generate(1), csr);
  const operands = { A, B: ramp([A.shape[0], 64]), C: ramp([A.shape[1], 64]) };
  return {
    text: "Y(i,j) = A(i,j) * B(i,k) * C(j,k)",
    operands,
    resultFormat: csr,
    peerKernel: "sddmm",
    files: [fileOf("a", A)],
  };
});
const cubes = {
  "uniform 40 k": () => uniformTensor({ shape: [500, 500, 500], entries: 40000, seed: 1 }),
  "uniform 3 M": () => uniformTensor({ shape: [size(1e4), size(1e4), size(1e4)], entries: size(3e6), seed: 1 }),
};
await kernelsOf("ttv", cubes, (generate) => {
  const A = pack(generate(), csfFormat(3));
  return { text: "Y(i,j) = A(i,j,k) * x(k)", operands: { A, x: ramp([A.shape[2]]) }, resultFormat: csfFormat(2) };
});
await kernelsOf("mttkrp", cubes, (generate) => {
  const A = pack(generate(), csfFormat(3));
  return {
    text: "Y(i,l) = A(i,j,k) * B(j,l) * C(k,l)",
    operands: { A, B: ramp([A.shape[1], 32]), C: ramp([A.shape[2], 32]) },
  };
});

for (const { target } of engines) {
  for (const name of [...new Set(rows.map((row) => row.name))]) {
    const own = rows.filter((row) => row.name === name && row.target === target && Number.isFinite(row.best));
    if (own.length === 0) continue;
    const mean = Math.exp(own.reduce((sum, { ratio }) => sum + Math.log(ratio), 0) / own.length);
    console.log(
      `geomean  ${name.padEnd(8)} ${target.padEnd(5)} ${mean.toFixed(2)}x the best peer over ${own.length} inputs`,
    );
  }
}
rmSync(folder, { recursive: true, force: true });
