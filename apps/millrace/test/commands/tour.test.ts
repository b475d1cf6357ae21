import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TimelineRecorder } from "@millrace/sim-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { peakOf } from "../../src/simulation/peak.ts";
import { runStop } from "../../src/tour/run-stop.ts";
import { samStops } from "../../src/tour/sam-stops.ts";
import { sections } from "../../src/tour/sections.ts";
import { tourReport } from "../../src/tour/tour-report.ts";
import { tourTensors } from "../../src/tour/tour-tensors.ts";
import { examples, folderWith } from "../support/folder.ts";
import { millrace, type Run } from "../support/recording-host.ts";

const karate = ["tour", "--graph", `${examples}/data/karate.mtx`, "--out", "kept"];

/** A request to stop that comes after so many answers that there is none. */
function afterAsking(times: number): () => boolean {
  let asked = 0;
  return () => {
    asked += 1;
    return asked > times;
  };
}

describe("millrace tour", () => {
  const folder = mkdtempSync(join(tmpdir(), "millrace-"));
  let run: Run;
  let printed = "";
  beforeAll(async () => {
    run = await millrace([...karate, "--json"], { folder });
    printed = run.stdout;
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  test("runs every kernel on a graph of the user's, checks all values and writes its files", () => {
    expect(run).toMatchObject({ status: 0, stderr: "" });
    const { rows, report, timeline } = JSON.parse(printed);
    const variants = rows.map(({ stop, variant }: { stop: string; variant: string }) => `${stop} ${variant}`);
    expect(variants).toEqual([
      "spmv look x up",
      "spmv scan x",
      "spmm loops i,k,j",
      "spmm loops k,i,j",
      "spmm loops i,j,k",
      "sddmm sampled by A",
      "gcn two kernels",
      "gcn fused",
      "fusion unfused",
      "fusion partial",
      "fusion full",
      "fusion chosen",
      "gather hbm3-6400",
      "gather ddr4-2400",
      "tuning BaCO",
      "tuning random draws",
      "kernel rows",
      "kernel balanced",
      "kernel rows",
      "kernel balanced",
      "agent enumerated attn/G_0_4_01",
      "agent enumerated rope/G_0_3_02",
      "agent enumerated expert/G_0_6_05",
      "agent cheat: zeros of the right type",
      "agent cheat: Python that computes the answer",
      "agent cheat: one stream read twice",
      "experts tiles of 16 rows",
      "experts tiles of 64 rows",
      "experts dynamic tiles",
      "placement gpu-only",
      "placement pim-all",
      "placement gemv-static",
      "placement static-4",
      "placement sieve",
      "embedding emb-opt0",
      "embedding emb-opt1",
      "embedding emb-opt2",
      "embedding emb-opt3",
      "lookup plain loop",
      "lookup kernel",
      "lookup kernel, running ahead",
    ]);
    for (const { checked } of rows) {
      expect(checked.differing).toBe(0);
      expect(checked.compared).toBeGreaterThan(0);
    }
    for (const { bytes, cycles, speedUp } of rows.filter(
      ({ stop }: { stop: string }) => !["tuning", "kernel", "agent", "experts", "placement", "lookup"].includes(stop),
    )) {
      expect(bytes).toBeGreaterThan(0);
      expect(cycles).toBeGreaterThan(0);
      expect(speedUp).toBeGreaterThanOrEqual(1);
    }
    for (const name of [report, timeline, "tour.json"]) expect(existsSync(join(folder, "kept", name))).toBe(true);
  });

  test("schedules experts of a step best by their counts, and never better where memory is shared", () => {
    const experts = JSON.parse(printed).rows.filter(({ stop }: { stop: string }) => stop === "placement");
    const fastest = Math.min(...experts.map(({ nanoseconds }: { nanoseconds: number }) => nanoseconds));
    expect(experts.at(-1)).toMatchObject({ variant: "sieve", nanoseconds: fastest });
    expect(experts.at(-1).expertsOnPim).toBeGreaterThan(10);
    expect(experts.at(-1).exclusiveNanoseconds).toBeGreaterThan(fastest);
  });

  test("divides kernels with one giant row evenly, which rows do not", () => {
    const divisions = JSON.parse(printed).rows.filter(({ stop }: { stop: string }) => stop === "kernel");
    for (const { variant, maxUnitWork, meanUnitWork, work } of divisions) {
      expect(work).toBeGreaterThan(50_000);
      if (variant === "balanced") expect(maxUnitWork).toBeLessThan(meanUnitWork + 4);
      else expect(maxUnitWork).toBeGreaterThan(9 * meanUnitWork);
    }
  });

  test("packs experts' rows without padding and without loading weights twice", async () => {
    const [small, large, dynamic] = JSON.parse(printed).rows.filter(({ stop }: { stop: string }) => stop === "experts");
    expect(dynamic.padding).toBe(0);
    expect(dynamic.bytes).toBe(large.bytes);
    expect(dynamic.bytes).toBeLessThan(small.bytes);
    expect(dynamic.onChipBytes).toBe(small.onChipBytes);
    expect(dynamic.onChipBytes).toBeLessThan(large.onChipBytes);
    expect(dynamic.cycles).toBeLessThan(small.cycles);
  });

  test("shows that fusing a whole layer costs more than it saves", async () => {
    const cycles = new Map(
      JSON.parse(printed).rows.map((row: { variant: string; cycles: number }) => [row.variant, row.cycles]),
    );
    expect(cycles.get("fused")).toBeGreaterThan(cycles.get("two kernels") as number);
    expect(cycles.get("loops i,j,k")).toBeGreaterThan(cycles.get("loops i,k,j") as number);
  });

  test("gathers the same bytes from both memories, and checks every request and command", async () => {
    const [hbm3, ddr4] = JSON.parse(printed).rows.filter(({ stop }: { stop: string }) => stop === "gather");
    // 156 stored entries, 256 bytes each.
    expect([hbm3.bytes, ddr4.bytes]).toEqual([39_936, 39_936]);
    expect([hbm3.requests, ddr4.requests]).toEqual([1248, 624]);
    for (const { checked, requests, achievedOfPeak, rowHits } of [hbm3, ddr4]) {
      expect(checked.differing).toBe(0);
      expect(checked.compared).toBeGreaterThan(2 * requests);
      expect(achievedOfPeak).toBeGreaterThan(0);
      expect(rowHits).toBeGreaterThan(0.5);
    }
    expect(hbm3.nanoseconds).toBeLessThan(ddr4.nanoseconds);
  });

  test("tunes a recorded space to near its optimum, and better than at random", async () => {
    const [model, random] = JSON.parse(printed).rows.filter(({ stop }: { stop: string }) => stop === "tuning");
    for (const { best, evaluations, seeds, optimum, checked } of [model, random]) {
      expect([evaluations, seeds, optimum, checked.compared]).toEqual([40, 5, 5.657844, 200]);
      for (const value of best) expect(value).toBeGreaterThanOrEqual(optimum);
    }
    expect(model.ratio).toBeLessThan(1.25);
    expect(model.ratio).toBeLessThan(random.ratio);
  });

  test("finds three programs without a model, and refuses three that cheat", () => {
    const rows = JSON.parse(printed).rows.filter(({ stop }: { stop: string }) => stop === "agent");
    expect(rows.map(({ verdict }: { verdict: string }) => verdict)).toEqual([
      ...["ok", "ok", "ok"],
      ...["numeric", "parse", "affine"],
    ]);
    for (const { applications, operators } of rows.slice(0, 3)) {
      expect(applications).toBeGreaterThan(operators);
      expect(operators).toBeGreaterThan(2);
    }
    for (const { applications, message } of rows.slice(3)) {
      expect(applications).toBeNull();
      expect(message).not.toBe("");
    }
  });

  test("looks a recorded trace up with the bits of the plain loop", () => {
    const lookups = JSON.parse(printed).rows.filter(({ stop }: { stop: string }) => stop === "lookup");
    for (const { checked, lookups: looked, bags, nanoseconds } of lookups) {
      expect([looked, bags, checked.compared, checked.differing]).toEqual([131_072, 2048, 2048 * 64, 0]);
      expect(nanoseconds).toBeGreaterThan(0);
    }
    expect(lookups[0].target).toBe("JavaScript");
  });

  test("writes the same bytes twice", async () => {
    const again = folderWith();
    await millrace(karate, { folder: again });
    const files = (where: string) =>
      ["report.html", "spmm.pftrace", "tour.json"].map((name) => readFileSync(join(where, "kept", name)));
    expect(files(again)).toEqual(files(folder));
  }, 300_000);

  test("the report needs nothing but itself", () => {
    const report = readFileSync(join(folder, "kept/report.html"), "utf8");
    expect(report).toMatch(/^<!doctype html>/);
    expect(report).not.toMatch(/<script|<link|<img|<iframe|@import|url\(/i);
    const addresses = [...report.matchAll(/\b(?:src|href|xlink:href)="([^"]*)"/g)].map(([, address]) => address);
    expect(addresses.filter((address) => !address!.startsWith("#"))).toEqual([]);
    const ids = [...report.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const titles = [
      "SpMV",
      "SpMM",
      "SDDMM",
      "GCN layer",
      "Gather",
      "Tuning",
      "Programs",
      "Experts",
      "Lookups",
      "Roofline",
      "Inputs",
    ];
    for (const title of titles) expect(report).toContain(title);
  });

  test("without memory there are no bytes, and the report has no roofline", async () => {
    // The stops behind the kernels have memories of their own.
    const where = folderWith();
    await millrace([...karate, "--memory", "none"], { folder: where, stopRequested: afterAsking(8) });
    const { rows } = JSON.parse(readFileSync(join(where, "kept/tour.json"), "utf8"));
    expect(rows).toHaveLength(8);
    for (const { bytes } of rows) expect(bytes).toBeNull();
    const settings = { profile: "comal", memory: "none", memoryModel: "none" } as const;
    const tensors = await tourTensors({ folder: where, graph: `${examples}/data/karate.mtx`, seed: 0 });
    const runs = [runStop(samStops[0]!, { tensors, settings, timeline: new TimelineRecorder({}), begin: () => {} })];
    const roof = peakOf(
      runs.flatMap(({ variants }) => variants.flatMap(({ kernels }) => kernels.map((kernel) => kernel.run))),
    );
    const page = await tourReport({ runs, sections: [], tensors, settings, roof, seed: 0, version: "1.0.0" });
    expect(page).toContain("SpMV");
    expect(page).not.toContain("Roofline");
  });

  test("an interrupted tour ends with status 130 and keeps the stops it finished", async () => {
    const where = folderWith();
    const { status, stderr } = await millrace(karate, { folder: where, stopRequested: afterAsking(3) });
    expect(status).toBe(130);
    expect(stderr).toBe(`error: interrupted after 1 of ${4 + sections.length} stops\n`);
    const kept = JSON.parse(readFileSync(join(where, "kept/tour.json"), "utf8"));
    expect(kept.rows.map(({ stop }: { stop: string }) => stop)).toEqual(["spmv", "spmv"]);
  });

  test("a graph that is not square is refused", async () => {
    const { status, stderr } = await millrace(["tour", "--graph", `${examples}/data/cora-words.mtx.gz`], {
      folder: folderWith(),
    });
    expect(status).toBe(2);
    expect(stderr).toContain("the tour runs on a square matrix, but");
  });
});
