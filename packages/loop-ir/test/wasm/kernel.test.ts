import { describe, expect, it } from "vitest";
import { compileWasm, Heap, LoopError, NestBuilder } from "../../src/index.ts";
import { addCsr, multiply, randomCsr } from "../support/matrices.ts";
import { csrAddNest, spmvNest } from "../support/sparse-nests.ts";

describe("a WebAssembly kernel", () => {
  const heap = new Heap();

  it.each([1, 2, 7, 64])("works in place on arrays of its heap, in %i units", (units) => {
    const { rows, columns, pos, crd, vals } = randomCsr(50, 40, { perRow: 5, seed: 1 });
    const x = Float64Array.from({ length: 40 }, (_, place) => place / 8);
    const y = heap.allocate("f64", rows);
    const given = {
      pos: heap.copy("i32", pos),
      crd: heap.copy("i32", crd),
      vals: heap.copy("f64", vals),
      x: heap.copy("f64", x),
    };
    compileWasm(spmvNest(), heap)
      .bind({ rows, columns, ...given, y })
      .run({ units });
    expect(Float64Array.from(y)).toEqual(multiply({ rows, columns, pos, crd, vals }, x));
  });

  it("copies other arrays in and out, each time it runs", () => {
    const [a, b] = [randomCsr(30, 20, { perRow: 4, seed: 2 }), randomCsr(30, 20, { perRow: 4, seed: 3 })];
    const sum = addCsr(a, b);
    const [crd, vals] = [new Int32Array(sum.crd.length), new Float64Array(sum.crd.length)];
    const before = heap.available;
    const bound = compileWasm(csrAddNest(), heap).bind({
      rows: 30,
      ...{ A_pos: a.pos, A_crd: a.crd, A_vals: a.vals, B_pos: b.pos, B_crd: b.crd, B_vals: b.vals },
      ...{ C_pos: sum.pos, C_crd: crd, C_vals: vals },
    });
    for (let run = 0; run < 2; run++) {
      vals.fill(0);
      expect(bound.run({ units: 7 })).toEqual({ units: 7 });
      expect({ crd, vals }).toEqual({ crd: sum.crd, vals: sum.vals });
    }
    bound.release();
    bound.release();
    expect(heap.available).toBe(before);
    expect(() => bound.run()).toThrow("kernel csr_add has released its arguments");
  });

  it("ends with the unit and the buffer where an index lies outside, and can be run again", () => {
    const b = new NestBuilder("reads");
    const x = b.buffer("x", "f64");
    const y = b.buffer("y", "f64", { access: "write" });
    b.store(y, b.unit, b.load(x, b.multiply(b.unit, b.unit)));
    const bound = compileWasm(b.finish(), heap).bind({ x: Float64Array.of(5, 6, 7), y: new Float64Array(9) });
    expect(() => bound.run({ units: 9 })).toThrow("kernel reads, unit 2: an index lies outside x");
    expect(bound.run({ units: 9, to: 2 })).toEqual({ units: 2 });
  });

  it("turns a trap of an unchecked kernel into an error", () => {
    const b = new NestBuilder("far");
    const [x, place] = [b.buffer("x", "f64", { access: "write" }), b.scalar("place", "i32")];
    b.store(x, place, 1);
    const small = new Heap({ maximumBytes: 2 ** 20 });
    const bound = compileWasm(b.finish(), small, { checked: false }).bind({ place: 2 ** 28, x: new Float64Array(1) });
    expect(() => bound.run()).toThrow(LoopError);
    expect(() => bound.run()).toThrow(/^kernel far left its memory: /);
  });
});
