import { describe, expect, it } from "vitest";
import { compileInterpreter, LoopError, NestBuilder } from "../../src/index.ts";
import { addCsr, multiply, randomCsr } from "../support/matrices.ts";
import { csrAddNest, spmvNest } from "../support/sparse-nests.ts";

describe("the interpreter", () => {
  it.each([1, 2, 7, 64])("multiplies a sparse matrix with a vector in %i units", (units) => {
    const matrix = randomCsr(50, 40, { perRow: 5, seed: 1 });
    const x = Float64Array.from({ length: 40 }, (_, place) => place / 8);
    const y = new Float64Array(50);
    const { rows, columns, pos, crd, vals } = matrix;
    compileInterpreter(spmvNest()).bind({ rows, columns, pos, crd, vals, x, y }).run({ units });
    expect(y).toEqual(multiply(matrix, x));
  });

  it("adds sparse matrices and counts the steps of the merge in each unit", () => {
    const [a, b] = [randomCsr(30, 20, { perRow: 4, seed: 2 }), randomCsr(30, 20, { perRow: 4, seed: 3 })];
    const sum = addCsr(a, b);
    const [crd, vals] = [new Int32Array(sum.crd.length), new Float64Array(sum.crd.length)];
    const { steps } = compileInterpreter(csrAddNest())
      .bind({
        rows: 30,
        A_pos: a.pos,
        A_crd: a.crd,
        A_vals: a.vals,
        B_pos: b.pos,
        B_crd: b.crd,
        B_vals: b.vals,
        C_pos: sum.pos,
        C_crd: crd,
        C_vals: vals,
      })
      .run({ units: 7 });
    expect({ crd, vals }).toEqual({ crd: sum.crd, vals: sum.vals });
    expect(steps?.length).toBe(7);
    expect(steps?.reduce((total, count) => total + count)).toBe(sum.crd.length);
  });

  it("wraps integers, rounds floats and saturates conversions", () => {
    const b = new NestBuilder("arithmetic");
    const [y, z] = [b.buffer("y", "i32", { access: "write" }), b.buffer("z", "i64", { access: "write" })];
    const [one, nan] = [b.local("one", b.f64(1)), b.local("nan", b.f64(Number.NaN))];
    b.store(y, 0, b.add(b.i32(2 ** 31 - 1), 1));
    b.store(y, 1, b.convert("i32", b.divide(one, 0)));
    b.store(y, 2, b.convert("i32", nan));
    b.store(y, 3, b.binary("shift-right-unsigned", b.i32(-1), 28));
    b.store(y, 4, b.convert("i32", b.unary("nearest", b.f64(2.5))));
    b.store(z, 0, b.multiply(b.i64(2n ** 62n), 2));
    b.store(z, 1, b.convert("i64", b.f64(-1e300)));
    const [ints, longs] = [new Int32Array(5), new BigInt64Array(2)];
    compileInterpreter(b.finish()).bind({ y: ints, z: longs }).run();
    expect([...ints]).toEqual([-(2 ** 31), 2 ** 31 - 1, 0, 15, 2]);
    expect([...longs]).toEqual([-(2n ** 63n), -(2n ** 63n)]);
  });

  it("computes vectors lane by lane, without the lanes that a mask leaves out", () => {
    const b = new NestBuilder("lanes");
    const x = b.buffer("x", "f32");
    const y = b.buffer("y", "f32", { access: "write" });
    const type = { lane: "f32", lanes: 4 } as const;
    const mask = b.firstLanes({ bits: 32, lanes: 4 }, 3);
    const loaded = b.local("loaded", b.load(x, 0, { type, mask }));
    b.store(y, 0, b.multiply(loaded, 2), mask);
    b.store(y, 3, b.reduce("add", loaded));
    const result = new Float32Array(4);
    compileInterpreter(b.finish())
      .bind({ x: Float32Array.of(1, 2, 3), y: result })
      .run();
    expect([...result]).toEqual([2, 4, 6, 6]);
  });

  it("ends a run with an error that names kernel, unit and buffer", () => {
    const b = new NestBuilder("reads");
    const x = b.buffer("x", "f64");
    const y = b.buffer("y", "f64", { access: "write" });
    b.store(y, 0, b.load(x, b.unit));
    const bound = compileInterpreter(b.finish()).bind({ x: new Float64Array(3), y: new Float64Array(1) });
    expect(() => bound.run({ units: 5 })).toThrow("kernel reads, unit 3: an index lies outside x");
    expect(bound.run({ units: 5, to: 3 })).toMatchObject({ units: 3 });
    expect(() => bound.run({ units: 2, to: 3 })).toThrow("kernel reads: units 0 to 3 of 2 cannot be run");
  });

  it("names divisions without a result, and checks of the nest", () => {
    const b = new NestBuilder("divides");
    const [n, y] = [b.scalar("n", "i32"), b.buffer("y", "i32", { access: "write" })];
    b.check(b.less(n, 5), "n is too large");
    b.store(y, 0, b.divide(1, n));
    const run = (value: number) => () =>
      compileInterpreter(b.finish())
        .bind({ n: value, y: new Int32Array(1) })
        .run();
    expect(run(0)).toThrow(LoopError);
    expect(run(0)).toThrow(expect.objectContaining({ code: "division" }));
    expect(run(5)).toThrow("kernel divides, unit 0: n is too large");
  });
});
