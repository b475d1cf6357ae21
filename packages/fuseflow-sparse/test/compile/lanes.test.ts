import { coordinateList, pack, parseFormat, type Tensor, uniformTensor, unpack } from "@millrace/tensor";
import { describe, expect, test } from "vitest";
import { compileProgram } from "../../src/compile/compile-program.ts";
import { simulateProgram } from "../../src/compile/simulate-program.ts";
import { checkedRun, oneRegion, programOver } from "../support/compile-runs.ts";
import { fusedPrograms } from "../support/program-texts.ts";
import { comalRuns, compiledPrograms } from "../support/reference-data.ts";

const recorded = compiledPrograms();

function inLanes(name: string, parallel: readonly { variable: string; factor: number; deal?: readonly number[] }[]) {
  const { inputs } = recorded.get(name)!;
  const program = programOver(inputs, fusedPrograms[name]!);
  const [region] = oneRegion(program);
  return checkedRun(program, inputs, { regions: [{ ...region!, parallel }], results: "compressed" });
}

describe("attention with its rows in lanes", () => {
  // Cycles of the public compiler's graphs.
  const cycles: readonly (readonly [number, number])[] = [
    [1, 8841],
    [2, 4614],
    [4, 2550],
    [8, 1566],
    [16, 1222],
  ];
  test.each(cycles)("x%i takes about %i cycles and gives the same result", (factor, expected) => {
    const { run, error } = inLanes("attn_32x8b4__f_full", [{ variable: "i", factor }]);
    expect(error).toBeLessThan(1e-9);
    expect(run.cycles / expected).toBeLessThanOrEqual(1.05);
  });

  test("in lanes of lanes gives the same result", () => {
    const lanes = [
      { variable: "i", factor: 4 },
      { variable: "l", factor: 4 },
    ];
    expect(inLanes("attn_32x8b4__f_full", lanes).error).toBeLessThan(1e-9);
  });
});

describe.each(["ss", "ds", "sd", "dd"])("a function of a matrix stored %s", (format) => {
  const T = pack(uniformTensor({ shape: [9, 7], entries: 30, seed: 4, values: "quarters" }), parseFormat(format, 2));
  const program = programOver({ T }, "Y(i,j) = relu(T(i,j))");

  test.each(["ij", "ji"])("gives its result with both loops in lanes, asked for as %s", (asked) => {
    const parallel = [...asked].map((variable) => ({ variable, factor: 3 }));
    const { error } = checkedRun(program, { T }, { regions: [{ name: "y", tensors: ["Y"], parallel }] });
    expect(error).toBe(0);
  });
});

test.each(["i", "k", "l", "j"])("a GCN layer gives its result with uneven fibres of %s in 3 lanes", (variable) => {
  expect(inLanes("gcn_karate__p2_layer2", [{ variable, factor: 3 }]).error).toBeLessThan(1e-9);
});

test("coordinates dealt as told give the same result", () => {
  const deal = [0, 1, 1, 0, 2, 2, 2, 1];
  expect(inLanes("gcn_karate__p1_layer1", [{ variable: "i", factor: 3, deal }]).error).toBeLessThan(1e-9);
});

test("lanes dealt by work are shorter than lanes dealt in turn where rows are skewed", () => {
  // Every fourth row is full, the others hold one entry: four lanes in turn put all full rows into one.
  const rows = Array.from({ length: 32 }, (_, i) =>
    i % 4 === 0 ? Array.from({ length: 24 }, (_, k) => [i, k, 1]) : [[i, i % 24, 1]],
  );
  const A = pack(coordinateList([32, 24], rows.flat()), parseFormat("ss", 2));
  const X = pack(uniformTensor({ shape: [24, 8], entries: 192, seed: 1, values: "quarters" }), parseFormat("ss", 2));
  const program = programOver({ A, X }, "Y(i,j) = A(i,k) * X(k,j)");
  const cycles = (["turns", "work"] as const).map((balance) => {
    const parallel = [{ variable: "i", factor: 4, balance }];
    const { run, error } = checkedRun(program, { A, X }, { regions: [{ name: "y", tensors: ["Y"], parallel }] });
    expect(error).toBeLessThan(1e-9);
    return run.cycles;
  });
  expect(cycles[1]! * 2).toBeLessThan(cycles[0]!);
});

test("a sparse product in 2 lanes takes the cycles of Comal's hand-built graph, or fewer, and more lanes fewer still", () => {
  const { operands } = comalRuns().get("spmm_ikj_par1_ref--n16")!;
  // Its files leave extents open.
  const wide = (tensor: Tensor): Tensor => pack({ ...unpack(tensor), shape: [18, 18] }, tensor.format);
  const [B, C] = Object.values(operands).map(wide) as [Tensor, Tensor];
  const program = programOver({ B, C }, "X(i,j) = B(i,k) * C(k,j)");
  const cycles = [1, 2, 4, 8].map((factor) => {
    const parallel = [{ variable: "i", factor }];
    const schedule = { regions: [{ name: "x", tensors: ["X"], parallel }], results: "compressed" } as const;
    const { run, error } = checkedRun(program, { B, C }, schedule);
    expect(error).toBeLessThan(1e-9);
    return run.cycles;
  });
  expect(cycles[0]! / 699).toBeLessThanOrEqual(1.05);
  expect(cycles[1]! / 381).toBeLessThanOrEqual(1.05);
  expect(cycles[2]!).toBeLessThan(cycles[1]!);
  expect(cycles[3]!).toBeLessThan(cycles[2]!);
});

describe("a dense product in 4 lanes of 4", () => {
  const dense = (seed: number) =>
    pack(uniformTensor({ shape: [32, 64], entries: 2048, seed, values: "quarters" }), parseFormat("dd", 2));
  const operands = { A: dense(1), B: dense(2) };
  const program = programOver(operands, "Y(i,j) = A(i,k) * B(j,k)");
  const cycles = (lanes: readonly string[], memory: "none" | "hbm-burst"): number => {
    const parallel = lanes.map((variable) => ({ variable, factor: 4 }));
    const compiled = compileProgram(program, { schedule: { regions: [{ name: "y", tensors: ["Y"], parallel }] } });
    return simulateProgram(compiled, operands, { memory }).cycles;
  };

  test("is more than 14 times as fast where arithmetic is the limit", () => {
    expect(cycles([], "none") / cycles(["i", "j"], "none")).toBeGreaterThan(14);
  });

  test("gains little over 4 lanes where memory is the limit", () => {
    expect(cycles(["i"], "hbm-burst") / cycles(["i", "j"], "hbm-burst")).toBeLessThan(1.5);
  });
});

test("a loop that is not there is refused by name", () => {
  expect(() => inLanes("gcn_karate__p1_layer1", [{ variable: "z", factor: 2 }])).toThrow(/no loop over z.*i, k, l, j/);
});
