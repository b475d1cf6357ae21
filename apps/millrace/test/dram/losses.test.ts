import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { resultOf } from "../../src/dram/dram-result.ts";
import { type LossShares, lossCauses } from "../../src/dram/loss-cause.ts";
import { presets } from "../../src/dram/presets.ts";
import { TimingCheck } from "../../src/dram/timing-check.ts";
import { runRequests, type TestRequest } from "../support/dram-runs.ts";

const names = presets.map(({ name, profile }) => `${name}/${profile}`);
const requests: fc.Arbitrary<TestRequest[]> = fc.array(
  fc.record({
    address: fc.nat(4095).map((block) => block * 4096 + (block % 64) * 64),
    write: fc.boolean(),
    gap: fc.oneof({ weight: 8, arbitrary: fc.nat(6) }, { weight: 1, arbitrary: fc.nat(20_000) }),
  }),
  { maxLength: 60 },
);

function sequence(count: number, addressOf: (i: number) => number): TestRequest[] {
  return Array.from({ length: count }, (_, i) => ({ address: addressOf(i), write: false, gap: 0 }));
}

function losses(preset: string, sent: readonly TestRequest[], changes = {}): LossShares {
  return resultOf(runRequests(preset, sent, changes)).losses;
}

describe("the shares of the peak", () => {
  test.each(names)("of %s add up to the whole, and data to the bytes moved", (preset) => {
    fc.assert(
      fc.property(requests, (sent) => {
        const reads = sent.map((each) => ({ ...each, write: false }));
        const {
          losses: shares,
          achievedBytesPerCycle,
          peakBytesPerCycle,
        } = resultOf(runRequests(preset, reads, { channels: 2 }));
        const whole = shares.data + lossCauses.reduce((sum, each) => sum + shares[each], 0);
        expect(whole).toBeCloseTo(reads.length === 0 ? 0 : 1, 9);
        for (const each of lossCauses) expect(shares[each]).toBeGreaterThanOrEqual(0);
        // A run ends with its last data: nothing that was moved lies beyond its end.
        expect(shares.data).toBeCloseTo(achievedBytesPerCycle / peakBytesPerCycle, 9);
      }),
      { seed: 11, numRuns: 10 },
    );
  });

  test("of one bank whose row changes each time go to conflicts, almost all", () => {
    const { rowConflict, data } = losses(
      "ddr4-2400",
      sequence(500, (i) => i * 2 ** 20),
      { refresh: "none" },
    );
    expect(data).toBeLessThan(0.1);
    expect(rowConflict).toBeGreaterThan(0.85);
  });

  test("of a stream inside one bank group go to the distance that the group keeps", () => {
    const { bus, data, refresh } = losses(
      "ddr4-2400",
      sequence(2000, (i) => i * 64),
      { refresh: "none" },
    );
    // Four ticks of data, six from access to access.
    expect(data).toBeCloseTo(2 / 3, 1);
    expect(bus).toBeCloseTo(1 / 3, 1);
    expect(refresh).toBe(0);
  });

  test("of sparse requests go to the time without any", () => {
    const sent = sequence(50, () => 0).map((each) => ({ ...each, gap: 5000 }));
    expect(losses("lpddr5-6400", sent, { refresh: "none" }).idle).toBeGreaterThan(0.98);
  });

  test("without refresh lose nothing to it, with it something", () => {
    const sent = sequence(8000, (i) => i * 64);
    expect(losses("hbm3-6400", sent, { channels: 1, refresh: "none" }).refresh).toBe(0);
    expect(losses("hbm3-6400", sent, { channels: 1 }).refresh).toBeGreaterThan(0.02);
  });
});

describe("the check of timings", () => {
  test.each(names)("finds every command of %s at a time that its constraints allow", (preset) => {
    fc.assert(
      fc.property(requests, (sent) => {
        let check: TimingCheck | undefined;
        runRequests(preset, sent, {}, (system) => {
          check = new TimingCheck(system);
          return check;
        });
        expect(check!.early).toBe(0);
        expect(check!.commands).toBeGreaterThanOrEqual(sent.length > 0 ? 1 : 0);
      }),
      { seed: 12, numRuns: 10 },
    );
  });

  test("finds a command that comes a tick too soon", () => {
    const { system } = runRequests("ddr4-2400", []);
    const check = new TimingCheck(system);
    const { spec } = system.configuration;
    const place = { channel: 0, bank: 3, level: spec.bankLevel, row: 7, column: 0, kind: 0 };
    const command = (name: string): number => spec.commands.findIndex((each) => each.name === name);
    check.issued({ ...place, clk: 10, command: command("ACT") });
    check.issued({ ...place, clk: 10 + spec.timing.nRCD! - 1, command: command("RD") });
    expect(check.early).toBe(1);
  });
});
