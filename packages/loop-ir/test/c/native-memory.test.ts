import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { compileC, findCompiler, NativeMemory, NestBuilder, WorkerPool } from "../../src/index.ts";
import { testHost } from "../support/host.ts";

const host = testHost();
const folder = mkdtempSync(join(tmpdir(), "millrace-memory-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Sums of the parts of `x`, one for each unit. */
function sums() {
  const b = new NestBuilder("sums");
  const n = b.scalar("n", "i32");
  const x = b.buffer("x", "f32", { extent: n });
  const y = b.buffer("y", "f32", { access: "write", extent: b.i32(8) });
  const end = (unit: typeof n) => b.divide(b.multiply(unit, n), b.units);
  const sum = b.local("sum", b.f32(0));
  b.for("i", end(b.unit), end(b.add(b.unit, 1)), (i) => b.set(sum, b.add(sum, b.load(x, i))));
  b.store(y, b.unit, sum);
  return b.finish();
}

describe.runIf(findCompiler(host) !== undefined && process.platform !== "win32")("memory of the system", () => {
  const memory = new NativeMemory(host);
  const file = join(folder, "table.bin");
  writeFileSync(file, new Uint8Array(Float32Array.from({ length: 80 }, (_, at) => at).buffer));

  it("is the bytes of a file, which writing to it does not change", () => {
    const values = new Float32Array(memory.map(file));
    expect([values.length, values[79]]).toEqual([80, 79]);
    values[79] = 5;
    expect(new Float32Array(memory.map(file))[79]).toBe(79);
  });

  it("is seen by the threads of a pool, even once the file is gone", () => {
    const x = new Float32Array(memory.map(file), 8, 72);
    rmSync(file);
    const y = new Float32Array(new SharedArrayBuffer(32));
    const pool = new WorkerPool(host, { workers: 3 });
    const bound = compileC([sums()], host)[0]!.bind({ n: 72, x, y });
    pool.run(bound, { units: 8 });
    pool.close();
    expect([...y]).toEqual(Array.from({ length: 8 }, (_, unit) => 9 * (2 + 9 * unit) + 36));
  });

  it("begins where it is told to, with all that was asked for", () => {
    const b = new NestBuilder("first");
    const x = b.buffer("x", "i32");
    const y = b.buffer("y", "i32", { access: "write" });
    b.store(y, 0, b.load(x, 0));
    const [kernel] = compileC([b.finish()], host);
    for (const boundary of [64, 4096, 2 ** 21]) {
      const bytes = memory.alignedBytes(100, boundary);
      expect([bytes.length, bytes.buffer.byteLength, bytes.every((byte) => byte === 0)]).toEqual([
        100,
        100 + boundary,
        true,
      ]);
      expect(bytes.byteOffset).toBeLessThan(boundary);
      const words = new Int32Array(bytes.buffer, bytes.byteOffset, 25);
      words[0] = boundary;
      const result = new Int32Array(new SharedArrayBuffer(4));
      kernel!.bind({ x: words, y: result }).run({ units: 1 });
      expect(result[0]).toBe(boundary);
    }
    expect(() => memory.alignedBytes(2 ** 53, 64)).toThrow(RangeError);
  });

  it("says why a file is not mapped", () => {
    writeFileSync(join(folder, "empty"), "");
    for (const wrong of ["missing", "empty", "."])
      expect(() => memory.map(join(folder, wrong))).toThrow(`${join(folder, wrong)} cannot be mapped`);
  });

  it("may come in huge pages", () => {
    const large = new Uint8Array(new SharedArrayBuffer(8 << 20));
    expect(typeof memory.adviseHugePages(large)).toBe("boolean");
    expect(memory.adviseHugePages(new Uint8Array(10))).toBe(false);
    expect(large.every((byte) => byte === 0)).toBe(true);
  });
});
