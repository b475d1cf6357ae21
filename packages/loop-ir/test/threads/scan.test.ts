import { afterAll, describe, expect, it } from "vitest";
import { KernelCompiler, PrefixSum, WorkerPool } from "../../src/index.ts";
import { testHost } from "../support/host.ts";
import { randomNumbers } from "../support/matrices.ts";

const host = testHost();
const workers = 3;
const pool = new WorkerPool(host, { workers });
afterAll(() => pool.close());

describe("a parallel prefix sum", () => {
  const compiler = new KernelCompiler({ target: "wasm" });
  const { heap } = compiler;

  it.each([0, 1, workers - 1, workers, 32_768, 32_769, 1_000_000])("of %i entries is the serial one", (n) => {
    const random = randomNumbers(n);
    const values = heap.copy(
      "i32",
      Array.from({ length: n }, () => Math.floor(random() * 2000) - 999),
    );
    const result = heap.allocate("i32", n);
    const total = new PrefixSum({ from: "i32", to: "i32" }, compiler, pool).run(values, result);
    let sum = 0;
    let wrong = 0;
    for (let place = 0; place < n; place++) {
      if (result[place] !== sum) wrong++;
      sum += values[place]!;
    }
    expect([wrong, total]).toEqual([0, BigInt(sum)]);
  });

  it.each(["interpreter", "wasm"] as const)("is exact above 2^31 on the %s", (target) => {
    const narrow = new KernelCompiler({ target, heap });
    const values = Int32Array.from({ length: 70_000 }, () => 2 ** 31 - 1);
    const result = new BigInt64Array(values.length);
    expect(new PrefixSum({ from: "i32", to: "i64" }, narrow).run(values, result)).toBe(70_000n * (2n ** 31n - 1n));
    expect(result[69_999]).toBe(69_999n * (2n ** 31n - 1n));
  });

  it("refuses sums that do not fit, and arrays that do not belong together", () => {
    const sums = new PrefixSum({ from: "i32", to: "i32" }, compiler, pool);
    const large = Int32Array.of(2 ** 31 - 1, 1);
    expect(() => sums.run(large, new Int32Array(2))).toThrow("prefix sums of up to 2147483648 do not fit an i32");
    expect(() => sums.run(large, new Int32Array(3))).toThrow("2 values do not have 3 prefix sums");
    expect(() => sums.run(large, new BigInt64Array(2))).toThrow("the prefix sums are i32");
  });
});
