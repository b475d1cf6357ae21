// The loop nests that the benchmarks measure, and matrices to run them on.
import { NestBuilder } from "../dist/index.js";

/** First and end row of the unit. */
function rowsOfUnit(b, rows) {
  const share = (unit) =>
    b.convert("i32", b.divide(b.multiply(b.convert("i64", unit), b.convert("i64", rows)), b.convert("i64", b.units)));
  return [b.local("first", share(b.unit)), b.local("end", share(b.add(b.unit, 1)))];
}

/** `y = A x`, A as CSR. */
export function spmvNest() {
  const b = new NestBuilder("spmv");
  const [rows, columns] = [b.scalar("rows", "i32"), b.scalar("columns", "i32")];
  const vals = b.buffer("vals", "f64");
  const crd = b.buffer("crd", "i32", { within: columns, extent: b.length(vals) });
  const pos = b.buffer("pos", "i32", { extent: b.add(rows, 1) });
  const x = b.buffer("x", "f64", { extent: columns });
  const y = b.buffer("y", "f64", { access: "write", extent: rows });
  const [first, end] = rowsOfUnit(b, rows);
  b.for("i", first, end, (i) => {
    const sum = b.local("sum", b.f64(0));
    b.for("p", b.load(pos, i), b.load(pos, b.add(i, 1)), (p) => {
      b.set(sum, b.add(sum, b.multiply(b.load(vals, p), b.load(x, b.load(crd, p)))));
    });
    b.store(y, i, sum);
  });
  return b.finish();
}

/** `C = A + B`, all CSR, C appended by one unit from the start of its arrays. */
export function csrAddNest() {
  const b = new NestBuilder("csr_add");
  const rows = b.scalar("rows", "i32");
  const matrix = (name, access) => {
    const pos = b.buffer(`${name}_pos`, "i32", { access, extent: b.add(rows, 1) });
    const crd = b.buffer(`${name}_crd`, "i32", { access });
    return { pos, crd, vals: b.buffer(`${name}_vals`, "f64", { access, extent: b.length(crd) }) };
  };
  const [A, B, C] = [matrix("A", "read"), matrix("B", "read"), matrix("C", "write")];
  const q = b.local("q", b.i32(0));
  b.store(C.pos, 0, 0);
  const put = (column, value) => {
    b.store(C.crd, q, column);
    b.store(C.vals, q, value);
    b.set(q, b.add(q, 1));
  };
  b.for("i", 0, rows, (i) => {
    const [p, pEnd] = [b.local("p", b.load(A.pos, i)), b.local("p_end", b.load(A.pos, b.add(i, 1)))];
    const [r, rEnd] = [b.local("r", b.load(B.pos, i)), b.local("r_end", b.load(B.pos, b.add(i, 1)))];
    const next = (cursor) => b.set(cursor, b.add(cursor, 1));
    b.while(
      () => b.and(b.less(p, pEnd), b.less(r, rEnd)),
      () => {
        const [j, k] = [b.local("j", b.load(A.crd, p)), b.local("k", b.load(B.crd, r))];
        const both = () => {
          put(j, b.add(b.load(A.vals, p), b.load(B.vals, r)));
          next(p);
          next(r);
        };
        const first = () => {
          put(j, b.load(A.vals, p));
          next(p);
        };
        const second = () => {
          put(k, b.load(B.vals, r));
          next(r);
        };
        b.if(b.equal(j, k), both, () => b.if(b.less(j, k), first, second));
      },
    );
    for (const [cursor, end, from] of [
      [p, pEnd, A],
      [r, rEnd, B],
    ]) {
      b.while(
        () => b.less(cursor, end),
        () => {
          put(b.load(from.crd, cursor), b.load(from.vals, cursor));
          next(cursor);
        },
      );
    }
    b.store(C.pos, b.add(i, 1), q);
  });
  return b.finish();
}

/** A square matrix with `perRow` entries in each row, by rows; columns sorted and unique. */
export function uniformMatrix(rows, perRow, seed) {
  let state = seed >>> 0;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const pos = new Int32Array(rows + 1);
  const crd = new Int32Array(rows * perRow);
  for (let row = 0; row < rows; row++) {
    const columns = new Set();
    while (columns.size < perRow) columns.add(Math.floor(random() * rows));
    crd.set(
      [...columns].sort((a, b) => a - b),
      row * perRow,
    );
    pos[row + 1] = (row + 1) * perRow;
  }
  return { rows, pos, crd, vals: Float64Array.from(crd, () => random() - 0.5) };
}
