import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { writeNpz } from "@millrace/tensor";
import { describe, expect, test } from "vitest";
import { examples, folderWith } from "../../support/folder.ts";
import { millrace } from "../../support/recording-host.ts";

const routing = `${examples}/traces/routing-mixtral.json`;
const lengths = `${examples}/traces/azure-lengths.json`;

async function experiment(words: readonly string[], folder?: string) {
  const run = await millrace(["step", "experiment", ...words, "--json"], folder === undefined ? {} : { folder });
  expect(run).toMatchObject({ status: 0 });
  return JSON.parse(run.stdout);
}

/** A NumPy file of 64-bit integers, as the published traces are. */
function longNumbers(rows: number, columns: number, numbers: readonly number[]): Uint8Array {
  const header = `{'descr': '<i8', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`.padEnd(117, " ");
  const start = [0x93, ...Buffer.from("NUMPY"), 1, 0, 118, 0, ...Buffer.from(`${header}\n`)];
  return Buffer.concat([Uint8Array.from(start), Buffer.from(BigInt64Array.from(numbers, BigInt).buffer)]);
}

describe("step experiment moe", () => {
  const moe = ["moe", "--model", "mixtral", "--trace", routing];
  const counts = [18, 15, 7, 7, 25, 17, 20, 19];

  test("gives the figures that scripts rely on", async () => {
    const result = await experiment([...moe, "--tiling", "dynamic"]);
    const [hidden, inner, batch] = [4096, 14336, 64];
    const bytes = 8 * 3 * hidden * inner * 2 + 2 * batch * hidden + 2 * batch * 2 + 4 * batch * hidden;
    const held = 8 * 6 * hidden * 64 + 12 * hidden * counts.reduce((a, b) => a + b) + 10 * hidden + 2;
    const flops = 128 * (14 * hidden * inner + inner);
    expect(result).toMatchObject({
      experiment: "moe",
      model: "mixtral-8x7b",
      batch,
      tiling: "dynamic",
      settings: "published",
      offChipBytes: bytes,
      onChipBytes: { allocated: held, onDemand: held },
      flops,
      allocatedFlopsPerCycle: 6400 * (5 * 8 + 9),
      deadlock: null,
    });
    expect(result.computeUtilization).toBeCloseTo(flops / (result.cycles * result.allocatedFlopsPerCycle), 12);
    // Bound by memory: the floor, and a few percent.
    expect(result.cycles / (bytes / 1024)).toBeGreaterThan(1);
    expect(result.cycles / (bytes / 1024)).toBeLessThan(1.06);
  });

  test("refuses tiles that no memory holds", async () => {
    const { status, stderr } = await millrace(["step", "experiment", ...moe, "--tiling", "static:1000000"]);
    expect([status, stderr]).toEqual([2, expect.stringContaining("matmul: a tile of 1000000 x 4096 is more than")]);
  });

  test("counts operations right, and gives dynamic tiles the machine of static ones, with equal settings", async () => {
    const result = await experiment([...moe, "--tiling", "dynamic", "--settings", "equal"]);
    expect(result.flops).toBe(128 * (6 * 4096 * 14336 + 9 * 14336));
    expect(result.allocatedFlopsPerCycle).toBe(4096 * (5 * 8 + 9));
  });

  test("reads the same trace as NumPy arrays", async () => {
    const rows: number[][] = JSON.parse(readFileSync(routing, "utf8")).indices;
    const values = Int32Array.from(rows.flat());
    const folder = folderWith({
      "t.npy": longNumbers(64, 2, rows.flat()),
      "t.npz": writeNpz({ data: { shape: [64, 2], valueType: "int32", values } }),
    });
    const words = ["moe", "--model", "mixtral", "--batch", "8", "--tile-inner", "512", "--trace"];
    const expected = await experiment([...words, routing]);
    for (const file of ["t.npy", "t.npz"]) expect(await experiment([...words, file], folder)).toEqual(expected);
  });

  test("plots several tilings, and goes on where it was killed", async () => {
    const folder = folderWith({});
    const small = [
      "moe",
      "--model",
      "mixtral",
      "--batch",
      "8",
      "--tile-inner",
      "512",
      "--trace",
      routing,
      "--out",
      "out",
    ];
    const all = [...small, "--tiling", "static:2,static:8,dynamic"];
    await experiment([...small, "--tiling", "static:2"], folder);
    const log = `${folder}/out/points.jsonl`;
    const [first = ""] = readFileSync(log, "utf8").split("\n");
    // As if killed in the middle of writing the second point; a changed first one shows that it is not run again.
    writeFileSync(log, `${JSON.stringify({ ...JSON.parse(first), cycles: 7 })}\n`);
    appendFileSync(log, '{"label":"static:8","cyc');
    const { points, pareto } = await experiment(all, folder);
    expect(points.map((point: { label: string }) => point.label)).toEqual(["static:2", "static:8", "dynamic"]);
    expect(points[0].cycles).toBe(7);
    expect(pareto[0]).toMatchObject({ memory: "allocated" });
    expect(pareto[0].improvementDistance.dynamic).toBeGreaterThan(0);
    // The torn line is gone: what was written is what an uninterrupted run writes.
    const lines = readFileSync(log, "utf8").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).label)).toEqual(["static:2", "static:8", "dynamic"]);
    for (const file of ["pareto-allocated.svg", "pareto-on-demand.svg", "report.html"])
      expect(existsSync(`${folder}/out/${file}`)).toBe(true);
    expect(await experiment(all, folder)).toEqual({ points, pareto });
  });
});

