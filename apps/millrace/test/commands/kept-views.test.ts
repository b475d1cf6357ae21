import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  readCountersView,
  readPlacementView,
  readPointsView,
  readRunRecord,
  readStudyView,
  readTextView,
  readUnitsView,
} from "@millrace/studio";
import { expect, test } from "vitest";
import { examples, folderWith } from "../support/folder.ts";
import { millrace } from "../support/recording-host.ts";

/** A run with `--out kept`: its JSON result, its views, and a reader of their documents. */
async function kept(words: readonly string[]) {
  const folder = folderWith();
  const { status, stdout, stderr } = await millrace([...words, "--out", "kept", "--json"], { folder });
  expect({ status, stderr }).toMatchObject({ status: 0 });
  const json = (name: string): unknown => JSON.parse(readFileSync(join(folder, "kept", name), "utf8"));
  const { views } = readRunRecord(json("run.json"));
  const open = (id: string): unknown => json(views.find((view) => view.id === id)!.file);
  return { result: JSON.parse(stdout), kinds: views.map(({ id, kind }) => `${id} ${kind}`), open };
}

test("tune keeps its study: what was evaluated, and what matters", async () => {
  const { result, kinds, open } = await kept([
    "tune",
    "--table",
    `${examples}/spaces/coulomb3d.json.gz`,
    "--budget",
    "20",
  ]);
  expect(kinds).toEqual(["study study"]);
  const study = readStudyView(open("study"));
  const { history, best } = result;
  expect(study.evaluations.values[0]).toEqual(history.map(({ value }: { value: number | null }) => value));
  expect(study.evaluations.outcome.map((end) => end === 0)).toEqual(
    history.map(({ feasible }: { feasible: boolean }) => feasible),
  );
  const at = history.findIndex(({ i }: { i: number }) => i === best.i);
  const config = study.parameters.map((parameter, p) => {
    const value = study.evaluations.config[p]![at]!;
    return [parameter.name, parameter.kind === "choice" ? parameter.values[value] : String(value)];
  });
  expect(Object.fromEntries(config)).toEqual(
    Object.fromEntries(Object.entries(best.config).map(([name, value]) => [name, String(value)])),
  );
  expect(study.optimum).toBeLessThanOrEqual(best.value);
  expect(study.importance![0]!.shares.map(({ parameter }) => parameter).sort()).toEqual(
    study.parameters.map(({ name }) => name).sort(),
  );
});

test("kernel keeps units over its matrix, and the work that they add up to", async () => {
  const words = [
    "kernel",
    "y(i)=A(i,j)*x(j)",
    "-i",
    `A=${examples}/data/karate.mtx`,
    "-i",
    "x=random:34",
    "--units",
    "4",
  ];
  const { result, kinds, open } = await kept([...words, "--workers", "1"]);
  expect(kinds).toEqual(["units units", "counters counters", "plan text", "loops text"]);
  const units = readUnitsView(open("units"));
  expect(units).toMatchObject({ label: "A(i,j)", rows: 34, columns: 34, scale: 1, bound: result.bound });
  expect(units.work.reduce((sum, part) => sum + part, 0)).toBe(result.work);
  expect(units.entries.reduce((sum, count) => sum + count, 0)).toBe(156);
  expect([...units.owners].sort((a, b) => a - b)).toEqual([...units.owners]);
  const steps = readCountersView(open("counters")).filter(({ name }) => name === "steps");
  expect(steps.map(({ value }) => value)).toEqual(result.steps);
  expect(readTextView(open("plan")).text).toContain("loops i,j");
  expect(readTextView(open("loops")).text).toContain("nest ");
});

test("moe schedule keeps the placement whose times it prints", async () => {
  const counts = `${examples}/traces/qwen3-30b-step.json`;
  const { result, open } = await kept([
    "moe",
    "schedule",
    "--model",
    "qwen3-30b-a3b",
    "--counts",
    counts,
    "--gpus",
    "2",
  ]);
  const { devices, experts, times, notes } = readPlacementView(open("placement"));
  expect(devices.map(({ name }) => name)).toEqual(["GPU 0", "PIM 0", "GPU 1", "PIM 1"]);
  expect(Math.max(devices[0]!.ns, devices[2]!.ns)).toBe(result.gpuNs);
  expect(Math.max(devices[1]!.ns, devices[3]!.ns)).toBe(result.pimNs);
  expect(times).toContainEqual({ name: "layer", ns: result.layerNs });
  expect(notes.join(" ")).toBe(result.explain);
  const onPim = experts.filter(({ device }) => device % 2 === 1).map(({ expert }) => expert);
  expect(onPim.sort((a, b) => a - b)).toEqual([...result.onPim].sort((a, b) => a - b));
  const { tokensPerExpert: tokens } = JSON.parse(readFileSync(counts, "utf8")) as { tokensPerExpert: number[] };
  expect(experts.reduce((sum, { tokens: own }) => sum + own, 0)).toBe(tokens.reduce((sum, own) => sum + own, 0));
});

test("an experiment of step keeps its designs and their counters", async () => {
  const trace = `${examples}/traces/routing-mixtral.json`;
  const words = ["step", "experiment", "moe", "--model", "mixtral", "--trace", trace, "--batch", "4"];
  const { result, kinds, open } = await kept([...words, "--tiling", "static:2,dynamic"]);
  expect(kinds).toEqual(["counters counters", "points points"]);
  const { axes, points } = readPointsView(open("points"));
  expect(axes[0]).toEqual({ name: "cycles", unit: "cycles", goal: "minimize" });
  expect(points.map(({ label, values }) => [label, values[0]])).toEqual(
    result.points.map(({ label, cycles }: { label: string; cycles: number }) => [label, cycles]),
  );
  const cycles = readCountersView(open("counters")).filter(({ name }) => name === "cycles");
  expect(cycles.map(({ value }) => value)).toEqual(points.map(({ values }) => values[0]));
});

test("fuse explore keeps every configuration as a design", async () => {
  const { result, open } = await kept([
    "fuse",
    "explore",
    "gcn:nodes=12,features=6,hidden=4,classes=3",
    "--lanes",
    "1,2",
    "--jobs",
    "1",
  ]);
  const { points } = readPointsView(open("points"));
  expect(points).toHaveLength(result.configurations.length);
  const least = points.reduce(
    (best, { values }) => Math.min(best, values[0] ?? Number.POSITIVE_INFINITY),
    Number.POSITIVE_INFINITY,
  );
  expect(least).toBe(result.cycles);
  expect(new Set(points.map(({ label }) => label)).size).toBe(points.length);
});
