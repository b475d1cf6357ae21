import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { examples, folderWith, matrixText } from "../../support/folder.ts";
import { millrace } from "../../support/recording-host.ts";

const spmv = [
  "kernel",
  "y(i)=A(i,j)*x(j)",
  "-f",
  "A:ds:0,1",
  "-i",
  `A=${examples}/data/karate.mtx`,
  "-i",
  "x=random:34",
];

const members = [
  "work",
  "units",
  "bound",
  "maxUnitWork",
  "meanUnitWork",
  "idleUnits",
  "steps",
  "planNs",
  "runNs",
  "workers",
  "target",
  "arithmetic",
  "outputs",
];

describe("kernel", () => {
  test("gives one document with the work of the units and the result", async () => {
    const { status, stdout } = await millrace([...spmv, "--units", "4", "--workers", "1", "--json"]);
    expect(status).toBe(0);
    const document = JSON.parse(stdout);
    expect(Object.keys(document)).toEqual(members);
    // 34 rows are visited and 156 entries read.
    expect(document).toMatchObject({
      work: 190,
      units: 4,
      bound: 48,
      meanUnitWork: 47.5,
      idleUnits: 0,
      target: "wasm",
    });
    expect(document.steps).toHaveLength(4);
    expect(document.steps.reduce((sum: number, steps: number) => sum + steps, 0)).toBe(156);
    expect(document.outputs.y).toMatchObject({ shape: [34], format: "d" });
    expect(document.outputs.y.entries).toHaveLength(34);
  });

  test.each(["wasm", "interpreter", "c"])(
    "agrees with the reference on %s, with the same bytes for any units in grains",
    async (target) => {
      const run = async (units: string) => {
        const given = [
          "kernel",
          "C(i,k)=A(i,j)*B(j,k)",
          "-f",
          "C:ds",
          "-i",
          "A=random:60x50:0.1",
          "-i",
          "B=random:50x40:0.1",
        ];
        const { status, stdout } = await millrace([
          ...given,
          "--units",
          units,
          "--grain",
          "64",
          "--target",
          target,
          "--check",
          "--json",
        ]);
        expect(status).toBe(0);
        const { outputs, check } = JSON.parse(stdout);
        expect(check.differing).toBe(0);
        return JSON.stringify(outputs);
      };
      const one = await run("1");
      for (const units of ["2", "7"]) expect(await run(units)).toBe(one);
    },
  );

  test("gives the value of a scalar, and writes results to files", async () => {
    const folder = folderWith({
      "A.mtx": matrixText(2, 3, [
        [1, 2, 1.5],
        [2, 3, -4],
      ]),
    });
    const sum = await millrace(["kernel", "s=A(i,j)", "-i", "A=A.mtx", "--json"], { folder });
    expect(JSON.parse(sum.stdout).outputs).toEqual({ s: { value: -2.5 } });
    const twice = ["kernel", "B(j,i)=2*A(i,j)", "-f", "B:CSR", "-i", "A=A.mtx", "-o", "B=B.mtx"];
    expect((await millrace(twice, { folder })).status).toBe(0);
    expect(readFileSync(join(folder, "B.mtx"), "utf8")).toContain("3 2 2\n2 1 3\n3 2 -8\n");
  });

  test("takes extents for files that state none, and draws in them", async () => {
    const folder = folderWith({ "v.tns": "1 2.5\n" });
    const given = [
      "kernel",
      "y(i)=A(i,j)*v(j)",
      "--dims",
      "A=5x7",
      "-i",
      "A=random:0.5",
      "--dims",
      "v=7",
      "-i",
      "v=v.tns",
    ];
    const { status, stdout } = await millrace([...given, "--units", "3", "--json", "--check"], { folder });
    expect(status).toBe(0);
    expect(JSON.parse(stdout).outputs.y.shape).toEqual([5]);
  });

  test("compares strategies: rows leave units idle where one row has nearly everything", async () => {
    const entries = Array.from({ length: 200 }, (_, j) => [1, j + 1, 1]);
    const folder = folderWith({ "A.mtx": matrixText(40, 200, [...entries, [40, 3, 1]]) });
    const run = async (strategy: string) => {
      const given = ["kernel", "y(i)=A(i,j)*x(j)", "-i", "A=A.mtx", "-i", "x=random:200", "--units", "8"];
      return JSON.parse((await millrace([...given, "--strategy", strategy, "--check", "--json"], { folder })).stdout);
    };
    const balanced = await run("balanced");
    expect(balanced.maxUnitWork).toBe(Math.ceil(balanced.work / 8));
    for (const strategy of ["rows", "dynamic", "position"]) {
      const other = await run(strategy);
      expect(other.check.differing).toBe(0);
      expect(other.work).toBe(balanced.work);
      expect(other.maxUnitWork).toBeGreaterThanOrEqual(balanced.maxUnitWork);
    }
    expect((await run("rows")).maxUnitWork).toBeGreaterThan(200);
  });

  test.each([
    ["c", "static int32_t unit_0(", "napi_register_module_v1"],
    ["wat", "(module", "f64.mul"],
    ["cuda", "__global__", "double"],
    ["wgsl", "@compute @workgroup_size(64)", "array<f32>"],
    ["loops", "nest kernel {", "for "],
    ["plan", "work ", "cut 1: before i="],
  ])("emits %s for a product and for a sum of rows, divided or not", async (form, first, second) => {
    for (const expression of ["y(i)=A(i,j)*x(j)", "y(i)=2*A(i,j)*x(j)", "C(i,j)=A(i,j)*B(i,j)"])
      for (const units of form === "plan" ? ["3"] : ["1", "3"]) {
        const given = ["kernel", expression, "-f", "A:ds", "--units", units, "--emit", form];
        const { status, stdout } = await millrace(given);
        expect(status, stdout).toBe(0);
        expect(stdout).toContain(first);
        expect(stdout).toContain(second);
        const document = JSON.parse((await millrace([...given, "--json"])).stdout);
        expect(document).toEqual({ form, text: stdout });
      }
  });

  test.each(["c", "wasm"])("reorders sums on %s only when asked to, and says so", async (target) => {
    const given = [
      "kernel",
      "s=a(i)*b(i)",
      "-i",
      "a=random:3000",
      "-i",
      "b=random:3000",
      "--target",
      target,
      "--check",
    ];
    const [exact, fast] = [await millrace([...given, "--json"]), await millrace([...given, "--fast", "--json"])];
    const [one, other] = [exact, fast].map(({ stdout }) => JSON.parse(stdout));
    expect([one.arithmetic, other.arithmetic]).toEqual(["exact", "fast"]);
    expect([one.check.differing, other.check.differing]).toEqual([0, 0]);
    // The same sum in another order: other last bits, no other value.
    expect(other.outputs.s.value).not.toBe(one.outputs.s.value);
    expect(other.outputs.s.value / one.outputs.s.value).toBeCloseTo(1, 12);
    const code = async (more: string[]) =>
      (await millrace(["kernel", "s=a(i)*b(i)", "--emit", target === "c" ? "c" : "wat", ...more])).stdout;
    expect(await code(["--fast"])).not.toBe(await code([]));
    expect((await millrace([...given, "--fast"])).stdout).toContain("fast arithmetic");
  });

  test("prints plans, loops and code, also for operands that are not given", async () => {
    const plan = (await millrace([...spmv, "--units", "4", "--emit", "plan"])).stdout;
    expect(plan).toContain("work 190 in 4 units: at most 48 each");
    expect(plan).toMatch(/cut 1: before i=\d+/);
    const loops = (await millrace(["kernel", "C(i,j)=A(i,j)+B(i,j)", "-f", "A:ds", "-f", "B:ss", "--emit", "loops"]))
      .stdout;
    expect(loops).toContain("nest kernel {");
    const c = (await millrace(["kernel", "y(i)=A(i,j)*x(j)", "-f", "A:ds", "--emit", "c"])).stdout;
    expect(c).toContain("for (");
  });

  test("draws the units over the matrix", async () => {
    const folder = folderWith();
    await millrace([...spmv, "--units", "5", "--picture", "units.svg"], { folder });
    const picture = readFileSync(join(folder, "units.svg"), "utf8");
    expect(picture).toContain("A(i,j), 34 x 34, in 5 units");
    expect(picture.match(/<rect /g)!.length).toBe(156 + 2);
  });

  test.each([
    [["y(i)=A(i,j)*x(k"], /expected '\)'/],
    [["y(i)=A(i,j)*x(j)", "-i", "A=random:4x4:0.5", "-i", "x=random:5"], /index j takes 4 values/],
    [["y(i)=A(i,j)*x(j)", "-i", "A=random:4x4:0.5"], /no input is given for operand x/],
    [["y(i)=A(i,j)", "-i", "A=random:4x4", "-f", "Q:ds"], /-f names Q/],
    [["y(i)=A(i,j)", "-i", "A=random:4x4", "-f", "A:dz"], /format "dz"/],
    [["y(i)=A(i,j)", "-i", "A=random:4x4", "-f", "A"], /NAME:FORMAT/],
    [["y(i)=A(i,j)", "-i", "A=random:4x4", "-o", "A=y.mtx"], /-o names A/],
    [["y(i)=A(i,j)", "-i", "A=random:4x4", "--dims", "A=4y4"], /no list of extents/],
    [["y(i)=A(i,j)", "-i", "A=random:4x4", "--units", "0"], /must be an integer from 1/],
    [["y(i)=A(i,j)", "-i", "A=missing.mtx"], /missing\.mtx/],
  ])("refuses %j", async (words, message) => {
    const { status, stderr, stdout } = await millrace(["kernel", ...words]);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(message);
  });
});
