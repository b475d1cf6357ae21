import { idealMemory } from "@millrace/sim-core";
import { describe, expect, test } from "vitest";
import { bagsOf, type DaeMachine, machineNamed, type Operation, simulateOperation } from "../../src/index.ts";
import { randomFrom } from "../support/random-instance.ts";
import { recommendation, sls, traceOf } from "../support/workloads.ts";

const dae = machineNamed("dae") as DaeMachine;
const free = { row: 0, scalarToken: 0, vectorToken: 0, unalignedVector: 0, alignedVector: 0 };
/** A machine whose core costs nothing and whose caches hold nothing: only lines from memory take time. */
const bare: DaeMachine = { ...dae, costs: free, caches: { ...dae.caches, secondBytes: 0, lastBytes: 0 } };
const small = {
  operation: sls,
  fibres: { ptr: Float64Array.of(0, 2, 2, 5), idx: Float64Array.of(1, 3, 0, 4, 4) },
  rows: 5,
  width: 4,
};

function withLines(outstandingLines: number): DaeMachine {
  return { ...bare, outstandingLines, lanes: 16, streamBytesPerLane: 16384 };
}

describe("lines under way", () => {
  const [rows, lookups] = [1_000_000, 2000];
  const workload = { operation: sls, fibres: bagsOf(traceOf("low", lookups, rows), 80), rows, width: 128 };
  // Eight lines a row, those of ids, and those of offsets, which are read twice.
  const lines = 8 * lookups + lookups / 8 + 2 * Math.ceil(lookups / 80 / 8);
  const cycles = (machine: DaeMachine, bytesPerCycle: number) =>
    simulateOperation(workload, machine, { memory: idealMemory({ latencyCycles: 260, bytesPerCycle }) }).cycles;

  test("decide the time of a machine that waits for latency: 128 against 20 are 6.4 times", () => {
    const ratio = cycles(withLines(20), 1024) / cycles(withLines(128), 1024);
    expect(Math.abs(ratio / 6.4 - 1)).toBeLessThan(0.02);
  });

  test("change nothing where the memory's bandwidth is used up", () => {
    const [at128, at256] = [128, 256].map((each) => cycles(withLines(each), 8));
    expect(Math.abs(at256! / at128! - 1)).toBeLessThan(0.01);
    // A line in eight cycles, which is all that the memory gives.
    expect(at128!).toBeGreaterThan(8 * lines);
    expect(at128!).toBeLessThan(8 * lines * 1.02);
  });

  test("never exceed what Little's law allows", () => {
    for (const room of [1, 7, 64]) expect(cycles(withLines(room), 1024)).toBeGreaterThan((lines * 260) / room);
  });
});

describe("the queue", () => {
  test.each([
    ["the small example", small],
    ["RM1", recommendation(1, "middle", 40)],
  ])("of more parts never makes %s slower, and carries the same", (_, workload) => {
    for (const level of [0, 1, 2, 3] as const) {
      const runs = [1, 2, 64].map((chunks) =>
        simulateOperation(workload, { ...dae, queue: { chunks, chunkBytes: 256 } }, { level }),
      );
      const traffic = runs.map(({ tokens, scalars, vectors, bytes }) => ({ tokens, scalars, vectors, bytes }));
      expect(traffic[1]).toEqual(traffic[0]);
      expect(traffic[2]).toEqual(traffic[0]);
      expect(runs[1]!.cycles).toBeLessThanOrEqual(runs[0]!.cycles);
      expect(runs[2]!.cycles).toBeLessThanOrEqual(runs[1]!.cycles);
    }
  });

  test("takes parts of just one event, and refuses smaller ones before it runs", () => {
    const machine = (chunkBytes: number) => ({ ...dae, queue: { chunks: 2, chunkBytes } });
    // At emb-opt1 an event is a mask, a bag, eight ids, eight values and a token: 1 + 8 + 64 + 32 + 4 bytes.
    expect(simulateOperation(small, machine(109), { level: 1 }).tokens).toBe(5);
    expect(() => simulateOperation(small, machine(108), { level: 1 })).toThrow("an event pushes 109 bytes");
  });

  test("stays empty where streams store, and the core has nothing to do", () => {
    const gather: Operation = { kind: "gather", block: 2, table: "f32", index: "i64" };
    const run = simulateOperation({ operation: gather, ids: Float64Array.of(3, 0, 1), rows: 8, width: 32 }, dae);
    expect(run).toMatchObject({ tokens: 0, scalars: 0, vectors: 0, bytes: 0, bound: "access" });
    expect(run.streams.find(({ memory }) => memory === "table")?.lines).toBe(3 * 2 * 2);
  });
});

