// In-cache SpMV and CSR addition on each back end beside plain JavaScript, as CPU time of the same run.
// Usage, after a build: node bench/kernels.mjs
import process from "node:process";
import { compileC, compileInterpreter, compileWasm, findCompiler, Heap, nodeHost } from "../dist/index.js";
import { handwrittenKernels } from "./handwritten.mjs";
import { cpuNanoseconds, printTable } from "./measure.mjs";
import { csrAddNest, spmvNest, uniformMatrix } from "./nests.mjs";

const heap = new Heap();
const rows = 4000;

function inHeap({ pos, crd, vals }, prefix = "") {
  return {
    [`${prefix}pos`]: heap.copy("i32", pos),
    [`${prefix}crd`]: heap.copy("i32", crd),
    [`${prefix}vals`]: heap.copy("f64", vals),
  };
}

function spmv() {
  const matrix = uniformMatrix(rows, 10, 1);
  const x = heap.copy(
    "f64",
    Float64Array.from({ length: rows }, (_, i) => i / rows),
  );
  const y = heap.allocate("f64", rows);
  const { pos, crd, vals } = inHeap(matrix);
  const given = { rows, columns: rows, pos, crd, vals, x, y };
  const nest = spmvNest();
  const plain = () => {
    for (let i = 0; i < rows; i++) {
      let sum = 0;
      for (let p = pos[i]; p < pos[i + 1]; p++) sum += vals[p] * x[crd[p]];
      y[i] = sum;
    }
  };
  return { work: 2 * crd.length, unit: "GFLOP/s", plain, nest, given };
}

function add() {
  const [A, B] = [uniformMatrix(rows, 10, 2), uniformMatrix(rows, 10, 3)];
  const most = A.crd.length + B.crd.length;
  const C = {
    C_pos: heap.allocate("i32", rows + 1),
    C_crd: heap.allocate("i32", most),
    C_vals: heap.allocate("f64", most),
  };
  const given = { rows, ...inHeap(A, "A_"), ...inHeap(B, "B_"), ...C };
  const { A_pos, A_crd, A_vals, B_pos, B_crd, B_vals, C_pos, C_crd, C_vals } = given;
  const plain = () => {
    let q = 0;
    for (let i = 0; i < rows; i++) {
      let p = A_pos[i];
      let r = B_pos[i];
      const [pEnd, rEnd] = [A_pos[i + 1], B_pos[i + 1]];
      while (p < pEnd && r < rEnd) {
        const [j, k] = [A_crd[p], B_crd[r]];
        C_crd[q] = Math.min(j, k);
        C_vals[q++] = j === k ? A_vals[p++] + B_vals[r++] : j < k ? A_vals[p++] : B_vals[r++];
      }
      for (; p < pEnd; p++, q++) [C_crd[q], C_vals[q]] = [A_crd[p], A_vals[p]];
      for (; r < rEnd; r++, q++) [C_crd[q], C_vals[q]] = [B_crd[r], B_vals[r]];
      C_pos[i + 1] = q;
    }
  };
  return { work: most, unit: "G entries/s", plain, nest: csrAddNest(), given };
}

const host = nodeHost(process);
const compiler = findCompiler(host);
const handwritten = compiler === undefined ? undefined : handwrittenKernels(host, compiler);
const argumentOrder = {
  spmv: ["rows", "pos", "crd", "vals", "x", "y"],
  csr_add: ["rows", "A_pos", "A_crd", "A_vals", "B_pos", "B_crd", "B_vals", "C_pos", "C_crd", "C_vals"],
};

const table = [["kernel", "back end", "rate", "unit", "of plain JavaScript", "bytes"]];
for (const [name, { work, unit, plain, nest, given }] of Object.entries({ spmv: spmv(), csr_add: add() })) {
  const baseline = cpuNanoseconds(plain);
  const row = (target, ns, bytes = "") =>
    table.push([name, target, (work / ns).toFixed(3), unit, `${(baseline / ns).toFixed(2)}x`, bytes]);
  row("plain", baseline);
  for (const checked of [true, false]) {
    const kernel = compileWasm(nest, heap, { checked });
    const bound = kernel.bind(given);
    row(
      checked ? "wasm" : "wasm, unchecked",
      cpuNanoseconds(() => bound.run()),
      kernel.bytes.length,
    );
  }
  if (handwritten !== undefined) {
    for (const checked of [true, false]) {
      const [kernel] = compileC([nest], host, { checked });
      const bound = kernel.bind(given);
      row(
        checked ? "C" : "C, unchecked",
        cpuNanoseconds(() => bound.run()),
      );
    }
    row(
      "C by hand",
      cpuNanoseconds(() => handwritten[name](...argumentOrder[name].map((key) => given[key]))),
    );
  }
  const interpreted = compileInterpreter(nest).bind(given);
  row(
    "interpreter",
    cpuNanoseconds(() => interpreted.run(), 3),
  );
}
printTable(table);
