import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { examples, folderWith, matrixText, testData } from "../../support/folder.ts";
import { millrace, type Run, type RunSettings } from "../../support/recording-host.ts";

const B = matrixText(2, 3, [
  [1, 1, 2],
  [1, 3, 3],
  [2, 2, 4],
]);
const c = "1 10\n3 5\n";

function run(inputs: readonly string[], settings: RunSettings = {}): Promise<Run> {
  return millrace(["sam", "run", ...inputs], settings);
}

function spmv(...more: string[]): Promise<Run> {
  return run([`${examples}/graphs/spmv.gv`, "-i", "B=B.mtx", "-i", "c=c.tns", ...more], {
    folder: folderWith({ "B.mtx": B, "c.tns": c }),
  });
}

describe("sam run --json", () => {
  test("prints the document that scripts rely on", async () => {
    const { status, stdout, stderr } = await spmv("--json");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const result = JSON.parse(stdout);
    expect(result.outputs).toEqual({
      x: {
        shape: [2],
        format: "s0",
        entries: [
          [0, 35],
          [1, 0],
        ],
      },
    });
    expect(result.deadlock).toBeNull();
    expect(result).toMatchObject({ profile: "comal", memory: "none", fifo: null });
    expect(Number.isInteger(result.cycles)).toBe(true);
    const scanner = result.nodes.find(({ id }: { id: string }) => id === "scan_Bi");
    expect(Object.keys(scanner)).toEqual(["id", "type", "busy", "starved", "blocked"]);
    expect(scanner.type).toBe("scanner");
    for (const { busy, starved, blocked } of result.nodes)
      expect(busy + starved + blocked).toBeLessThanOrEqual(result.cycles);
    for (const channel of result.channels) expect(Object.keys(channel)).toEqual(["id", "tokens", "highWater"]);
  });

  test("gives the same bytes twice", async () => {
    expect((await spmv("--json", "--memory", "hbm-burst")).stdout).toBe(
      (await spmv("--json", "--memory", "hbm-burst")).stdout,
    );
  });

  test("counts what a memory moved, which makes the run longer and its values no different", async () => {
    const free = JSON.parse((await spmv("--json")).stdout);
    const memory = JSON.parse((await spmv("--json", "--memory", "hbm-burst")).stdout);
    expect(memory.outputs).toEqual(free.outputs);
    expect(memory.cycles).toBeGreaterThan(free.cycles);
    expect(memory.memories[0].bytesRead).toBeGreaterThan(0);
    expect(free.memories).toEqual([]);
  });
});

describe("on command-level DRAM", () => {
  test("a graph computes the same values, later, and says what its rows did", async () => {
    const free = JSON.parse((await spmv("--json")).stdout);
    const timed = JSON.parse((await spmv("--memory", "dram:ddr4-2400", "--json")).stdout);
    expect(timed.outputs).toEqual(free.outputs);
    expect(timed.cycles).toBeGreaterThan(free.cycles);
    const [memory] = timed.memories;
    expect(memory.bytesRead % 64).toBe(0);
    expect(memory.rowHits).toBeGreaterThan(0);
    expect(memory.channels[0].commands.ACT).toBeGreaterThan(0);
    const { stdout } = await spmv("--memory", "dram:ddr4-2400");
    expect(stdout).toMatch(/^memory .* read, .* written, \d+ % row hits, [\d.]+ % of the peak$/m);
  });

  test("a configuration file says how its clock compares to the machine's", async () => {
    const [slow, fast] = ["1", "8"].map((ticks) =>
      readFileSync(`${examples}/memories/ddr4-2400.yaml`, "utf8")
        .replace("clock_ratio: 8", "clock_ratio: 1")
        .replace("clock_ratio: 3", `clock_ratio: ${ticks}`),
    );
    const folder = folderWith({ "B.mtx": B, "c.tns": c, "slow.yaml": slow!, "fast.yaml": fast! });
    const cycles = async (name: string): Promise<number> => {
      const inputs = [
        `${examples}/graphs/spmv.gv`,
        "-i",
        "B=B.mtx",
        "-i",
        "c=c.tns",
        "--memory",
        `dram:${name}`,
        "--json",
      ];
      return JSON.parse((await run(inputs, { folder })).stdout).cycles;
    };
    expect(await cycles("fast.yaml")).toBeLessThan(await cycles("slow.yaml"));
  });

  test("an unknown memory or preset is refused", async () => {
    expect((await spmv("--memory", "ddr")).stderr).toContain(
      '--memory must be none, hbm-burst or dram:PRESET, not "ddr"',
    );
    expect((await spmv("--memory", "dram:hbm3-640")).stderr).toContain("did you mean hbm3-6400?");
  });
});

