import { KernelCompiler, nodeHost } from "@millrace/loop-ir";
import { describe, expect, test } from "vitest";
import { interpret, type Operation, operationNest, runKernel, withFreshOutput } from "../../src/index.ts";
import { operations, randomFrom, randomInstance } from "../support/random-instance.ts";

const compiled = operations.filter(
  ({ kind, table, index }) => kind === "bag" && (table === "f32" || table === "f64") && index !== "index",
);

describe.each(["interpreter", "wasm", "c"] as const)("kernels on %s", (target) => {
  // Without a C compiler, `c` is WebAssembly.
  const compiler = new KernelCompiler({ target: target === "c" ? "fastest" : target, host: nodeHost(process) });

  test.each(compiled.map((operation) => [JSON.stringify(operation), operation] as const))(
    "give the bits of the loop nest: %s",
    (_, operation) => {
      const random = randomFrom(11);
      for (const width of target === "c" ? [35] : [1, 4, 16, 35]) {
        const instance = randomInstance(operation, { bags: 5, rows: 6, width }, random);
        const expected = withFreshOutput(instance);
        interpret(operationNest(operation), expected.memories);
        runKernel(instance, compiler);
        expect(instance.memories.at(-1)!.array).toEqual(expected.memories.at(-1)!.array);
      }
    },
  );

  test("refuse ids outside of the table before they read it", () => {
    const operation = compiled[0] as Operation;
    const instance = randomInstance(operation, { bags: 5, rows: 6, width: 4 }, randomFrom(2));
    (instance.memories[1]!.array as BigInt64Array)[0] = 6n;
    expect(() => runKernel(instance, compiler)).toThrow(/idx/);
  });
});

test("operations without a kernel say so", () => {
  const operation: Operation = { kind: "gather", block: 1, table: "f32", index: "i64" };
  const instance = randomInstance(operation, { bags: 2, rows: 3, width: 4 }, randomFrom(1));
  expect(() => runKernel(instance, new KernelCompiler({ target: "wasm" }))).toThrow(
    "gather over f32 has no compiled kernel",
  );
});
