import { type BufferValue, type Nest, NestBuilder, type Value } from "../../src/index.ts";

/** `y = A x` by rows; unit `u` does the rows from `u * rows / units` on. */
export function spmvNest(): Nest {
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

/** First and end row of the unit. */
function rowsOfUnit(b: NestBuilder, rows: Value): readonly [Value, Value] {
  const wide = (unit: Value) =>
    b.convert("i32", b.divide(b.multiply(b.convert("i64", unit), b.convert("i64", rows)), b.convert("i64", b.units)));
  return [b.local("first", wide(b.unit)), b.local("end", wide(b.add(b.unit, 1)))];
}

interface Rows {
  readonly pos: BufferValue;
  readonly crd: BufferValue;
  readonly vals: BufferValue;
}

function csrBuffers(b: NestBuilder, name: string, rows: Value): Rows {
  const pos = b.buffer(`${name}_pos`, "i32", { extent: b.add(rows, 1) });
  const crd = b.buffer(`${name}_crd`, "i32");
  return { pos, crd, vals: b.buffer(`${name}_vals`, "f64", { extent: b.length(crd) }) };
}

/** `C = A + B` over rows stored as CSR, into a `C_pos` that is already known. */
export function csrAddNest(): Nest {
  const b = new NestBuilder("csr_add");
  const rows = b.scalar("rows", "i32");
  const [first, second] = [csrBuffers(b, "A", rows), csrBuffers(b, "B", rows)];
  const pos = b.buffer("C_pos", "i32", { extent: b.add(rows, 1) });
  const crd = b.buffer("C_crd", "i32", { access: "write" });
  const vals = b.buffer("C_vals", "f64", { access: "write", extent: b.length(crd) });
  const [from, end] = rowsOfUnit(b, rows);
  b.for("i", from, end, (i) => {
    const cursor = b.local("q", b.load(pos, i));
    const next = b.local("next", b.add(i, 1));
    const [p, pEnd] = [b.local("p", b.load(first.pos, i)), b.local("p_end", b.load(first.pos, next))];
    const [r, rEnd] = [b.local("r", b.load(second.pos, i)), b.local("r_end", b.load(second.pos, next))];
    const put = (column: Value, value: Value) => {
      b.store(crd, cursor, column);
      b.append(vals, cursor, value);
    };
    const both = () => b.and(b.less(p, pEnd), b.less(r, rEnd));
    b.while(both, () => {
      b.step();
      const [j, k] = [b.local("j", b.load(first.crd, p)), b.local("k", b.load(second.crd, r))];
      b.if(
        b.equal(j, k),
        () => {
          put(j, b.add(b.load(first.vals, p), b.load(second.vals, r)));
          b.set(p, b.add(p, 1));
          b.set(r, b.add(r, 1));
        },
        () => {
          b.if(
            b.less(j, k),
            () => {
              put(j, b.load(first.vals, p));
              b.set(p, b.add(p, 1));
            },
            () => {
              put(k, b.load(second.vals, r));
              b.set(r, b.add(r, 1));
            },
          );
        },
      );
    });
    for (const [rest, side, restEnd] of [
      [p, first, pEnd],
      [r, second, rEnd],
    ] as const) {
      b.while(
        () => b.less(rest, restEnd),
        () => {
          b.step();
          put(b.load(side.crd, rest), b.load(side.vals, rest));
          b.set(rest, b.add(rest, 1));
        },
      );
    }
  });
  return b.finish();
}