describe("sam run CASE.json", () => {
  const kept = `${testData}/matmul_ikj--tiny-a/case.json`;

  test("brings its operands along, runs in profile sam-sync and equals its record", async () => {
    const { status, stdout } = await run([kept, "--json"]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      profile: "sam-sync",
      cycles: 56,
      recorded: { equal: true, outputsEqual: true, cycles: 56 },
    });
  });

  test.each([
    [1, 81],
    [2, 63],
    [8, 56],
  ])("takes the recorded cycles with queues of %i too", async (fifo, cycles) => {
    const { status, stdout } = await run([kept, "--fifo", `${fifo}`, "--json"]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout).cycles).toBe(cycles);
  });

  test("ends with status 3 where a value differs from the record", async () => {
    const text = readFileSync(kept, "utf8")
      .replace('"vals": [81.0', '"vals": [80.0')
      .replace('"vals":[81.0', '"vals":[80.0');
    const names = ["B.mtx", "C.mtx"];
    const folder = folderWith({
      "case.json": text,
      ...Object.fromEntries(names.map((name) => [name, readFileSync(`${testData}/matmul_ikj--tiny-a/${name}`)])),
    });
    const { status, stdout } = await run(["case.json"], { folder });
    expect(status).toBe(3);
    expect(stdout).toContain("output    differs from the record\n");
  });
});

test.each(["graph.bin", "graph.pbtxt"])(
  "runs a Comal %s on a folder of level arrays in the recorded cycles",
  async (name) => {
    const folder = `${testData}/elem_intersect--n12`;
    const { status, stdout } = await run([`${folder}/${name}`, "--data", `${folder}/data`, "--json"]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout).cycles).toBe(120);
  },
);

describe("a deadlock", () => {
  const expression = ["sam", "simulate", "X(i,j)=B(i,k)*C(k,j)", "--order", "i,k,j", "-f", "B=ss", "-f", "C=ss"];
  const inputs = ["-i", `B=${examples}/data/karate.mtx`, "-i", "C=random:34x8:0.3"];

  test("ends with status 3, names the waits and the queue size that frees it", async () => {
    const { status, stdout } = await millrace([...expression, ...inputs, "--fifo", "1", "--json"]);
    expect(status).toBe(3);
    const { deadlock, outputs } = JSON.parse(stdout);
    expect(outputs).toEqual({});
    expect(deadlock.cycle.length).toBeGreaterThan(1);
    for (const wait of deadlock.cycle)
      expect(Object.keys(wait).sort()).toEqual(["channel", "node", "owedBy", "waitsFor"]);
    const freed = await millrace([...expression, ...inputs, "--fifo", `${deadlock.capacity}`, "--check", "--json"]);
    expect(freed.status).toBe(0);
    expect((await millrace([...expression, ...inputs, "--fifo", `${deadlock.capacity - 1}`])).status).toBe(3);
  });

  test("says so in words", async () => {
    const { stdout } = await millrace([...expression, ...inputs, "--fifo", "1"]);
    expect(stdout).toMatch(/^deadlock at cycle \d+: queues of \d+ free it: --fifo \d+$/m);
    expect(stdout).toMatch(/ waits for a free slot in .+, which .+ owes it$/m);
  });
});

describe("files", () => {
  test("--out keeps the document, the graph and the outputs", async () => {
    const folder = folderWith({ "B.mtx": B, "c.tns": c });
    await run([`${examples}/graphs/spmv.gv`, "-i", "B=B.mtx", "-i", "c=c.tns", "--out", "kept", "--json"], { folder });
    expect(readdirSync(join(folder, "kept")).sort()).toEqual([
      "graph.json",
      "run.json",
      "sam-run.json",
      "views",
      "x.tns",
    ]);
    const again = await run(["kept/graph.json", "-i", "B=B.mtx", "-i", "c=c.tns", "--json"], { folder });
    expect(JSON.parse(again.stdout).outputs).toEqual(
      JSON.parse(readFileSync(join(folder, "kept/sam-run.json"), "utf8")).outputs,
    );
  });

  test("--timeline writes a file for Perfetto, smaller with --window, and says so on stderr alone", async () => {
    const folder = folderWith({ "B.mtx": B, "c.tns": c });
    const base = [`${examples}/graphs/spmv.gv`, "-i", "B=B.mtx", "-i", "c=c.tns", "--json"];
    const whole = await run([...base, "--timeline", "a.pftrace"], { folder });
    expect(whole.stderr).toBe("timeline  a.pftrace: open it at https://ui.perfetto.dev\n");
    expect(() => JSON.parse(whole.stdout)).not.toThrow();
    await run([...base, "--timeline", "b.pftrace", "--window", "0:5", "--quiet"], { folder });
    const [a, b] = ["a.pftrace", "b.pftrace"].map((name) => readFileSync(join(folder, name)).length);
    expect(b).toBeLessThan(a!);
    const wrong = await run([...base, "--timeline", "c.pftrace", "--window", "5"], { folder });
    expect(wrong.stderr).toBe('error: --window must be FROM:UNTIL in cycles, not "5"\n  help: for example 0:20000\n');
    expect(existsSync(join(folder, "c.pftrace"))).toBe(false);
  });
});
