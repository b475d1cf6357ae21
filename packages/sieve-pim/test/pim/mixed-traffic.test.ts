import { describe, expect, it } from "vitest";
import { type MixedRun, runMixed, streamCycles, timingNamed, Xorshift32 } from "../../src/index.ts";

const timing = timingNamed("HBM3_5.2Gbps");

function mixed(seed: number): { run: MixedRun; reads: number; products: number; pure: number; pureReads: number } {
  const random = new Xorshift32(seed);
  const gap = 1 + (random.next() % 12);
  let arrival = 0;
  const reads = Array.from({ length: random.next() % 1500 }, () => {
    arrival += random.next() % gap;
    return { address: (random.next() % 2 ** 25) * 32, arrival };
  });
  const products = Array.from({ length: 1 + (random.next() % 20) }, () => ({
    rowsPerChannel: 1 + (random.next() % 90),
    columns: 1024 + 32 * (random.next() % 64),
    bytes: 2,
  }));
  const turns = { readsPerTurn: 1 + (random.next() % 64), productsPerTurn: 1 + (random.next() % 3) };
  return {
    run: runMixed({ timing, reads, products, ...turns }),
    reads: reads.length,
    products: products.length,
    pure: streamCycles(products, timing),
    pureReads: runMixed({ timing, reads, products: [] }).cycles,
  };
}

describe("reads and products in one channel", () => {
  it("all get done, never wait for ever, and refreshes stay within eight intervals", () => {
    let turns = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const { run, reads, products, pure, pureReads } = mixed(seed);
      expect(run.readsDone).toBe(reads);
      expect(run.productsDone).toBe(products);
      expect(run.refreshDebt).toBeLessThan(8);
      expect(run.refreshes).toBeGreaterThanOrEqual(2 * Math.floor(run.cycles / timing.nREFI) - 2);
      expect(run.cycles).toBeGreaterThanOrEqual(Math.max(pure, pureReads));
      turns += run.turns;
    }
    expect(turns).toBeGreaterThan(100);
  });

  it("take longer together than either alone, and reads wait for whole products", () => {
    const reads = Array.from({ length: 500 }, (_, at) => ({ address: at * 32 * 997, arrival: at * 4 }));
    const products = Array.from({ length: 20 }, () => ({ rowsPerChannel: 64, columns: 2048, bytes: 2 }));
    const alone = runMixed({ timing, reads, products: [] });
    const both = runMixed({ timing, reads, products });
    expect(both.readLatency).toBeGreaterThan(alone.readLatency);
    expect(runMixed({ timing, reads, products, productsPerTurn: 5 }).turns).toBeLessThan(both.turns);
  });
});
