import { idealMemory } from "@millrace/sim-core";
import { describe, expect, test } from "vitest";
import { compile, type DaeMachine, machineNamed, memoryFrom, parseProgram } from "../../src/index.ts";
import { linesOf } from "../../src/machine/access/access-trace.ts";
import { recordAccess } from "../../src/machine/access/record-access.ts";
import { runDae } from "../../src/machine/dae/dae-machine.ts";

/** `out[i] = table[idx[i]]`: in one loop a load whose place another load gives. */
const text = `"func.func"() ({
^bb0(%idx: memref<?xi32>, %table: memref<?xf32>, %out: memref<?xf32>):
  %c0 = "arith.constant"() {value = 0 : index} : () -> index
  %c1 = "arith.constant"() {value = 1 : index} : () -> index
  %n = "memref.dim"(%idx, %c0) : (memref<?xi32>, index) -> index
  "scf.for"(%c0, %n, %c1) ({
  ^bb0(%i: index):
    %0 = "memref.load"(%idx, %i) : (memref<?xi32>, index) -> i32
    %1 = "arith.index_cast"(%0) : (i32) -> index
    %2 = "memref.load"(%table, %1) : (memref<?xf32>, index) -> f32
    "memref.store"(%2, %out, %i) : (f32, memref<?xf32>, index) -> ()
    "scf.yield"() : () -> ()
  }) : (index, index, index) -> ()
  "func.return"() : () -> ()
}) {function_type = (memref<?xi32>, memref<?xf32>, memref<?xf32>) -> (), sym_name = "take"} : () -> ()`;

describe("loads that depend on loads of the same turn", () => {
  const count = 200;
  const ids = Float64Array.from({ length: count }, (_, at) => (37 * at) % 1000);
  const extents = (length: number) => ({ element: "f32" as const, shape: [length], array: new Float32Array(0) });
  const [trace] = recordAccess(compile(parseProgram({ name: "take", text }), { level: 0 }).dlc, [
    memoryFrom("i32", [count], ids),
    extents(1000),
    extents(count),
  ]);

  test("are asked for by a stage of their own", () => {
    expect(trace!.units.map(({ stages }) => stages.length)).toEqual([2]);
    // Sixteen ids a line; ids that follow each other are 37 elements apart, so each is in another line.
    expect([...linesOf(trace!)]).toEqual([Math.ceil(count / 16), count]);
  });

  test("wait for the loads before them, and run ahead as far as the storage goes", () => {
    const dae = machineNamed("dae") as DaeMachine;
    const cycles = (latencyCycles: number) =>
      runDae(trace!, { machine: dae, memory: idealMemory({ latencyCycles }) }).report.cycles;
    // Of 8 KB, each of the two stages has half, for turns of up to two lines: 32 turns wait for memory at once. So the
    // latency is taken once for ids, and once for each 32 turns.
    const latencies = (cycles(5000) - cycles(1000)) / 4000;
    expect(latencies).toBeGreaterThanOrEqual(count / 32);
    expect(latencies).toBeLessThanOrEqual(1 + Math.ceil(count / 32));
  });
});
