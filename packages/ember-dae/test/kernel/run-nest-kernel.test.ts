import { KernelCompiler, nodeHost } from "@millrace/loop-ir";
import { describe, expect, test } from "vitest";
import {
  compile,
  interpret,
  type Memory,
  memoryFrom,
  operationNest,
  type Program,
  parseProgram,
  runNestKernel,
  withFreshOutput,
} from "../../src/index.ts";
import { operations, randomFrom, randomInstance } from "../support/random-instance.ts";

/** Carried floats that change places, a branch, a loop whose step is a number that is given, and halves that are stored. */
const mixed = `"func.func"() ({
^bb0(%x: memref<?xf32>, %out: memref<?xf16>, %step: index, %n: index):
  %zero = "arith.constant"() {value = 0 : index} : () -> index
  %one = "arith.constant"() {value = 1.0 : f32} : () -> f32
  %two = "arith.constant"() {value = 2.0 : f32} : () -> f32
  %a, %b = "scf.for"(%zero, %n, %step, %one, %two) ({
  ^bb0(%i: index, %p: f32, %q: f32):
    %v = "memref.load"(%x, %i) : (memref<?xf32>, index) -> f32
    %less = "arith.cmpf"(%v, %p) {predicate = 4} : (f32, f32) -> i1
    %r = "scf.if"(%less) ({
      %s = "arith.mulf"(%v, %q) : (f32, f32) -> f32
      "scf.yield"(%s) : (f32) -> ()
    }, {
      %t = "math.exp"(%v) : (f32) -> f32
      "scf.yield"(%t) : (f32) -> ()
    }) : (i1) -> f32
    %h = "arith.truncf"(%r) : (f32) -> f16
    "memref.store"(%h, %out, %i) : (f16, memref<?xf16>, index) -> ()
    "scf.yield"(%q, %r) : (f32, f32) -> ()
  }) : (index, index, index, f32, f32) -> (f32, f32)
  %d = "arith.divf"(%a, %b) : (f32, f32) -> f32
  %e = "arith.truncf"(%d) : (f32) -> f16
  "memref.store"(%e, %out, %zero) : (f16, memref<?xf16>, index) -> ()
  "func.return"() : () -> ()
}) {sym_name = "mixed"} : () -> ()
`;

function copied(memories: readonly (Memory | number)[]): (Memory | number)[] {
  return memories.map((memory) => (typeof memory === "number" ? memory : { ...memory, array: memory.array.slice() }));
}

describe.each(["wasm", "c"] as const)("programs compiled on %s", (target) => {
  const compiler = new KernelCompiler({ target: target === "c" ? "fastest" : target, host: nodeHost(process) });

  const outcome = (run: () => unknown) => {
    try {
      return run();
    } catch (error) {
      return String(error);
    }
  };
  const expectSame = (program: Program, memories: readonly (Memory | number)[]) => {
    const expected = copied(memories);
    const given = copied(memories);
    const wanted = outcome(() => interpret(program, expected) === undefined);
    expect(outcome(() => runNestKernel(program, given, compiler))).toEqual(wanted);
    expect(given).toEqual(expected);
  };

  test.each(operations.filter(({ kind }) => kind !== "bag").map((each) => [JSON.stringify(each), each] as const))(
    "end with the bits of the interpreter, as loops and as streams: %s",
    (_, operation) => {
      const instance = randomInstance(operation, { bags: 5, rows: 6, width: 7 }, randomFrom(3));
      const scf = operationNest(operation);
      for (const program of [scf, compile(scf, { level: 0 }).slc])
        expectSame(program, withFreshOutput(instance).memories);
    },
  );

  test("carry values, branch, step by a number, and round halves", () => {
    const program = parseProgram({ name: "mixed.mlir", text: mixed });
    const x = memoryFrom("f32", [7], [0.3, -2, 5, 1e-9, Number.NaN, -100, 90]);
    for (const [step, n] of [
      [1, 7],
      [3, 7],
      [2, 0],
    ] as const)
      expectSame(program, [x, memoryFrom("f16", [7], [9, 9, 9, 9, 9, 9, 9]), step, n]);
  });

  test("end where the interpreter ends, and say the same", () => {
    const program = parseProgram({ name: "mixed.mlir", text: mixed });
    const x = memoryFrom("f32", [7], [0, 1, 2, 3, 4, 5, 6]);
    const out = memoryFrom("f16", [7], [9, 9, 9, 9, 9, 9, 9]);
    for (const [step, n] of [
      [1, 8],
      [0, 7],
      [-1, 7],
      [5, 2 ** 40],
    ] as const) {
      expectSame(program, [x, out, step, n]);
      expect(() => runNestKernel(program, [x, out, step, n], compiler)).toThrow(/index \d+ on axis 0|a loop with step/);
    }
  });

  test("are not those with vectors or queues", () => {
    const instance = randomInstance(operations[0]!, { bags: 2, rows: 3, width: 4 }, randomFrom(3));
    const { slcv, dlc } = compile(operationNest(operations[0]!), { level: 1 });
    for (const program of [slcv, dlc]) expect(runNestKernel(program, instance.memories, compiler)).toBe(false);
  });
});
