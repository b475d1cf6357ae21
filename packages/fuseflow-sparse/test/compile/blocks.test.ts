import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { importModel, normalise } from "@millrace/model-import";
import { blockSparseMatrix, coordinateList, pack, parseFormat, type Tensor, uniformTensor } from "@millrace/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileProgram } from "../../src/compile/compile-program.ts";
import { simulateProgram } from "../../src/compile/simulate-program.ts";
import { storedTensor } from "../../src/compile/stored-tensor.ts";
import { evaluateSam } from "../../src/evaluate/evaluate-sam.ts";
import { estimateError, estimateProgram } from "../../src/heuristic/estimate-program.ts";
import { attentionMask } from "../../src/models/attention-mask.ts";
import { gptDecoder } from "../../src/models/gpt-decoder.ts";
import type { Granularity } from "../../src/models/model.ts";
import { randomOperands } from "../../src/models/operands.ts";
import { raiseModel } from "../../src/raise/raise-model.ts";
import type { SamGraph } from "../../src/sam/graph.ts";
import { readGraphviz } from "../../src/sam/graphviz/read-graphviz.ts";
import { printGraphviz } from "../../src/sam/graphviz/write-graphviz.ts";
import { printGraphJson, readGraphJson } from "../../src/sam/json/graph-json.ts";
import { graphToTortilla } from "../../src/sam/tortilla/convert/from-graph.ts";
import { validateGraph } from "../../src/sam/validate/validate.ts";
import { withBlock } from "../../src/schedule/schedule.ts";
import { BURST_MEMORY_BYTES_PER_CYCLE, simulateSam } from "../../src/simulate/simulate-sam.ts";
import { checkedRun, denseOf, oneRegion, programOver } from "../support/compile-runs.ts";
import { modelCases } from "../support/library-models.ts";

const granularities: readonly Granularity[] = ["unfused", "partial", "full"];
const sparse = (shape: readonly number[], entries: number, seed: number, format = "ss"): Tensor =>
  pack(uniformTensor({ shape, entries, seed, values: "quarters" }), parseFormat(format, shape.length));

describe.each(modelCases)("$name in tiles", ({ name, model, operands }) => {
  // The decoder's mask has whole blocks of 4.
  const sizes = name === "gpt" ? [2, 4] : [2, 3, 16];
  const cases = sizes.flatMap((block) => granularities.map((granularity) => [block, granularity] as const));

  test.each(cases)("of %i gives the dense reference %s, as it was expected to cost", (block, granularity) => {
    const schedule = withBlock({ regions: model.regions[granularity] }, block);
    const { run, error } = checkedRun(model.program, operands, schedule);
    expect(error).toBeLessThan(1e-9);
    const stored = new Map(Object.entries(operands).map(([input, tensor]) => [input, storedTensor(tensor)]));
    const estimate = estimateProgram(compileProgram(model.program, { schedule, stored }), operands);
    const off = estimateError(estimate, run);
    expect(off.flops).toBeLessThan(0.05);
    expect(off.bytes).toBeLessThan(0.15);
  });
});

describe("a product of a matrix of 16 x 16 blocks", () => {
  const list = blockSparseMatrix({ rows: 96, columns: 96, blockRows: 16, blockColumns: 16, blocks: 12, seed: 4 });
  const A = pack(list, parseFormat("ss", 2));
  const operands = { A, X: sparse([96, 64], 96 * 64, 5, "dd") };
  const program = programOver(operands, "Y(i,j) = A(i,k) * X(k,j)");
  const runs = new Map(
    [1, 4, 16].map((block) => [block, checkedRun(program, operands, { regions: oneRegion(program), block })] as const),
  );

  test("gives the same values whatever the tiles", () => {
    for (const { error } of runs.values()) expect(error).toBeLessThan(1e-9);
  });

  test("takes fewer cycles by the size of the tiles at least, for the same operations and fewer bytes", () => {
    const [one, four, sixteen] = [1, 4, 16].map((block) => runs.get(block)!.run);
    expect(one!.cycles / four!.cycles).toBeGreaterThan(4);
    expect(four!.cycles / sixteen!.cycles).toBeGreaterThan(4);
    const flops = [one, four, sixteen].map((run) => run!.regions[0]!.flops);
    expect(flops).toEqual([flops[0], flops[0], flops[0]]);
    expect(four!.regions[0]!.bytes).toBeLessThan(one!.regions[0]!.bytes);
    expect(sixteen!.regions[0]!.bytes).toBeLessThan(four!.regions[0]!.bytes);
  });

  test("in memory moves whole tiles: cycles rise with the width of what is moved", () => {
    const compiled = compileProgram(program, { schedule: { regions: oneRegion(program), block: 16 } });
    const [fast, slow] = (["none", "hbm-burst"] as const).map((memory) =>
      simulateProgram(compiled, operands, { memory }),
    );
    expect(slow!.cycles).toBeGreaterThanOrEqual(slow!.regions[0]!.bytes / BURST_MEMORY_BYTES_PER_CYCLE);
    expect(denseOf(slow!.tensors.get("Y")!)).toEqual(denseOf(fast!.tensors.get("Y")!));
  });
});

