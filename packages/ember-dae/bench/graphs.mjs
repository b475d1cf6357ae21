/**
 * Sparse and fused products over a random graph with the degrees of real ones (R-MAT), one thread: SpMM against PyTorch's
 * sparse product where it is installed, and FusedMM against its two parts one after the other. Times are processor time,
 * the best of several rounds.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LookupEngine, operationKernel } from "@millrace/ember-dae";
import { KernelCompiler, nodeHost } from "@millrace/loop-ir";

const [nodes, wanted, width, rounds] = [2 ** 17, 2_097_152, 128, 7];
const compiler = new KernelCompiler({ host: nodeHost(process) });

/** Rows of a graph without repeated edges. */
function rmat() {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const edges = new Set();
  for (let edge = 0; edge < wanted; edge++) {
    let [row, column] = [0, 0];
    for (let bit = nodes / 2; bit >= 1; bit /= 2) {
      const draw = random();
      if (draw >= 0.76) row += bit;
      if ((draw >= 0.57 && draw < 0.76) || draw >= 0.95) column += bit;
    }
    edges.add(row * nodes + column);
  }
  const sorted = Float64Array.from(edges).sort();
  const ptr = new Int32Array(nodes + 1);
  for (const edge of sorted) ptr[Math.floor(edge / nodes) + 1] += 1;
  for (let row = 0; row < nodes; row++) ptr[row + 1] += ptr[row];
  return { ptr, idx: Int32Array.from(sorted, (edge) => edge % nodes) };
}

function best(body) {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    body();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

function bound(operation, given) {
  const options = { width, vectorBytes: 64, runAheadLines: 96, ...(operation.kind === "bag" ? { fresh: true } : {}) };
  const [kernel] = compiler.compile([operationKernel(operation, options)], { checked: false });
  return kernel.bind({ rows: BigInt(nodes), bags: BigInt(nodes), ...given });
}

function pytorch({ ptr, idx }) {
  const folder = mkdtempSync(join(tmpdir(), "millrace-bench-"));
  const script = `
import sys, time, json, numpy, torch
torch.set_num_threads(1)
ptr, idx = (torch.from_numpy(numpy.fromfile(name, "i4")) for name in sys.argv[1:3])
x = torch.ones(${nodes}, ${width})
a = torch.sparse_csr_tensor(ptr, idx, torch.ones(len(idx)), size=(${nodes}, ${nodes}))
best = 1e9
for _ in range(${rounds}):
    begun = time.process_time(); a @ x; best = min(best, time.process_time() - begun)
print(json.dumps(best * 1000))`;
  try {
    const files = Object.entries({ ptr, idx }).map(([name, array]) => {
      writeFileSync(join(folder, name), new Uint8Array(array.buffer));
      return join(folder, name);
    });
    const run = spawnSync(process.env.PYTHON ?? "python3", ["-c", script, ...files], { encoding: "utf8" });
    return run.status === 0 ? Number(run.stdout) : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const graph = rmat();
// Tables of an engine lie in huge pages where the system has them.
const engine = new LookupEngine(nodeHost(process), { threads: 1 });
const table = () => engine.createTable({ element: "f32", rows: nodes, width }).array.fill(0.5);
const [x, y, out] = [table(), table(), table()];
const val = new Float32Array(graph.idx.length).fill(0.5);
const common = { table: "f32", index: "i32" };
const bag = { kind: "bag", weights: "multiply", reduce: "add", finish: "none", ...common };
const spmm = bound(bag, { ...graph, val, table: y, out });
const sddmm = bound({ kind: "sddmm", weights: "none", ...common }, { ...graph, x, y, out: val });
const fused = bound({ kind: "fused", activation: "identity", ...common }, { ...graph, x, y, out });
const times = {
  spmm: best(() => spmm.run({ units: 1 })),
  fused: best(() => fused.run({ units: 1 })),
  parts: best(() => {
    sddmm.run({ units: 1 });
    spmm.run({ units: 1 });
  }),
};
const theirs = pytorch(graph);
console.log(`${nodes} nodes, ${graph.idx.length} edges, ${width} x f32 a row, one thread, ${compiler.target}; ms`);
const ratio =
  theirs === undefined
    ? "PyTorch is not installed"
    : `torch.sparse ${theirs.toFixed(0)}  ratio ${(theirs / times.spmm).toFixed(2)}`;
console.log(`SpMM     ${times.spmm.toFixed(0).padStart(6)}  ${ratio}`);
const fewer = (times.parts / times.fused).toFixed(2);
console.log(
  `FusedMM  ${times.fused.toFixed(0).padStart(6)}  SDDMM, then SpMM ${times.parts.toFixed(0)}  ratio ${fewer}`,
);
