import { describe, expect, it } from "vitest";
import { compileInterpreter } from "../../src/index.ts";
import { randomCsr } from "../support/matrices.ts";
import { spmvNest } from "../support/sparse-nests.ts";

describe("binding a kernel", () => {
  const { pos, crd, vals } = randomCsr(10, 8, { perRow: 3, seed: 5 });
  const good = { rows: 10, columns: 8, pos, crd, vals, x: new Float64Array(8), y: new Float64Array(10) };
  const bind = (changes: object, trusted = false) =>
    compileInterpreter(spmvNest()).bind({ ...good, ...changes }, { trusted });

  it("names every argument that is missing, unknown or of the wrong kind", () => {
    expect(() => bind({ x: new Float32Array(8), rows: 1.5, z: 1, vals: undefined })).toThrow(
      "kernel spmv: there is no z; rows must be of type i32, not 1.5; " +
        "vals must be a Float64Array (f64), not undefined; x must be a Float64Array (f64), not Float32Array",
    );
  });

  it("refuses arrays that are too short, and entries outside their limits", () => {
    expect(() => bind({ pos: pos.subarray(1) })).toThrow("kernel spmv: pos has 10 entries, fewer than 11");
    expect(() => bind({ columns: 2, x: new Float64Array(2) })).toThrow(/crd\[\d+\] is \d, outside 0 … 1/);
    expect(() => bind({ columns: 2, x: new Float64Array(2) }, true)).not.toThrow();
  });

  it("refuses an output that shares memory with anything else", () => {
    const memory = new Float64Array(14);
    expect(() => bind({ x: memory.subarray(0, 8), y: memory.subarray(4) })).toThrow(
      "kernel spmv: y is written but shares memory with x",
    );
  });
});
