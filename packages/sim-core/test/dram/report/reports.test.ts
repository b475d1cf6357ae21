import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BankTimeline } from "../../../src/dram/report/bank-timeline.ts";
import { summarizeChannel } from "../../../src/dram/report/channel-summary.ts";
import { commandEnergies, energyOf, energyTicks } from "../../../src/dram/report/energy.ts";
import { DramSystem } from "../../../src/dram/run/dram-system.ts";
import { LoadStoreFrontend } from "../../../src/dram/run/load-store.ts";
import { TimedFrontend } from "../../../src/dram/run/timed.ts";
import { type RandomRun, randomRun } from "../support/arbitrary-run.ts";
import { generateTrace, type TracePattern } from "../support/generate-trace.ts";
import { readRecorded, recordedSpec } from "../support/recorded-cases.ts";

function systemAfter({ configuration, requests, feed }: RandomRun): DramSystem {
  const system = new DramSystem(configuration);
  if (feed.timed) {
    const frontend = new TimedFrontend(system);
    for (const { address, write, arrival } of requests) frontend.submit(address, write, arrival);
    frontend.finish();
  } else {
    const frontend = new LoadStoreFrontend(system, feed.ratio);
    for (const { address, write } of requests) frontend.submit(address, write);
    frontend.finish();
  }
  return system;
}

function runOf(name: string, trace: Omit<TracePattern, "gran">, refresh: "all-bank" | "none"): DramSystem {
  const requests = generateTrace({ ...trace, gran: 64 });
  const common = {
    mapping: "RoBaRaCoCh",
    refresh,
    rowPolicy: "open",
    cap: 4,
    scheduler: "frfcfs",
  } as const;
  const configuration = { spec: recordedSpec(name), channels: 1, ...common };
  return systemAfter({ configuration, requests, feed: { timed: false, ratio: { frontend: 1, memory: 1 } } });
}

describe("lost bandwidth", () => {
  test("is accounted for to the tick: data and causes add up to all ticks of all data buses", () => {
    fc.assert(
      fc.property(randomRun, (run) => {
        let system: DramSystem;
        try {
          system = systemAfter(run);
        } catch {
          return;
        }
        for (const channel of system.channels) {
          const { losses, dataBuses, ticks } = summarizeChannel(channel);
          for (const value of Object.values(losses)) expect(value).toBeGreaterThanOrEqual(0);
          const sum = Object.values(losses).reduce((total: number, value: number) => total + value, 0);
          expect(sum).toBe(dataBuses * ticks);
        }
      }),
      { seed: 11, numRuns: 150 },
    );
  });

  test("names the cause that the traffic is made to have", () => {
    const share = (
      name: string,
      trace: Omit<TracePattern, "gran">,
      refresh: "all-bank" | "none" = "all-bank",
    ): Record<string, number> => {
      const { losses, ticks, dataBuses } = summarizeChannel(runOf(name, trace, refresh).channels[0]!);
      return Object.fromEntries(Object.entries(losses).map(([cause, lost]) => [cause, lost / (ticks * dataBuses)]));
    };
    const oneBank = { pattern: "conflict", n: 2000, banks: 1, bankStrideBytes: 16384, rowStrideBytes: 1048576 };
    expect(share("r20-ddr4-2400-2rank", oneBank).rowConflict).toBeGreaterThan(0.8);
    expect(share("r20-ddr4-2400-2rank", { pattern: "seq", n: 4000 }).bus).toBeGreaterThan(0.2);
    const mixed = { pattern: "hotrow", n: 4000, hotPermille: 1000, hotBytes: 8192, writePermille: 500, seed: 3 };
    const { turnaround, rowConflict } = share("r21-hbm2-2000-8ch", mixed);
    expect(turnaround).toBeGreaterThan(rowConflict!);
    expect(share("r21-hbm3-6400-1ch", { pattern: "seq", n: 4000 }, "none").refresh).toBe(0);
    expect(share("r21-hbm3-6400-1ch", { pattern: "random", n: 4000, seed: 2 }).refresh).toBeGreaterThan(0.03);
  });
});

describe("energy", () => {
  // DDR4_8Gb_x8_2400.ini of DRAMsim3: eight chips, 0.83 ns.
  const currents = { vddVolts: 1.2, idd0: 48, idd2n: 34, idd3n: 43, idd4r: 135, idd4w: 123, idd5ab: 250 };
  const ticks = { nRAS: 39, nRP: 17, nBL: 4, nRFC: 420, tickPicoseconds: 1000 };

  test("of recorded command counts is that of DRAMsim3", () => {
    interface Recorded {
      readonly cases: readonly { config: string; expected: Record<string, Record<string, number>> }[];
    }
    const { cases } = readRecorded<Recorded>("dramsim3-cases");
    const ddr4 = cases.filter(({ config }) => config === "DDR4_8Gb_x8_2400.ini");
    expect(ddr4.length).toBeGreaterThan(2);
    for (const { expected } of ddr4) {
      const own = expected["0"]!;
      const commands = {
        ACT: own.num_act_cmds!,
        RD: own.num_read_cmds!,
        WR: own.num_write_cmds!,
        REFab: own.num_ref_cmds!,
      };
      // DRAMsim3 counts its picojoules per cycle of one nanosecond.
      const energy = energyOf(commands, commandEnergies(currents, ticks, 8));
      expect(energy.activate).toBeCloseTo(own.act_energy!, 0);
      expect(energy.read).toBeCloseTo(own.read_energy!, 0);
      expect(energy.write).toBeCloseTo(own.write_energy!, 0);
      expect(energy.refresh).toBeCloseTo(own.ref_energy!, 0);
      expect(energy.commands).toBeCloseTo(energy.activate + energy.read + energy.write + energy.refresh, 6);
    }
  });

  test("takes the ticks of a spec that has them, and none of one that lacks them", () => {
    expect(energyTicks(recordedSpec("r20-ddr4-2400-2rank"))).toEqual({
      nRAS: 39,
      nRP: 16,
      nBL: 4,
      nRFC: 433,
      tickPicoseconds: 833,
    });
    expect(energyTicks(recordedSpec("r20-ddr5-3200-2rank"))).toMatchObject({ nRFC: 471 });
    expect(energyTicks(recordedSpec("r21-lpddr5-6400-1ch"))).toBeNull();
  });
});

test("a timeline of banks shows rows, accesses and refreshes, and is the same twice", () => {
  const encode = (): Uint8Array => {
    const system = new DramSystem({
      spec: recordedSpec("r21-ddr4-2400-2rank"),
      channels: 2,
      mapping: "RoBaRaCoCh",
      refresh: "all-bank",
      rowPolicy: "open",
      cap: 4,
      scheduler: "frfcfs",
    });
    const timeline = new BankTimeline(system.configuration.spec);
    for (const channel of system.channels) channel.commandObserver = timeline;
    const frontend = new LoadStoreFrontend(system, { frontend: 1, memory: 1 });
    for (const { address, write } of generateTrace({ pattern: "random", n: 6000, gran: 64, writePermille: 300 })) {
      frontend.submit(address, write);
    }
    frontend.finish();
    expect(timeline.truncatedAt).toBeNull();
    return timeline.encode();
  };
  const bytes = encode();
  expect(Buffer.from(bytes).equals(Buffer.from(encode()))).toBe(true);
  const text = Buffer.from(bytes).toString("latin1");
  for (const name of ["channel 0", "channel 1", "rank 1, bankgroup 3, bank 3", "rank 0", "RD", "WR", "REFab"]) {
    expect(text).toContain(name);
  }
  expect(text).toMatch(/row \d+/);
});
