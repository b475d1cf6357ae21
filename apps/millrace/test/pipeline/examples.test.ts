/** Every pipeline of the examples at a small size: it runs, every check holds, and two runs leave the same bytes. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { examples, folderWith } from "../support/folder.ts";
import { millrace } from "../support/recording-host.ts";

/** What makes each pipeline small. */
const small: Readonly<Record<string, readonly string[]>> = {
  "moe-layer": ["trace.batch=4", "tune.budget=2", "tile.tilings=[static:4, dynamic]", "simulate.tilings=dynamic"],
  "operator-library": ["find.ids=rope/G_0_3_02", "find.rollouts=1", "find.iterations=1", "tune.budget=3"],
  recommender: [
    "trace.ids=640",
    "trace.rows=1000000",
    "trace.width=16",
    "tune.budget=2",
    "native.rounds=1",
    "native.target=wasm",
  ],
  "sparse-kernel": [
    "kernel.expression=y(i)=A(i,j)*x(j)",
    "kernel.operands={A: examples/data/karate.mtx, x: 'random:34'}",
    "tune.budget=3",
    "measure.rounds=1",
    "divide.units=4",
  ],
  "sparse-model": [
    "import.operands={A: examples/data/karate.mtx, X: 'random:34x6:0.3', W: 'random:6x8'}",
    "tune.budget=3",
    "simulate.memory=hbm-burst",
  ],
};

const folder = join(examples, "..");
const files = readdirSync(`${examples}/pipelines`).sort();

test("every pipeline of the examples is run", () => {
  expect(files).toEqual(Object.keys(small).map((name) => `${name}.yaml`));
});

test.each(Object.keys(small))("%s", async (name) => {
  const out = folderWith();
  const set = small[name]!.flatMap((setting) => ["--set", setting]);
  const words = ["run", `examples/pipelines/${name}.yaml`, ...set, "--out", out];
  const { status, stdout, stderr } = await millrace([...words, "--json"], { folder });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const document = JSON.parse(stdout);
  const checks = [...document.stages, ...document.measured].flatMap(({ check }) =>
    check?.compared === undefined ? [] : [check],
  );
  expect(checks.length).toBeGreaterThan(1);
  for (const check of checks) {
    expect(check.differing).toBe(0);
    expect(check.compared).toBeGreaterThan(0);
  }
  const record = JSON.parse(readFileSync(join(out, "run.json"), "utf8"));
  for (const { file } of record.views) expect(readFileSync(join(out, file)).length).toBeGreaterThan(2);
  const page = readFileSync(join(out, "report.html"), "utf8");
  for (const { name: stage } of document.stages) expect(page).toContain(`<h2>${stage}</h2>`);

  const text = await millrace(words, { folder });
  const all =
    document.stages.length + document.measured.filter(({ kind }: { kind?: string }) => kind !== undefined).length;
  expect(text.stdout).toContain(`stages  cached ${all}/${all}\n`);
});
