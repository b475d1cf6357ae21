import { afterAll, describe, expect, it } from "vitest";
import {
  type BoundKernel,
  compileC,
  compileInterpreter,
  compileWasm,
  findCompiler,
  Heap,
  type Nest,
  NestBuilder,
  WorkerPool,
} from "../../src/index.ts";
import { testHost } from "../support/host.ts";
import { multiply, randomCsr } from "../support/matrices.ts";
import { spmvNest } from "../support/sparse-nests.ts";

const host = testHost();
const heap = new Heap();
const pools: WorkerPool[] = [];
const poolOf = (workers: number) => {
  const pool = new WorkerPool(host, { workers });
  pools.push(pool);
  return pool;
};
afterAll(() => {
  for (const pool of pools) pool.close();
});

/** `y[unit]` counts up to `n`, or for ever if `n` is negative; unit `bad` leaves `y`. */
function countNest(): Nest {
  const b = new NestBuilder("counts");
  const [n, bad] = [b.scalar("n", "i32"), b.scalar("bad", "i32")];
  const y = b.buffer("y", "i32", { access: "write" });
  const i = b.local("i", b.i32(0));
  b.while(
    () => b.notEqual(i, n),
    () => b.set(i, b.add(i, 1)),
  );
  b.store(y, b.select(b.equal(b.unit, bad), -1, b.unit), i);
  return b.finish();
}

const counting = (options: { n: number; bad?: number; units: number }): { bound: BoundKernel; y: Int32Array } => {
  const y = heap.allocate("i32", options.units).fill(0);
  return { bound: compileWasm(countNest(), heap).bind({ n: options.n, bad: options.bad ?? -1, y }), y };
};

describe("a pool", () => {
  it.each([1, 2, 4])("of %i workers gives the same bytes, whichever back end runs", async (workers) => {
    const pool = poolOf(workers);
    const { rows, columns, pos, crd, vals } = randomCsr(200, 60, { perRow: 9, seed: 4 });
    const given = {
      ...{ rows, columns, pos: heap.copy("i32", pos), crd: heap.copy("i32", crd), vals: heap.copy("f64", vals) },
      x: heap.copy(
        "f64",
        Float64Array.from({ length: 60 }, (_, place) => Math.sin(place)),
      ),
    };
    const expected = multiply({ rows, columns, pos, crd, vals }, given.x);
    const native = findCompiler(host) === undefined ? [] : compileC([spmvNest()], host);
    for (const kernel of [compileInterpreter(spmvNest()), compileWasm(spmvNest(), heap), ...native]) {
      const y = heap.allocate("f64", rows);
      const bound = kernel.bind({ ...given, y });
      expect(pool.run(bound, { units: 64 })).toMatchObject({ units: 64 });
      expect(Float64Array.from(y), kernel.target).toEqual(expected);
      y.fill(0);
      await pool.runAsync(bound, { units: 7 });
      expect(Float64Array.from(y), kernel.target).toEqual(expected);
    }
  });

  it("survives a unit that cannot go on, names it, and starts no further units", () => {
    const pool = poolOf(2);
    const { bound, y } = counting({ n: 5, bad: 3, units: 50 });
    expect(() => pool.run(bound, { units: 50 })).toThrow("kernel counts, unit 3: an index lies outside y");
    const again = counting({ n: 5, units: 50 });
    pool.run(again.bound, { units: 50 });
    expect(again.y.every((count) => count === 5)).toBe(true);
    expect(y.filter((count) => count === 5).length).toBeLessThan(50);
  });

  it("survives a trap", () => {
    const b = new NestBuilder("far");
    const [x, place] = [b.buffer("x", "f64", { access: "write" }), b.scalar("place", "i32")];
    b.store(x, place, 1);
    const small = new Heap({ maximumBytes: 2 ** 20 });
    const bound = compileWasm(b.finish(), small, { checked: false }).bind({
      place: 2 ** 28,
      x: small.allocate("f64", 1),
    });
    const pool = poolOf(2);
    expect(() => pool.run(bound, { units: 4 })).toThrow(/^kernel far left its memory: memory access out of bounds/);
    const { bound: good, y } = counting({ n: 2, units: 4 });
    pool.run(good, { units: 4 });
    expect([...y]).toEqual([2, 2, 2, 2]);
  });

  it("kills what is not done at its deadline, and works on with new threads", async () => {
    const pool = poolOf(2);
    const endless = counting({ n: -1, units: 3 });
    await expect(pool.runAsync(endless.bound, { units: 3, deadlineMilliseconds: 30 })).rejects.toMatchObject({
      code: "deadline",
      message: "kernel counts was not done after 30 ms",
    });
    const { bound, y } = counting({ n: 9, units: 3 });
    await pool.runAsync(bound, { units: 3, deadlineMilliseconds: 60_000 });
    expect([...y]).toEqual([9, 9, 9]);
    expect(pool.threads).toBe(2);
  });

  it("ends a run that is aborted", async () => {
    const pool = poolOf(2);
    const { bound } = counting({ n: -1, units: 3 });
    const stop = new AbortController();
    const run = pool.runAsync(bound, { units: 3, signal: stop.signal });
    expect(() => pool.run(bound, { units: 3 })).toThrow("the pool is running another kernel; kernels cannot be nested");
    stop.abort();
    await expect(run).rejects.toMatchObject({ code: "cancelled" });
    await expect(pool.runAsync(bound, { signal: stop.signal })).rejects.toThrow("kernel counts was cancelled");
    const good = counting({ n: 1, units: 2 });
    pool.run(good.bound, { units: 2 });
    expect([...good.y]).toEqual([1, 1]);
  });

  it("keeps its threads over a thousand kernels", () => {
    const pool = poolOf(2);
    const module = compileWasm(countNest(), heap);
    const y = heap.allocate("i32", 2);
    const before = heap.available;
    for (let run = 1; run <= 1000; run++) {
      const kernel = run % 50 === 0 ? compileWasm(countNest(), heap) : module;
      const bound = kernel.bind({ n: run, bad: -1, y });
      pool.run(bound, { units: 2 });
      bound.release();
      if (y[0] !== run || y[1] !== run) throw new Error(`run ${run} left ${y.join(" ")}`);
    }
    expect([pool.threads, heap.available]).toEqual([1, before]);
  });

  it("cannot be used once it is closed, nor be of no size", () => {
    const pool = new WorkerPool(host, { workers: 2 });
    pool.close();
    expect(() => pool.run(counting({ n: 1, units: 2 }).bound)).toThrow("the pool has been closed");
    expect(() => new WorkerPool(host, { workers: 0 })).toThrow("between 1 and 1024 workers, not 0");
  });

  it.runIf(findCompiler(host) !== undefined)("refuses arrays that other threads cannot see", () => {
    const [kernel] = compileC([countNest()], host);
    const bound = kernel!.bind({ n: 1, bad: -1, y: new Int32Array(4) });
    expect(() => poolOf(2).run(bound, { units: 4 })).toThrow(
      "kernel counts: other threads cannot see y; allocate it in",
    );
  });
});
