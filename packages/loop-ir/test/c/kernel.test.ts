import { describe, expect, it } from "vitest";
import { compileC, emitC, findCompiler, NestBuilder } from "../../src/index.ts";
import { testHost } from "../support/host.ts";
import { multiply, randomCsr } from "../support/matrices.ts";
import { spmvNest } from "../support/sparse-nests.ts";

const host = testHost();

describe("emitted C", () => {
  it("reads as the nest does", async () => {
    const { text } = emitC([spmvNest()]);
    const body = text.slice(text.indexOf("/* spmv */"), text.indexOf("typedef struct napi_env__"));
    await expect(body).toMatchFileSnapshot("spmv.c.expect");
  });
});

describe.runIf(findCompiler(host) !== undefined)("a native kernel", () => {
  it.each([1, 2, 7, 64])("works on arrays of the process, shared or not, in %i units", (units) => {
    const { rows, columns, pos, crd, vals } = randomCsr(50, 40, { perRow: 5, seed: 1 });
    const x = Float64Array.from({ length: 40 }, (_, place) => place / 8);
    const y = new Float64Array(new SharedArrayBuffer(8 * rows));
    const [kernel] = compileC([spmvNest()], host);
    kernel!.bind({ rows, columns, pos, crd, vals, x, y }).run({ units });
    expect(Float64Array.from(y)).toEqual(multiply({ rows, columns, pos, crd, vals }, x));
  });

  it("ends with the unit and the buffer where an index lies outside, and can be run again", () => {
    const b = new NestBuilder("reads");
    const x = b.buffer("x", "f64");
    const y = b.buffer("y", "f64", { access: "write" });
    b.store(y, b.unit, b.load(x, b.multiply(b.unit, b.unit)));
    const bound = compileC([b.finish()], host)[0]!.bind({ x: Float64Array.of(5, 6, 7), y: new Float64Array(9) });
    expect(() => bound.run({ units: 9 })).toThrow("kernel reads, unit 2: an index lies outside x");
    expect(bound.run({ units: 9, to: 2 })).toEqual({ units: 2 });
  });

  it("sees that an array has been taken away", () => {
    const x = new Float64Array(100);
    const y = new Float64Array(100);
    const b = new NestBuilder("takes");
    const [from, to] = [b.buffer("x", "f64"), b.buffer("y", "f64", { access: "write" })];
    b.store(to, 50, b.load(from, 50));
    const bound = compileC([b.finish()], host)[0]!.bind({ x, y });
    bound.run();
    structuredClone(x, { transfer: [x.buffer] });
    expect(() => bound.run()).toThrow("kernel takes: x has lost its memory since it was bound");
  });
});