describe("step experiment timemux", () => {
  test("shares pipelines", async () => {
    const words = ["timemux", "--model", "mixtral", "--trace", routing, "--tile-inner", "1024", "--regions", "8,2"];
    const { points } = await experiment(words);
    expect(points.map((point: { allocatedFlopsPerCycle: number }) => point.allocatedFlopsPerCycle)).toEqual([
      1024 * (5 * 8 + 9),
      1024 * (5 * 2 + 9),
    ]);
    expect(points[0].offChipBytes).toBe(points[1].offChipBytes);
    expect(points[1].onChipBytes.allocated).toBeLessThan(points[0].onChipBytes.allocated);
  });
});

describe("step experiment attention", () => {
  test("takes the published cycles for every strategy", async () => {
    const words = ["attention", "--model", "Qwen3-30B-A3B", "--trace", lengths];
    const { points } = await experiment([...words, "--strategy", "coarse,interleaved,dynamic"]);
    const published = [70_210, 64_362, 49_094];
    for (const [place, point] of points.entries()) {
      expect(Math.abs(point.cycles / published[place]! - 1)).toBeLessThan(0.001);
    }
    const single = await experiment([...words, "--strategy", "dynamic"]);
    expect(single).toMatchObject({ experiment: "attention", strategy: "dynamic", cycles: points[2].cycles });
  });
});

describe("step experiment layer", () => {
  test("runs projections, attention and experts end to end", async () => {
    const words = ["layer", "--model", "mixtral", "--trace", routing, "--lengths", lengths];
    const layer = await experiment(words);
    expect(layer).toMatchObject({
      experiment: "layer",
      batch: 64,
      tiling: "dynamic",
      strategy: "dynamic",
      deadlock: null,
    });
    const experts = await experiment(["moe", "--model", "mixtral", "--trace", routing, "--tiling", "dynamic"]);
    expect(layer.offChipBytes).toBeGreaterThan(experts.offChipBytes);
    expect(layer.cycles).toBeGreaterThan(layer.offChipBytes / 1024);
  });

  test("wants as many lengths as tokens", async () => {
    const words = ["layer", "--model", "mixtral", "--trace", routing, "--lengths", routing];
    expect((await millrace(["step", "experiment", ...words])).status).toBe(2);
  });
});

describe("what cannot be run", () => {
  test.each([
    [
      ["moe", "--model", "gpt", "--trace", routing],
      "there is no model 'gpt'; known are mixtral-8x7b and qwen3-30b-a3b",
    ],
    [["moe", "--model", "mixtral", "--trace", lengths], "holds no list of lists of numbers, the experts of each token"],
    [
      ["moe", "--model", "mixtral", "--trace", routing, "--tiling", "static"],
      'must be static:N or dynamic, not "static"',
    ],
    [["moe", "--model", "mixtral", "--trace", routing, "--batch", "65"], "--batch 65 is more than the 64 entries of"],
    [["timemux", "--model", "mixtral", "--trace", routing, "--regions", "3"], "regions 3 does not divide 8"],
    [
      ["attention", "--model", "qwen", "--trace", lengths, "--strategy", "lazy"],
      "must be coarse, interleaved or dynamic",
    ],
    [["moe", "--model", "mixtral", "--trace", "nothing.csv"], "nothing.csv is no trace"],
  ])("%j is refused with status 2", async (words, message) => {
    const { status, stderr } = await millrace(["step", "experiment", ...words]);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});
