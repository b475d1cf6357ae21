import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { examples, folderWith } from "../support/folder.ts";

const program = new URL("../../bin/millrace.js", import.meta.url).pathname;
const product = ["tune", "kernel:C(i,k)=A(i,j)*B(j,k)", "-i", `A=${examples}/data/karate.mtx`, "-i", "B=random:34x8"];

test("formats and loop order of a kernel are tuned: what was measured is feasible, what does not fit is said", () => {
  const folder = folderWith();
  const inputs = [...product, "--budget", "16", "--timeout", "60", "--log", "s.log", "--json"];
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...inputs], {
    encoding: "utf8",
    cwd: folder,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const { history, best, invalidProposals } = JSON.parse(stdout);
  expect([history.length, invalidProposals]).toEqual([16, 0]);
  // The defaults come first: matrices as they are given, loops in the order in which they are written.
  expect(history[0].config).toMatchObject({ format_A: "ds01", order: [0, 1, 2], units: 1 });
  for (const { config, feasible } of history) {
    const [i, j] = [config.order.indexOf(0), config.order.indexOf(2)];
    // Rows of A outermost need loops over rows first; columns, loops over columns first.
    if (feasible) expect(i < j).toBe(config.format_A.endsWith("01"));
  }
  expect(history.filter(({ feasible }: { feasible: boolean }) => feasible).length).toBeGreaterThan(3);
  expect(best.value).toBeGreaterThan(0);
  expect(readFileSync(join(folder, "s.log"), "utf8")).toContain("the loops do not follow the formats");
}, 120_000);

test("tilings of experts are tuned for cycles and bytes on chip; a machine that stands still is infeasible", () => {
  const folder = folderWith();
  const space = ["tune", "step-moe:mixtral", "-i", `trace=${examples}/traces/routing-mixtral.json`];
  const inputs = [...space, "--budget", "3", "--seed", "3", "--log", "s.log", "--json"];
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...inputs], {
    encoding: "utf8",
    cwd: folder,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const { history, best } = JSON.parse(stdout);
  expect(history[0].config).toEqual({ tiling: "static:8", tileInner: 64, regions: 8, depth: 2 });
  for (const { feasible, config } of history) if (!feasible) expect(config.depth).toBeLessThan(2);
  expect(best.value).toBeGreaterThan(1e6);
}, 120_000);

test("placement of experts is tuned; what does not fit the node is infeasible", () => {
  const folder = folderWith();
  const inputs = [
    "tune",
    "moe:qwen3-30b-a3b",
    "-i",
    "batch=16",
    "-i",
    "gpus=2",
    "--budget",
    "8",
    "--log",
    "s.log",
    "--json",
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...inputs], {
    encoding: "utf8",
    cwd: folder,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const { history, best } = JSON.parse(stdout);
  expect(history[0].config).toMatchObject({ policy: "gpu-only", contention: "disjoint", replicas: 0 });
  expect(best.value).toBeLessThan(history[0].value);
}, 120_000);

test("fusion of a model is tuned for cycles and blocks; an order that there is not is infeasible", () => {
  const folder = folderWith();
  const space = [
    "tune",
    "fuse:gcn:nodes=12,features=6,hidden=4,classes=3",
    "-i",
    "orders=2",
    "-i",
    "lanes=4",
    "-i",
    "block=1",
  ];
  const inputs = [...space, "--budget", "24", "--log", "s.log", "--json"];
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...inputs], {
    encoding: "utf8",
    cwd: folder,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const { history } = JSON.parse(stdout);
  expect(history).toHaveLength(24);
  expect(history[0].config).toEqual({ granularity: "partial", order: 0, lanes: 1, inner_lanes: 1, block: 1 });
  // A GCN has one order that differs from others, so what asks for a second is not feasible.
  for (const { config, feasible } of history) if (config.order > 0) expect(feasible).toBe(false);
  expect(history.filter(({ feasible }: { feasible: boolean }) => feasible).length).toBeGreaterThan(6);
}, 120_000);

test("a machine for lookups is tuned for cycles and storage; the first configuration is the machine as it is", () => {
  const trace = `trace=${examples}/traces/lookups.log`;
  const space = ["tune", "embed:sls", "-i", trace, "-i", "dims=rows=7,width=16,bag=4"];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [program, ...space, "--budget", "8", "--seed", "3", "--json"],
    { encoding: "utf8", cwd: folderWith() },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const { history, best } = JSON.parse(stdout);
  expect(history[0].config).toEqual({ opt: 3, lanes: 8, queue_parts: 2, part_bytes: 2048, run_ahead_lines: 128 });
  expect(history.every(({ feasible }: { feasible: boolean }) => feasible)).toBe(true);
  expect(best.value).toBeLessThanOrEqual(history[0].value);
}, 120_000);

test("a machine for a verified operator is tuned for cycles and bytes on chip", () => {
  const space = ["tune", "agent:agent/row-scale.json", "-i", "program=agent/row-scale.step"];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [program, ...space, "--budget", "8", "--seed", "3", "--json"],
    { encoding: "utf8", cwd: examples },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const { history } = JSON.parse(stdout);
  expect(history[0].config).toEqual({ tile_elements: 1, depth: 2, lanes_1: 1, lanes_4: 1 });
  expect(history.every(({ feasible }: { feasible: boolean }) => feasible)).toBe(true);
}, 120_000);
