import { type Nest, NestBuilder } from "../../src/index.ts";

/** One row of `C = A + B` per unit, appended from `C_pos[unit]` on: what a thread of a GPU does. */
export function rowAddNest(): Nest {
  const b = new NestBuilder("row_add");
  const matrix = (name: string, access: "read" | "write") => {
    const pos = b.buffer(`${name}_pos`, "i32", { extent: b.add(b.scalar(`${name}_rows`, "i32"), 1) });
    const crd = b.buffer(`${name}_crd`, "i32", { access });
    return { pos, crd, vals: b.buffer(`${name}_vals`, "f64", { access, extent: b.length(crd) }) };
  };
  const [first, second, sum] = [matrix("A", "read"), matrix("B", "read"), matrix("C", "write")];
  const q = b.local("q", b.load(sum.pos, b.unit));
  const sides = [first, second].map(({ pos, crd, vals }) => ({
    p: b.local("p", b.load(pos, b.unit)),
    end: b.local("end", b.load(pos, b.add(b.unit, 1))),
    crd,
    vals,
  }));
  const last = b.i32(2 ** 31 - 1);
  const columns = sides.map(() => b.declare("column", "i32"));
  b.while(
    () => {
      sides.forEach(({ p, end, crd }, side) => {
        b.set(columns[side]!, last);
        b.if(b.less(p, end), () => b.set(columns[side]!, b.load(crd, p)));
      });
      return b.notEqual(b.minimum(columns[0]!, columns[1]!), last);
    },
    () => {
      b.step();
      const column = b.local("least", b.minimum(columns[0]!, columns[1]!));
      const value = b.local("value", b.f64(0));
      sides.forEach(({ p, vals }, side) => {
        b.if(b.equal(columns[side]!, column), () => {
          b.set(value, b.add(value, b.load(vals, p)));
          b.set(p, b.add(p, 1));
        });
      });
      b.store(sum.crd, q, column);
      b.append(sum.vals, q, value);
    },
  );
  return b.finish();
}
