// SIMD on and off: SpMM, SDDMM and MTTKRP with 32 columns, as WebAssembly, beside C; CPU time of the same run.
// Usage, after a build: node bench/vectors.mjs
import process from "node:process";
import { compileC, compileWasm, findCompiler, Heap, NestBuilder, nodeHost, simplify } from "../dist/index.js";
import { cpuNanoseconds, printTable } from "./measure.mjs";
import { uniformMatrix } from "./nests.mjs";

const columns = 32;
const rows = 2000;
const heap = new Heap();

/** `C(i,r) += A(i,k) B(k,r)`, A as CSR, dense rows. */
function spmmNest() {
  const b = new NestBuilder("spmm");
  const [n, width] = [b.scalar("rows", "i32"), b.scalar("width", "i32")];
  const vals = b.buffer("vals", "f64");
  const crd = b.buffer("crd", "i32", { extent: b.length(vals) });
  const pos = b.buffer("pos", "i32", { extent: b.add(n, 1) });
  const [B, C] = [b.buffer("B", "f64"), b.buffer("C", "f64", { access: "read-write" })];
  b.for("i", 0, n, (i) => {
    b.for("p", b.load(pos, i), b.load(pos, b.add(i, 1)), (p) => {
      const a = b.local("a", b.load(vals, p));
      const from = b.local("from", b.multiply(b.load(crd, p), width));
      const to = b.local("to", b.multiply(i, width));
      b.for("r", 0, width, (r) => {
        const entry = b.add(to, r);
        b.store(C, entry, b.add(b.load(C, entry), b.multiply(a, b.load(B, b.add(from, r)))));
      });
    });
  });
  return b.finish();
}

/** `Y(i,j) = A(i,j) * sum_r B(i,r) C(j,r)` for the entries of A. */
function sddmmNest() {
  const b = new NestBuilder("sddmm");
  const [n, width] = [b.scalar("rows", "i32"), b.scalar("width", "i32")];
  const vals = b.buffer("vals", "f64");
  const crd = b.buffer("crd", "i32", { extent: b.length(vals) });
  const pos = b.buffer("pos", "i32", { extent: b.add(n, 1) });
  const [B, C] = [b.buffer("B", "f64"), b.buffer("C", "f64")];
  const y = b.buffer("Y", "f64", { access: "write", extent: b.length(vals) });
  b.for("i", 0, n, (i) => {
    b.for("p", b.load(pos, i), b.load(pos, b.add(i, 1)), (p) => {
      const [left, right] = [b.local("l", b.multiply(i, width)), b.local("m", b.multiply(b.load(crd, p), width))];
      const sum = b.local("sum", b.f64(0));
      b.for("r", 0, width, (r) => {
        b.set(sum, b.add(sum, b.multiply(b.load(B, b.add(left, r)), b.load(C, b.add(right, r)))));
      });
      b.store(y, p, b.multiply(b.load(vals, p), sum));
    });
  });
  return b.finish();
}

/** `M(i,r) += T(i,j,k) B(j,r) C(k,r)` for entries with `j = k`, which costs what any others do. */
function mttkrpNest() {
  const b = new NestBuilder("mttkrp");
  const [n, width] = [b.scalar("rows", "i32"), b.scalar("width", "i32")];
  const vals = b.buffer("vals", "f64");
  const crd = b.buffer("crd", "i32", { extent: b.length(vals) });
  const pos = b.buffer("pos", "i32", { extent: b.add(n, 1) });
  const [B, C] = [b.buffer("B", "f64"), b.buffer("C", "f64")];
  const M = b.buffer("Y", "f64", { access: "read-write" });
  b.for("i", 0, n, (i) => {
    b.for("p", b.load(pos, i), b.load(pos, b.add(i, 1)), (p) => {
      const [to, at] = [b.local("to", b.multiply(i, width)), b.local("at", b.multiply(b.load(crd, p), width))];
      const value = b.local("value", b.load(vals, p));
      b.for("r", 0, width, (r) => {
        const product = b.multiply(b.load(B, b.add(at, r)), b.load(C, b.add(at, r)));
        b.store(M, b.add(to, r), b.add(b.load(M, b.add(to, r)), b.multiply(value, product)));
      });
    });
  });
  return b.finish();
}

const A = uniformMatrix(rows, 10, 1);
const dense = () =>
  heap.copy(
    "f64",
    Float64Array.from({ length: rows * columns }, (_, i) => (i % 7) / 7),
  );
const given = {
  rows,
  width: columns,
  pos: heap.copy("i32", A.pos),
  crd: heap.copy("i32", A.crd),
  vals: heap.copy("f64", A.vals),
};
const cases = [
  [spmmNest(), { ...given, B: dense(), C: dense() }, 2],
  [sddmmNest(), { ...given, B: dense(), C: dense(), Y: heap.allocate("f64", A.crd.length) }, 2],
  [mttkrpNest(), { ...given, B: dense(), C: dense(), Y: dense() }, 3],
];
const host = nodeHost(process);
const native = findCompiler(host) !== undefined;
const table = [["kernel", "back end", "GFLOP/s", "of scalar WebAssembly", "bytes"]];
for (const [nest, all, flops] of cases) {
  const work = flops * columns * A.crd.length;
  const scalar = compileWasm(nest, heap, { simplified: false });
  const baseline = cpuNanoseconds(() => scalar.bind(all, { trusted: true }).run());
  const row = (name, ns, bytes = "") =>
    table.push([nest.name, name, (work / ns).toFixed(2), `${(baseline / ns).toFixed(2)}x`, bytes]);
  row("scalar", baseline, scalar.bytes.length);
  for (const vectorBytes of [16, 32, 64]) {
    for (const reassociate of nest.name === "sddmm" ? [false, true] : [false]) {
      const kernel = compileWasm(simplify(nest, { vectorBytes, reassociate }), heap, { simplified: false });
      const bound = kernel.bind(all);
      const name = `${vectorBytes} bytes${reassociate ? ", reassociated" : ""}`;
      row(
        name,
        cpuNanoseconds(() => bound.run()),
        kernel.bytes.length,
      );
    }
  }
  if (!native) continue;
  for (const fast of [false, true]) {
    const bound = compileC([nest], host, { fast })[0].bind(all);
    row(
      fast ? "C, fast" : "C",
      cpuNanoseconds(() => bound.run()),
    );
  }
}
printTable(table);
