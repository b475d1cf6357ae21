import { describe, expect, it } from "vitest";
import { frontierOf, operatorSpace, readTasks, type Task, Verifier } from "../../src/index.ts";
import { taskOf } from "../support/recorded.ts";

/** Every row divided by its sum: the row waits on chip until its sum is known. */
function rowShare(columns: number): Task {
  return readTasks({
    id: "row-share",
    dims: { M: 4, N: columns },
    inputs: [{ name: "X", elem: "f32", shape: ["N", "M"], gen: "uniform01" }],
    fns: [
      { name: "add", kind: "fold", in: "f32", out: "f32", init: [0], expr: ["s[0]+x[0]"] },
      { name: "share", kind: "map", in: { tuple: ["f32", "f32"] }, out: "f32", expr: ["x[0]/x[1]"] },
    ],
    outputs: [{ elem: "f32", shape: ["N", "M"] }],
    reference: {
      ops: [
        { op: "Copy", in: ["X"], out: ["A", "B"] },
        { op: "Accum", fn: "add", b: 1, in: ["A"], out: ["S"] },
        { op: "Repeat", n: "N", in: ["S"], out: ["R"] },
        { op: "Zip", in: ["B", "R"], out: ["Z"] },
        { op: "Map", fn: "share", in: ["Z"], out: ["Y"] },
      ],
      ret: ["Y"],
    },
  })[0]!;
}

const costOf = (task: Task, hardware = {}) => new Verifier(task).costOf(task.reference!, hardware);

describe("the cost of a program", () => {
  it("counts the bytes of inputs and outputs, and the operations of its formulas", () => {
    // 24 numbers in and out; an addition and a division for each.
    expect(costOf(rowShare(6))).toMatchObject({ offChipBytes: 4 * (24 + 24), flops: 48 });
  });

  it("counts what has to wait on chip: the longer the rows the more, by 4 bytes a number", () => {
    const [short, long] = [costOf(rowShare(6)), costOf(rowShare(16))];
    expect(long.onChipBytes - short.onChipBytes).toBe(4 * 10);
  });

  it("takes no more cycles on a machine that computes faster, loads more at once, or has more units", () => {
    const task = taskOf("expert/G_0_6_05");
    const slow = costOf(task, { flopsPerCycle: 1 });
    expect(costOf(task, { flopsPerCycle: 256 }).cycles).toBeLessThan(slow.cycles);
    const gate = taskOf("index/G_0_3_03");
    const alone = costOf(gate, { flopsPerCycle: 1, tileElements: 45 });
    const many = costOf(gate, { flopsPerCycle: 1, tileElements: 45, lanes: { 1: 4 } });
    expect(many.cycles).toBeLessThan(alone.cycles);
    expect(many.flops).toBe(alone.flops);
    expect(costOf(gate, { tileElements: 9 }).cycles).toBeLessThan(costOf(gate).cycles);
  });

  it("is the same in every run, and part of the verdict where the verifier has a machine", () => {
    const task = taskOf("rope/G_0_3_02");
    const verifier = new Verifier(task, { hardware: {} });
    const { metrics } = verifier.verify(task.reference!);
    expect(metrics).toEqual({ operators: 3, copies: 0, cost: new Verifier(task).costOf(task.reference!) });
    expect(verifier.verifyText("return E0").metrics?.cost).toBeUndefined();
    expect(new Verifier(task).verify(task.reference!).metrics).toEqual({ operators: 3, copies: 0 });
  });

  it("is refused for programs that return something else, or are wrong", () => {
    const verifier = new Verifier(taskOf("rope/G_0_3_02"));
    expect(() => verifier.costOf({ ops: [], returns: ["nowhere"] })).toThrow("there is no value 'nowhere' to return");
    expect(() => verifier.costOf({ ops: [], returns: ["E1"] })).toThrow(
      /on the second engine: output 0, number [0-9]+: /,
    );
  });
});

describe("the space of a program", () => {
  it("has a parameter for each operator that computes, and costs what the machine of a configuration costs", () => {
    const task = taskOf("bmm/bmm_0");
    const verifier = new Verifier(task);
    const { scenario, evaluate } = operatorSpace(verifier, task.reference!);
    const computing = task.reference!.ops.flatMap(({ op }, at) =>
      /^(?:Map|Accum|Scan)$/.test(op) ? [`lanes_${at}`] : [],
    );
    expect(Object.keys(scenario.input_parameters)).toEqual(["tile_elements", "depth", ...computing]);
    const best = { tile_elements: 64, depth: 4, [computing[0]!]: 4 };
    const { cycles, onChipBytes } = verifier.costOf(task.reference!, {
      tileElements: 64,
      depth: 4,
      lanes: { [computing[0]!.slice("lanes_".length)]: 4 },
    });
    expect(evaluate(best)).toEqual({ cycles, onChipBytes });
    expect(evaluate({}).cycles).toBeGreaterThan(cycles);
    expect(() => evaluate({ depth: 3 })).toThrow("depth must be one of 1, 2, 4, 8, 16, not 3");
    expect(() => evaluate({ width: 3 })).toThrow("the space has no parameter 'width'");
  });
});

describe("the frontier", () => {
  it("keeps the programs that none beats in both cycles and bytes", () => {
    const of = (cycles: number, onChipBytes: number) => ({ cost: { cycles, onChipBytes, offChipBytes: 0, flops: 0 } });
    const designs = [of(10, 5), of(8, 7), of(8, 6), of(20, 1), of(30, 1)];
    expect(frontierOf(designs)).toEqual([of(8, 6), of(10, 5), of(20, 1)]);
  });
});
