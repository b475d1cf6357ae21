import { describe, expect, test } from "vitest";
import { evaluate, machineNamed, searchSpace, simulateOperation } from "../../src/index.ts";
import { recommendation } from "../support/workloads.ts";

const workload = recommendation(1, "middle", 4);
const dae = machineNamed("dae");

describe("the search space of a machine", () => {
  test("is plain data, and its default is the machine as it is", () => {
    const space = searchSpace(dae);
    expect(JSON.parse(JSON.stringify(space))).toEqual(space);
    expect(Object.keys(space.input_parameters)).toEqual([
      "opt",
      "lanes",
      "queue_parts",
      "part_bytes",
      "run_ahead_lines",
    ]);
    const { cycles } = simulateOperation(workload, dae);
    // Two parts of 2048 bytes, and 2048 bytes of storage in each of eight lanes.
    expect(evaluate(workload, dae, {})).toEqual({ feasible: true, cycles, storage_bytes: 2 * 2048 + 8 * 2048 });
  });

  test("costs what the changed machine costs", () => {
    const { cycles } = simulateOperation(workload, dae, { level: 1 });
    expect(evaluate(workload, dae, { opt: 1 })).toMatchObject({ cycles });
    const few = evaluate(workload, dae, { run_ahead_lines: 8 });
    expect(few).toMatchObject({ feasible: true, storage_bytes: 4096 + 1024 });
    expect(few.feasible && few.cycles).toBeGreaterThan(simulateOperation(workload, dae).cycles);
  });

  test("finds a queue infeasible that cannot hold what is pushed at once", () => {
    expect(evaluate(workload, dae, { opt: 1, lanes: 16, part_bytes: 64 })).toMatchObject({
      feasible: false,
      detail: expect.stringContaining("parts of the queue of dae have 64"),
    });
  });

  test("of a core is how far prefetches run ahead", () => {
    const core = machineNamed("core");
    const [none, ahead] = [0, 32].map((run_ahead_rows) => evaluate(workload, core, { run_ahead_rows }));
    expect(none).toEqual({ feasible: true, cycles: simulateOperation(workload, core).cycles, storage_bytes: 64 * 20 });
    expect(ahead!.feasible && ahead!.cycles).toBeLessThan(none!.feasible ? none!.cycles : 0);
  });

  test("refuses what it does not have", () => {
    expect(() => evaluate(workload, dae, { depth: 3 })).toThrow("dae has no parameter depth");
    expect(() => evaluate(workload, dae, { opt: 4 })).toThrow("opt must be one of 0, 1, 2, 3, not 4");
    expect(() => searchSpace(machineNamed("t4"))).toThrow("t4 leaves nothing to choose");
  });
});