describe("a run", () => {
  test("takes the core the sum of its events, where it is what everything waits for", () => {
    const { row, vectorToken, alignedVector, scalarToken } = dae.costs;
    const run = simulateOperation(recommendation(1, "low", 40), dae);
    const work = 3200 * (row + vectorToken + 4 * alignedVector) + 40 * scalarToken;
    expect(run.bound).toBe("core");
    expect(run.cycles - (run.stalls.coreWaitsForQueue ?? 0)).toBe(Math.floor(work));
  });

  test("is the same twice, and takes energy by its time and its bytes", () => {
    const workload = recommendation(1, "high", 10);
    const run = simulateOperation(workload, dae);
    expect(simulateOperation(workload, dae)).toEqual(run);
    expect(run.energyPicojoules).toBe(1000 * run.nanoseconds + 31.2 * run.memoryBytes);
  });

  test("refuses programs that nest deeper than the machine", () => {
    expect(() => simulateOperation(small, { ...dae, layers: 2 })).toThrow("nests 3 loops, but dae has 2 layers");
  });

  test("ends on empty bags and on no bags", () => {
    const none = { operation: sls, fibres: { ptr: Float64Array.of(0), idx: new Float64Array(0) }, rows: 5, width: 4 };
    const empty = { ...none, fibres: { ptr: Float64Array.of(0, 0, 0), idx: new Float64Array(0) } };
    expect(simulateOperation(none, dae)).toMatchObject({ tokens: 0, lookups: 0, lookupsPerSecond: 0 });
    expect(simulateOperation(empty, dae)).toMatchObject({ tokens: 2, lookups: 0 });
  });
});

/** Block ids of BigBird for each block of queries: two global ones, a window of three, and three at random. */
function bigBird(blocks: number, seed: number): Float64Array {
  const random = randomFrom(seed);
  const ids: number[] = [];
  for (let block = 2; block + 1 < blocks; block++) {
    ids.push(0, blocks - 1, block - 1, block, block + 1);
    for (let i = 0; i < 3; i++) ids.push(1 + Math.floor(random() * (blocks - 2)));
  }
  return Float64Array.from(ids);
}

describe("hints to the second cache", () => {
  // Keys and values of one head side by side, 4096 positions: twice what the second cache holds.
  const [rows, width] = [4096, 128];

  test.each([1, 2, 4, 8])("keep most rows of blocks of %i away from the last one", (block) => {
    const operation: Operation = { kind: "gather", block, table: "f32", index: "i64" };
    const workload = { operation, ids: bigBird(rows / block, block), rows, width };
    const run = (entry: DaeMachine["entry"]) => simulateOperation(workload, { ...dae, entry }).streams;
    const seenByLast = (streams: ReturnType<typeof run>, memory: string) =>
      streams.filter((each) => each.memory === memory).reduce((sum, each) => sum + each.lines - each.secondHits, 0);
    const [plain, hinted] = [run("last"), run("hinted")];
    // Published: accesses of temporal streams fall to between 1/3.0 and 1/3.8, those of the others stay within 8 %.
    const fall = seenByLast(plain, "table") / seenByLast(hinted, "table");
    expect(fall).toBeGreaterThan(3);
    expect(fall).toBeLessThan(3.8);
    expect(Math.abs(seenByLast(hinted, "idx") / seenByLast(plain, "idx") - 1)).toBeLessThan(0.08);
  });
});
