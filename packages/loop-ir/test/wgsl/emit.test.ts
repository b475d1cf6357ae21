import { describe, expect, it } from "vitest";
import { compileInterpreter, emitWgsl, NestBuilder, narrowNest, verifyNest } from "../../src/index.ts";
import { rowAddNest } from "../support/gpu-nests.ts";
import { addCsr, randomCsr } from "../support/matrices.ts";
import { runWgsl } from "../support/run-wgsl.ts";
import { spmvNest } from "../support/sparse-nests.ts";

describe("emitted WGSL", () => {
  it("reads as the nest does", async () => {
    await expect(emitWgsl(narrowNest(rowAddNest())).text).toMatchFileSnapshot("row-add.wgsl.expect");
    await expect(emitWgsl(narrowNest(spmvNest())).text).toMatchFileSnapshot("spmv.wgsl.expect");
  });

  it.each([1, 3, 5])("gives what the interpreter does, run by another interpreter of shaders, in %i units", (units) => {
    const { rows, columns, pos, crd } = randomCsr(40, 30, { perRow: 3, seed: 2 });
    const vals = Float32Array.from(crd, (_, place) => (place % 9) / 4 - 1);
    const x = Float32Array.from({ length: columns }, (_, place) => place / 8);
    const [y, expected] = [new Float32Array(rows), new Float32Array(rows)];
    const nest = narrowNest(spmvNest());
    compileInterpreter(nest).bind({ rows, columns, pos, crd, vals, x, y: expected }).run({ units });
    const buffers = [vals, crd, pos, x, y];
    const status = runWgsl(emitWgsl(nest).text, { entry: "spmv", units, scalars: [rows, columns], buffers });
    expect([...status]).toEqual([0, 0]);
    expect([...y]).toEqual([...expected]);
  });

  it("merges rows as the interpreter does", () => {
    const rows = 5;
    const [a, b] = [randomCsr(rows, 60, { perRow: 20, seed: 8 }), randomCsr(rows, 60, { perRow: 25, seed: 9 })];
    const sum = addCsr(a, b);
    const quarters = (array: ArrayLike<number>) => Float32Array.from({ length: array.length }, (_, at) => (at % 5) / 4);
    const [left, right] = [quarters(a.crd), quarters(b.crd)];
    const results = () => [new Int32Array(sum.crd.length), new Float32Array(sum.crd.length)] as const;
    const nest = narrowNest(rowAddNest());
    const [crd, vals] = results();
    compileInterpreter(nest)
      .bind({
        ...{ A_rows: rows, A_pos: a.pos, A_crd: a.crd, A_vals: left },
        ...{ B_rows: rows, B_pos: b.pos, B_crd: b.crd, B_vals: right },
        ...{ C_rows: rows, C_pos: sum.pos, C_crd: crd, C_vals: vals },
      })
      .run({ units: rows });
    const [shaderCrd, shaderVals] = results();
    const buffers = [a.pos, a.crd, left, b.pos, b.crd, right, sum.pos, shaderCrd, shaderVals];
    const given = { entry: "row_add", units: rows, scalars: [rows, rows, rows], buffers };
    expect([...runWgsl(emitWgsl(nest).text, given)]).toEqual([0, 0]);
    expect([shaderCrd, shaderVals]).toEqual([crd, vals]);
  });

  it("ends with the reason and the unit where an index lies outside", () => {
    const b = new NestBuilder("reads");
    const [x, y] = [b.buffer("x", "f32"), b.buffer("y", "f32", { access: "write" })];
    b.store(y, b.unit, b.load(x, b.multiply(b.unit, b.unit)));
    const buffers = [Float32Array.of(5, 6, 7), new Float32Array(9)];
    const emitted = emitWgsl(b.finish());
    const [reason, unit] = runWgsl(emitted.text, { entry: "reads", units: 3, scalars: [], buffers });
    expect(emitted.faults[reason! - 1]).toEqual({ code: "out-of-bounds", buffer: 0 });
    expect(unit).toBe(2);
  });

  it("refuses what 32 bits do not hold", () => {
    expect(() => emitWgsl(spmvNest())).toThrow("WGSL has neither 64-bit numbers nor these vectors; narrow the nest");
    const b = new NestBuilder("bytes");
    b.store(b.buffer("y", "i8", { access: "write" }), 0, 1);
    expect(() => emitWgsl(b.finish())).toThrow("nest bytes: WGSL has no buffers of bytes or halves such as y");
    const large = new NestBuilder("large");
    large.store(large.buffer("y", "i64", { access: "write" }), 0, large.i64(2n ** 40n));
    expect(() => narrowNest(large.finish())).toThrow("1099511627776 does not fit 32 bits");
  });
});

describe("a narrowed nest", () => {
  it("is well-formed and computes the same in 32 bits", () => {
    const nest = narrowNest(spmvNest());
    expect(verifyNest(nest)).toEqual([]);
    const { rows, columns, pos, crd } = randomCsr(20, 9, { perRow: 3, seed: 2 });
    const [vals, x, y] = [new Float32Array(crd.length).fill(0.5), new Float32Array(9).fill(2), new Float32Array(rows)];
    compileInterpreter(nest).bind({ rows, columns, pos, crd, vals, x, y }).run({ units: 3 });
    expect([...y]).toEqual(Array.from(y, (_, row) => pos[row + 1]! - pos[row]!));
  });
});