describe("a model with an operand in blocks", () => {
  const file = (name: string): Buffer =>
    gunzipSync(readFileSync(join(import.meta.dirname, "../data/models", `${name}.gz`)));
  interface Recorded {
    readonly inputs: Readonly<Record<string, { readonly shape: number[]; readonly coo: number[][] }>>;
    readonly output: { readonly data: number[] };
  }

  test("is compiled to tiles as its encoding says, and gives the recorded values", async () => {
    const recorded = JSON.parse(file("bsr4_spmm.io.json").toString("utf8")) as Recorded;
    const graph = normalise(await importModel(new Uint8Array(file("bsr4_spmm.mlir")), { name: "bsr4_spmm.mlir" }));
    const { program } = raiseModel(graph);
    expect(program.inputs.map(({ format }) => format)).toEqual(["BCSR(4x4)", "dd"]);
    const operands = Object.fromEntries(
      program.inputs.map(({ name, format, shape }) => {
        const { shape: own, coo } = recorded.inputs[name]!;
        return [name, pack(coordinateList(own, coo), parseFormat(format, shape.length))];
      }),
    );
    const cycles = [undefined, 1].map((block) => {
      const schedule = { regions: oneRegion(program), ...(block !== undefined && { block }) };
      const { run, error } = checkedRun(program, operands, schedule);
      expect(error).toBe(0);
      expect([...denseOf(run.tensors.get(program.outputs[0]!)!)]).toEqual(recorded.output.data);
      return run.cycles;
    });
    expect(cycles[1]! / cycles[0]!).toBeGreaterThan(4);
  });
});

const statements: readonly string[] = [
  "Y(i,j) = A(i,k) * B(k,j)",
  "Y(i,j) = A(i,k) * B(k,j) + C(i,j)",
  "Y(i,j) = softmax[j](A(i,k) * B(k,j))",
  "Y(i,j) = exp(C(i,j)) * v(j)",
  "T(i,j) = exp(A(i,k) * B(k,j))\nY(i) = sum[j](T(i,j))",
  "Y(i) = max[j](C(i,j))",
  "Y(i,j) = C(i,j) * u(i) * v(j)",
  "Y = sum[i,j](C(i,j))",
  "T(i,j) = C(i,j) + v(j)\nY(i,l) = T(i,j) * D(j,l)",
  "T(i) = sum[j](C(i,j) * C(i,j)) + 1\nY(i,j) = C(i,j) / T(i)",
  "Y(i,l) = A(i,k) * B(k,j) * D(j,l)",
  "Y(j,i) = relu(C(i,j) - v(j))",
  "Y(i,j) = u(i) * v(j)",
  "Y(i,j) = E(i,k,h) * B(k,j) * F(h,j)",
];

