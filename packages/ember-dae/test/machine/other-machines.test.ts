import { describe, expect, test } from "vitest";
import { bagsOf, type CoreMachine, type GpuMachine, machineNamed, simulateOperation } from "../../src/index.ts";
import { sls, traceOf } from "../support/workloads.ts";

const zen4 = machineNamed("zen4") as CoreMachine;
const ahead = machineNamed("zen4-run-ahead") as CoreMachine;

/** A table of 4 GB, as that of the measurements, whatever the width. */
function bags(width: number, lookups = 50_000) {
  const rows = 2 ** 30 / width;
  return { operation: sls, fibres: bagsOf(traceOf("low", lookups, rows), 64), rows, width };
}

describe("an out-of-order core", () => {
  /** Measured on a Zen 4 virtual machine: millions of lines a second on demand, and with prefetches that run ahead. */
  const measured = { 64: [98, 174], 128: [114, 182], 256: [114, 228] } as const;

  test.each([64, 128, 256] as const)("looks up rows of %i elements as fast as one was measured to", (width) => {
    const lines = (machine: CoreMachine) =>
      (simulateOperation(bags(width), machine).lookupsPerSecond * (width / 16)) / 1e6;
    const [demand, prefetched] = measured[width];
    expect(Math.abs(lines(zen4) / demand - 1)).toBeLessThan(0.15);
    expect(prefetched / lines(ahead)).toBeGreaterThan(0.75);
    expect(prefetched / lines(ahead)).toBeLessThan(1.05);
  });

  test("is bound by its window where that is narrower than its misses", () => {
    // 128-bit vectors: 22 instructions a row of 32, so that a reorder buffer of 128 holds 5 rows of 2 lines.
    const core = machineNamed("core") as CoreMachine;
    const run = simulateOperation(bags(32), { ...core, caches: [], pageWalkNanoseconds: 0 });
    expect(run.nanoseconds / run.lookups).toBeCloseTo((2 * 100) / 10, 6);
    expect(run.bound).toBe("latency");
  });

  test("is faster the more of a trace its caches hold", () => {
    const times = (["low", "middle", "high"] as const).map(
      (locality) =>
        simulateOperation({ ...bags(64), fibres: bagsOf(traceOf(locality, 50_000, 1e6), 64), rows: 1e6 }, zen4).cycles,
    );
    expect(times[0]).toBeGreaterThan(times[1]!);
    expect(times[1]).toBeGreaterThan(times[2]!);
  });

  test("has no energy where its power is not known", () => {
    expect(simulateOperation(bags(64, 640), zen4).energyPicojoules).toBeNull();
    const core = simulateOperation(bags(64, 640), machineNamed("core"));
    expect(core.energyPicojoules).toBeCloseTo(1000 * core.nanoseconds + 31.2 * core.memoryBytes, 3);
  });
});

describe("a GPU", () => {
  const h100 = machineNamed("h100") as GpuMachine;
  const used = (width: number, lookups: number) => simulateOperation(bags(width, lookups), h100).memoryUtilization!;

  test("uses less than a hundredth of its bandwidth on small batches, about half on long rows and large ones", () => {
    expect(used(32, 64)).toBeLessThan(0.01);
    expect(used(128, 1_000_000)).toBeGreaterThan(0.45);
    expect(used(128, 1_000_000)).toBeLessThan(0.55);
  });

  test("never uses more than all of it, and more of it the larger the batch", () => {
    for (const width of [16, 128, 1024]) {
      const shares = [64, 6400, 640_000].map((lookups) => used(width, lookups));
      expect([...shares].sort((a, b) => a - b)).toEqual(shares);
      expect(shares.at(-1)).toBeLessThanOrEqual(1);
    }
  });

  test("takes its board's power over its time", () => {
    const run = simulateOperation(bags(64, 6400), h100);
    expect(run.energyPicojoules).toBe(1000 * 700 * run.nanoseconds);
  });
});
