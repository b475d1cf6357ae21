import { describe, expect, it } from "vitest";
import { compileInterpreter, emitWgsl, NestBuilder, narrowNest, verifyNest } from "../../src/index.ts";
import { rowAddNest } from "../support/gpu-nests.ts";
import { randomCsr } from "../support/matrices.ts";
import { spmvNest } from "../support/sparse-nests.ts";

describe("emitted WGSL", () => {
  it("reads as the nest does", async () => {
    await expect(emitWgsl(narrowNest(rowAddNest())).text).toMatchFileSnapshot("row-add.wgsl.expect");
    await expect(emitWgsl(narrowNest(spmvNest())).text).toMatchFileSnapshot("spmv.wgsl.expect");
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
