import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compileInterpreter, emitCuda, type Nest, NestBuilder } from "../../src/index.ts";
import { rowAddNest } from "../support/gpu-nests.ts";
import { addCsr, randomCsr } from "../support/matrices.ts";
import { csrAddNest, spmvNest } from "../support/sparse-nests.ts";

const nvcc = spawnSync("nvcc", ["--version"]).status === 0;

function compiles(nests: readonly Nest[]): string {
  const folder = mkdtempSync(join(tmpdir(), "millrace-cuda-"));
  try {
    const sources = nests.map((nest) => {
      const path = join(folder, `${nest.name}.cu`);
      writeFileSync(path, emitCuda(nest).text);
      return path;
    });
    const { stderr } = spawnSync("nvcc", ["-fmad=false", "-std=c++17", "-ptx", ...sources], {
      cwd: folder,
      encoding: "utf8",
    });
    return stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Uses every operator that C writes as a function. */
function functionsNest(): Nest {
  const b = new NestBuilder("functions");
  const [x, y] = [b.buffer("x", "f64"), b.buffer("y", "i64", { access: "read-write" })];
  const z = b.buffer("z", "f32", { access: "read-write" });
  const [value, word, short] = [b.load(x, b.unit), b.load(y, b.unit), b.load(z, b.unit)];
  for (const operator of ["floor", "ceiling", "truncate", "nearest", "square-root", "absolute", "negate"] as const) {
    b.store(y, b.unit, b.convert("i64", b.unary(operator, value)));
    b.store(z, b.unit, b.unary(operator, short));
  }
  b.store(y, b.unit, b.add(b.unary("trailing-zeros", word), b.unary("population-count", word)));
  b.store(y, b.unit, b.binary("remainder", b.maximum(word, 3), b.binary("shift-right-unsigned", word, 3)));
  b.store(z, b.unit, b.minimum(short, b.f32(Number.NaN)));
  b.store(z, b.unit, b.convert("f32", b.maximum(value, Number.POSITIVE_INFINITY)));
  b.store(z, b.unit, b.convert("f32", b.convert("i32", short)));
  b.prefetch(x, b.unit);
  return b.finish();
}

describe("emitted CUDA", () => {
  it("reads as the nest does", async () => {
    const { text } = emitCuda(rowAddNest());
    await expect(text.slice(text.indexOf("static"))).toMatchFileSnapshot("row-add.cu.expect");
  });

  it.runIf(nvcc)(
    "is accepted by the compiler",
    () => {
      expect(compiles([spmvNest(), csrAddNest(), rowAddNest(), functionsNest()])).not.toMatch(/error/);
    },
    120_000,
  );

  it("is the same nest that adds 65,536 rows on the interpreter", () => {
    const rows = 65_536;
    const [a, b] = [randomCsr(rows, 50, { perRow: 1, seed: 8 }), randomCsr(rows, 50, { perRow: 1, seed: 9 })];
    const sum = addCsr(a, b);
    const [crd, vals] = [new Int32Array(sum.crd.length), new Float64Array(sum.crd.length)];
    const { steps } = compileInterpreter(rowAddNest())
      .bind({
        ...{ A_rows: rows, A_pos: a.pos, A_crd: a.crd, A_vals: a.vals },
        ...{ B_rows: rows, B_pos: b.pos, B_crd: b.crd, B_vals: b.vals },
        ...{ C_rows: rows, C_pos: sum.pos, C_crd: crd, C_vals: vals },
      })
      .run({ units: rows });
    expect(crd).toEqual(sum.crd);
    expect(vals).toEqual(sum.vals);
    expect(steps?.reduce((total, count) => total + count)).toBe(crd.length);
  });

  it("refuses vectors", () => {
    const b = new NestBuilder("lanes");
    const y = b.buffer("y", "f64", { access: "write" });
    b.store(y, 0, b.splat({ lane: "f64", lanes: 2 }, 1));
    expect(() => emitCuda(b.finish())).toThrow("nest lanes has vectors, which a thread of a GPU does not have");
  });
});
