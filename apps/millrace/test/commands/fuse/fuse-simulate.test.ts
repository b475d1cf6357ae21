import { describe, expect, test } from "vitest";
import { folderWith, matrixText } from "../../support/folder.ts";
import { millrace } from "../../support/recording-host.ts";

const program = `program tiny
input A(n, n)
input X(n, 2): dd
fuse layer {
  T(i,j) = A(i,k) * X(k,j)
  H(i,j) = relu(T(i,j))
}
`;
const files = {
  "tiny.ein": program,
  "A.mtx": matrixText(3, 3, [
    [1, 2, 3],
    [3, 1, -1],
  ]),
  "X.mtx": matrixText(3, 2, [
    [1, 1, 2],
    [2, 2, 5],
  ]),
  "lanes.yaml": "regions:\n  - { name: both, tensors: [T, H], parallel: [{ variable: q, factor: 2 }] }\n",
  "memory.yaml": "memory: hbm\n",
  "schedule.yaml": "regions:\n  - { name: both, tensors: [T, H], parallel: [{ variable: i, factor: 2 }] }\n",
};
const folderOf = (): string => folderWith(files);
const inputs = ["-i", "A=A.mtx", "-i", "X=X.mtx"];

describe("fuse simulate", () => {
  test("gives regions, cycles, outputs and the check as one document", async () => {
    const { status, stdout } = await millrace(["fuse", "simulate", "tiny.ein", ...inputs, "--json"], {
      folder: folderOf(),
    });
    expect(status).toBe(0);
    const json = JSON.parse(stdout);
    expect(Object.keys(json).slice(0, 4)).toEqual(["regions", "cycles", "outputs", "checked"]);
    expect(json.checked).toBe(true);
    expect(json.regions).toHaveLength(1);
    expect(Object.keys(json.regions[0])).toEqual(["name", "cycles", "flops", "bytes", "nodes"]);
    expect(json.regions[0].name).toBe("layer");
    expect(json.cycles).toBe(json.regions[0].cycles);
    const entries = json.outputs.H.entries.filter((entry: number[]) => entry[2] !== 0);
    expect(entries).toEqual([[0, 1, 15]]);
  });

  test("takes a schedule with lanes, and other formats", async () => {
    const flags = ["--schedule", "schedule.yaml", "--formats", "A=ds,X=ss", "--json"];
    const { status, stdout } = await millrace(["fuse", "simulate", "tiny.ein", ...inputs, ...flags], {
      folder: folderOf(),
    });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ checked: true, regions: [{ name: "both" }] });
  });

  test("works on tiles as asked, as the schedule says, or as an operand is stored", async () => {
    const scheduled = { ...files, "tiles.yaml": "block: 2\n" };
    const variants = [
      ["--block", "2"],
      ["--schedule", "tiles.yaml"],
      ["--formats", "A=BCSR(2x2)"],
      ["--fuse", "chosen", "--block", "2"],
    ];
    for (const variant of variants) {
      const { status, stdout } = await millrace(["fuse", "simulate", "tiny.ein", ...inputs, ...variant, "--json"], {
        folder: folderWith(scheduled),
      });
      expect(status).toBe(0);
      const json = JSON.parse(stdout);
      expect(json.checked).toBe(true);
      // A product of tiles of 2 has 8 products and 4 sums.
      expect(json.regions[0].flops % 4).toBe(0);
      expect(json.outputs.H.entries.filter((entry: number[]) => entry[2] !== 0)).toEqual([[0, 1, 15]]);
    }
  });

  test.each(["gv", "json"])("gives graphs of tiles that run by themselves, as %s", async (form) => {
    const flags = ["--block", "2", "--fuse", "whole", "--emit", form];
    const compiled = await millrace(["fuse", "compile", "tiny.ein", ...inputs, ...flags], { folder: folderOf() });
    const folder = folderWith({ ...files, [`graph.${form}`]: compiled.stdout });
    const { status, stdout } = await millrace(["sam", "run", `graph.${form}`, ...inputs, "--json"], { folder });
    expect(status).toBe(0);
    const entries = JSON.parse(stdout).outputs.H.entries.filter((entry: number[]) => entry[2] !== 0);
    expect(entries).toEqual([[0, 1, 15]]);
  });

  test("refuses a tile size twice, out of range, or larger than the blocks of a mask", async () => {
    const folder = folderWith({ ...files, "tiles.yaml": "block: 2\n" });
    const twice = ["--schedule", "tiles.yaml", "--block", "4"];
    expect((await millrace(["fuse", "simulate", "tiny.ein", ...inputs, ...twice], { folder })).stderr).toContain(
      "--schedule and --block both give a tile size",
    );
    expect((await millrace(["fuse", "simulate", "gcn", "--block", "65"])).stderr).toContain("1 to 64");
    const { status, stderr } = await millrace(["fuse", "simulate", "gpt:sequence=16,block=2", "--block", "8"]);
    expect(status).toBe(2);
    expect(stderr).toContain("a softmax runs over its stored entries alone");
  });

  test.each(["unfused", "partial", "full", "chosen"])("runs the GCN that comes with it, %s", async (granularity) => {
    const model = "gcn:nodes=12,features=6,hidden=4,classes=3";
    const { status, stdout } = await millrace(["fuse", "simulate", model, "--fuse", granularity, "--json"]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout).checked).toBe(true);
  });

  test("stores what it draws as --formats says", async () => {
    const run = async (...formats: string[]) => {
      const args = ["fuse", "simulate", "gcn:nodes=12,features=6,hidden=4,classes=3", ...formats, "--json"];
      return JSON.parse((await millrace(args)).stdout);
    };
    const [own, dense, tiles] = await Promise.all([run(), run("--formats", "X=dd"), run("--formats", "A=BCSR(2x2)")]);
    expect([dense.checked, tiles.checked]).toEqual([true, true]);
    expect(dense.cycles).not.toBe(own.cycles);
    expect(tiles.cycles).not.toBe(own.cycles);
  });

  test("counts the time of memory where asked for", async () => {
    const cycles = await Promise.all(
      ["none", "hbm-burst", "dram:ddr4-2400"].map(async (memory) => {
        const run = await millrace(["fuse", "simulate", "autoencoder", "--memory", memory, "--json"]);
        return JSON.parse(run.stdout).cycles as number;
      }),
    );
    expect(cycles[1]).toBeGreaterThan(cycles[0]!);
    expect(cycles[2]).toBeGreaterThan(cycles[0]!);
  });

  const mistakes: readonly (readonly [readonly string[], string])[] = [
    [["tiny.ein", "-i", "A=A.mtx"], "no input is given for operand X"],
    [["tiny.ein", ...inputs, "-i", "Q=1"], "there is no operand Q"],
    [["tiny.ein", ...inputs, "--formats", "Q=ss"], "names Q"],
    [["tiny.ein", ...inputs, "--fuse", "full"], "does not say what full fusion is"],
    [["missing.ein"], "missing.ein"],
    [["tiny.ein", ...inputs, "--formats", "A=sx"], '--formats A: format "sx"'],
    [["tiny.ein", "-i", "A=A.mtx", "-i", "X=random:3x5"], "X is n x 2 in the model, but 3 x 5 as given"],
    [["tiny.ein", "-i", "A=A.mtx", "-i", "X=random:4x2"], "index n takes 3 values in mode 0 of A, but 4"],
    [["tiny.ein", ...inputs, "--schedule", "lanes.yaml"], "region both: it has no loop over q; its loops are i, k, j"],
    [["tiny.ein", ...inputs, "--schedule", "memory.yaml"], "memory.yaml: memory must be none"],
    [["gcn:nodes=0"], "gcn: nodes must be an integer from 1"],
    [["gnc"], "neither a model file nor"],
    [["gcn:nodez=3"], "did you mean nodes"],
  ];
  test.each(mistakes)("%j is refused with one message", async (args, message) => {
    const { status, stderr } = await millrace(["fuse", "simulate", ...args], { folder: folderOf() });
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe("fuse compile", () => {
  test("lists regions with their loops and legal orders", async () => {
    const { status, stdout } = await millrace(["fuse", "compile", "gcn", "--fuse", "partial"]);
    expect(status).toBe(0);
    expect(stdout).toContain("i,k,l,j");
  });

  test("prints what a pass made", async () => {
    const { stdout } = await millrace(["fuse", "compile", "gcn", "--fuse", "full", "--print-after", "order"]);
    expect(stdout).toContain("after order");
  });

  test("prints fusion tables, within the width of a screen", async () => {
    const { stdout } = await millrace(["fuse", "compile", "gcn", "--fuse", "partial", "--print-after", "table"]);
    expect(stdout.match(/after table/g)).toHaveLength(2);
    expect(stdout).toMatch(/^k +\| LS\(<A_i>\)/m);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(140);
  });

  test("refuses the name of a pass that there is not", async () => {
    const { status, stderr } = await millrace(["fuse", "compile", "gcn", "--print-after", "tabel"]);
    expect(status).toBe(2);
    expect(stderr).toContain('there is no pass "tabel"');
  });

  test("compiles a program without its data where its extents are numbers", async () => {
    const text = program.replaceAll("n, n", "3, 3").replaceAll("n, 2", "3, 2");
    const place = folderWith({ "t.ein": text });
    const { status, stdout } = await millrace(["fuse", "compile", "t.ein", "--emit", "gv"], { folder: place });
    expect(status).toBe(0);
    expect(stdout).toContain("digraph");
  });
});
