import { KernelCompiler, nodeHost } from "@millrace/loop-ir";
import { describe, expect, test } from "vitest";
import {
  type EmberError,
  interpret,
  type Operation,
  operationNest,
  runKernel,
  withFreshOutput,
} from "../../src/index.ts";
import { operations, randomFrom, randomInstance } from "../support/random-instance.ts";

const elements = ["f32", "f64", "f16", "bf16", "i8"] as const;
/** Every operation over every element type. */
const compiled: readonly Operation[] = [
  ...operations,
  ...elements.flatMap((table): Operation[] => [
    { kind: "bag", weights: "multiply", reduce: "add", finish: "mean", table, index: "i32" },
    { kind: "bag", weights: "none", reduce: "minimum", finish: "none", table, index: "i64" },
    { kind: "gather", block: 1, table, index: "i32" },
    { kind: "gather", block: 2, table, index: "i64" },
    { kind: "sddmm", weights: "none", table, index: "i64" },
    { kind: "fused", activation: "sigmoid", table, index: "index" },
  ]),
];

describe.each(["interpreter", "wasm", "c"] as const)("kernels on %s", (target) => {
  // Without a C compiler, `c` is WebAssembly.
  const compiler = new KernelCompiler({ target: target === "c" ? "fastest" : target, host: nodeHost(process) });

  test.each(compiled.map((operation) => [JSON.stringify(operation), operation] as const))(
    "give the bits of the loop nest: %s",
    (_, operation) => {
      const random = randomFrom(11);
      for (const width of target === "c" ? [35] : target === "wasm" ? [1, 4, 16, 35] : [5, 35]) {
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
    expect(() => runKernel(instance, compiler)).toThrow("indices[0] is 6, but the table has 6 rows");
  });

  test("end with an error, or as the loop nest does, whatever offsets and ids are", () => {
    const random = randomFrom(5);
    let refused = 0;
    for (const operation of compiled.filter(({ index }) => index !== "index")) {
      const instance = randomInstance(operation, { bags: 4, rows: 5, width: 7 }, random);
      const numbers = [0, 1, 5, 6, -1, 100, -(2 ** 31), 2 ** 31 - 1];
      const wild = operation.index === "i64" ? [...numbers, 2 ** 60, -(2 ** 63)] : numbers;
      for (let round = 0; round < 6; round++) {
        const given = withFreshOutput(instance);
        const memories = given.memories.map((memory, place) =>
          place < (operation.kind === "gather" ? 1 : 2) ? { ...memory, array: memory.array.slice() } : memory,
        );
        const hit = memories[Math.floor(random() * (operation.kind === "gather" ? 1 : 2))]!.array;
        if (hit.length === 0) continue;
        const value = wild[Math.floor(random() * wild.length)]!;
        const stored = hit instanceof BigInt64Array ? BigInt(value) : value;
        (hit as { [place: number]: unknown })[Math.floor(random() * hit.length)] = stored;
        const expected = withFreshOutput({ operation, memories });
        const ran = withFreshOutput({ operation, memories });
        try {
          runKernel(ran, compiler);
        } catch (error) {
          expect((error as EmberError).code).toMatch(/index-range|offsets/);
          refused += 1;
          continue;
        }
        interpret(operationNest(operation), expected.memories);
        expect(ran.memories.at(-1)!.array).toEqual(expected.memories.at(-1)!.array);
      }
    }
    expect(refused).toBeGreaterThan(20);
  });
});