test("random programs in tiles of any size give the dense reference, edges and empty rows and all", () => {
  const extent = fc.integer({ min: 1, max: 7 });
  const property = fc.property(
    fc.record({
      text: fc.constantFrom(...statements),
      n: fc.record({ i: extent, j: extent, k: extent, l: extent, h: extent }),
      block: fc.integer({ min: 2, max: 5 }),
      seed: fc.integer({ min: 1, max: 1e6 }),
      density: fc.constantFrom(0.15, 0.5, 1),
      format: fc.constantFrom("d", "s"),
      together: fc.boolean(),
    }),
    ({ text, n, block, seed, density, format, together }) => {
      const shapes = { A: "ik", B: "kj", C: "ij", D: "jl", E: "ikh", F: "hj", u: "i", v: "j" };
      const operands: Record<string, Tensor> = {};
      for (const [at, [name, modes]] of Object.entries(shapes).entries()) {
        if (!new RegExp(`\\b${name}\\(`).test(text)) continue;
        const shape = [...modes].map((mode) => n[mode as keyof typeof n]);
        const places = shape.reduce((a, b) => a * b, 1);
        operands[name] = sparse(shape, Math.ceil(density * places), seed + at, format.repeat(shape.length));
      }
      const program = programOver(operands, text);
      const regions = together
        ? oneRegion(program)
        : program.statements.map(({ tensor }) => ({ name: tensor, tensors: [tensor] }));
      expect(checkedRun(program, operands, { regions, block }).error).toBeLessThan(1e-9);
    },
  );
  fc.assert(property, { seed: 11, numRuns: 400 });
});

test.each(["i", "j", "k"])("tiles go through lanes of %s", (variable) => {
  const operands = { A: sparse([22, 19], 60, 1), B: sparse([19, 17], 70, 2) };
  const program = programOver(operands, "Y(i,j) = A(i,k) * B(k,j)");
  const regions = [{ name: "y", tensors: ["Y"], parallel: [{ variable, factor: 3, balance: "turns" as const }] }];
  expect(checkedRun(program, operands, { regions, block: 4 }).error).toBeLessThan(1e-9);
});

test("a tensor that is needed in two orders is copied in tiles", () => {
  const operands = { B: sparse([9, 9], 30, 1), C: sparse([9, 9], 30, 2) };
  const program = programOver(operands, "T(i,j) = B(i,k) * C(k,j)\nE(i,j) = B(i,k) * T(j,k)");
  const regions = [
    { name: "t", tensors: ["T"] },
    { name: "e", tensors: ["E"], orders: { E: ["k", "i"] } },
  ];
  const { run, error } = checkedRun(program, operands, { regions, block: 4 });
  expect(error).toBeLessThan(1e-9);
  expect(run.regions.flatMap(({ kernels }) => kernels).some(({ kernel }) => kernel.name.startsWith("copy"))).toBe(true);
});

const attention = gptDecoder({ sequence: 16, heads: 2, headSize: 4 });
const masked = (block: number): Record<string, Tensor> => {
  const M = attentionMask({ sequence: 16, heads: 2, blockSize: block, randomBlocks: 0, windowBlocks: 1, seed: 3 });
  return randomOperands(attention.program, { seed: 7, given: { M } });
};

test("a softmax over stored entries needs whole tiles of them", () => {
  const compiled = compileProgram(attention.program, { schedule: { regions: attention.regions.partial, block: 8 } });
  expect(() => simulateProgram(compiled, masked(4))).toThrow(/M stores \d+ of the \d+ entries of the 8 x 1 x 8 tiles/);
  expect(() => simulateProgram(compiled, masked(8))).not.toThrow();
});

test("heads are not tiled: tiles are matrices", () => {
  const { tensors } = compileProgram(attention.program, { schedule: { regions: attention.regions.unfused, block: 4 } });
  expect(tensors.get("M")!.tile).toEqual([4, 1, 4]);
  expect(tensors.get("WQ1")!.tile).toEqual([4, 1, 4]);
  expect(tensors.get("score1")!.tile).toEqual([4, 1, 4]);
  expect(tensors.get("g1")!.tile).toEqual([4]);
});

describe("a graph of tiles", () => {
  const operands = { A: sparse([9, 8], 20, 1), B: sparse([8, 6], 48, 2, "dd") };
  const program = programOver(operands, "Y(i,j) = relu(A(i,k) * B(k,j))");
  const { graph } = compileProgram(program, { schedule: { regions: oneRegion(program), block: 4 } }).regions[0]!
    .kernels[0]!;

  test("is written and read back equal", () => {
    expect(readGraphJson({ name: "g.json", text: printGraphJson(graph) }).graph).toEqual(graph);
    const { graph: read } = readGraphviz({ name: "g.gv", text: printGraphviz(graph) });
    expect(read.tensors).toEqual(graph.tensors);
    for (const block of graph.blocks) expect(read.blocks).toContainEqual(block);
  });

  const changed = (type: string, tile: object): SamGraph => ({
    ...graph,
    blocks: graph.blocks.map((block) => (block.type === type ? { ...block, tile } : block)) as SamGraph["blocks"],
  });
  test.each([
    ["unary", { size: 4, axes: "a->a" }, "takes tiles of 1 axes at port val, but gets tiles of 2"],
    ["unary", { size: 8, axes: "ab->ab" }, "works on tiles of 8, others on tiles of 4"],
    ["alu", { size: 4, axes: "ab->ab" }, 'has the axes "ab->ab", which are not those of 2 tiles'],
    ["array", { size: 4, axes: "->a" }, "does not fit the tiles of its tensor"],
  ] as const)("is refused where the tiles of its %s do not fit: %j", (type, tile, message) => {
    const faults = validateGraph(changed(type, tile)).filter(({ code }) => code === "tile-mismatch");
    expect(faults.map((fault) => fault.message).join("\n")).toContain(message);
  });

  test("is refused where tiles mean nothing", () => {
    expect(() => simulateSam(graph, operands)).toThrow(
      "A is stored in tiles of 1 x 1, but the graph reads tiles of 4 x 4",
    );
    expect(() => simulateSam(graph, operands, { profile: "sam-sync" })).toThrow("no timing of tiles");
    expect(() => simulateSam(graph, operands, { recordStreams: true })).toThrow("cannot be recorded");
    expect(() => evaluateSam(graph, operands)).toThrow("numbers, not tiles");
    expect(() => graphToTortilla(graph)).toThrow("it works on tiles");
  });
});

describe("what a schedule asks for and cannot have is refused:", () => {
  const program = programOver({ A: sparse([8, 8], 20, 1), B: sparse([8, 8], 20, 2) }, "Y(i,j) = A(i,k) * B(k,j)");
  const compiled = (schedule: object, inputs = program.inputs) =>
    compileProgram({ ...program, inputs }, { schedule: { regions: oneRegion(program), ...schedule } });
  const stored = (...formats: string[]) => program.inputs.map((input, at) => ({ ...input, format: formats[at]! }));

  test("tiles of no size, of two sizes, or oblong", () => {
    expect(() => compiled({ block: 65 })).toThrow("1 to 64, not 65");
    expect(() => compiled({}, stored("BCSR(4x4)", "BCSR(2x2)"))).toThrow(
      "A is stored in tiles of 4 and B in tiles of 2",
    );
    expect(() => compiled({}, stored("BCSR(4x2)", "ss"))).toThrow("must be square");
    expect(compiled({ block: 1 }, stored("BCSR(4x4)", "BCSR(2x2)")).tensors.get("A")!.tile).toBeUndefined();
  });

  test("formats in place of those of the data", () => {
    const operands = { A: sparse([8, 8], 20, 1), B: sparse([8, 8], 20, 2) };
    const { run } = checkedRun(program, operands, { regions: oneRegion(program), formats: { B: "dd" } });
    expect(run.regions[0]!.kernels[0]!.kernel.tensors.get("B")!.levels).toEqual(["dense", "dense"]);
  });

  test.each([
    [{ order: ["i", "q"] }, "no loop over q"],
    [{ order: ["i", "i", "k"] }, "has i twice"],
    [{ orders: { Z: ["i"] } }, "an order is given for Z"],
    [{ parallel: [{ variable: "k", factor: 2, balance: "work" as const }] }, "k cannot be balanced by work"],
  ])("%j", (part, message) => {
    const operands = { A: sparse([8, 8], 20, 1), B: sparse([8, 8], 20, 2, "ss") };
    const regions = [{ name: "y", tensors: ["Y"], ...part }];
    const order = message.startsWith("k") ? { formats: { B: "ss10" } } : {};
    expect(() => checkedRun(program, operands, { regions, ...order })).toThrow(message);
  });
});
