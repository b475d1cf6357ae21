// Ordinary traffic held back while an owner computes in the banks of the same channel.
import { expect, test } from "vitest";
import {
  type DramChannel,
  type DramConfiguration,
  DramSystem,
  extendSpec,
  type IssuedCommand,
} from "../../../src/index.ts";
import { LiteralDevice } from "../oracle/literal-device.ts";
import { Xorshift32 } from "../support/generate-trace.ts";
import { recordedSpec } from "../support/recorded-cases.ts";

const parts = [
  "r20-ddr4-2400-2rank",
  "r20-hbm3-1ch",
  "r21-ddr4-2400-2rank",
  "r21-hbm2-2000-8ch",
  "r21-hbm3-6400-1ch",
  "r21-lpddr5-6400-1ch",
];

function configurationOf(name: string): DramConfiguration {
  const base = recordedSpec(name);
  const [channel, bank] = [base.levels[0]!, base.levels[base.bankLevel]!];
  const closeAll = base.commands.some(({ name: n }) => n === "PREA") ? "PREA" : "PREab";
  const spec = extendSpec(base, {
    commands: [
      { name: "ACTAB", scope: bank, opens: true, bus: "row" },
      { name: "MACAB", scope: bank, bus: "column" },
    ],
    constraints: [
      { level: channel, preceding: ["MACAB"], following: ["MACAB"], latency: 6 },
      { level: channel, preceding: ["ACTAB"], following: ["MACAB", closeAll], latency: 40 },
      { level: channel, preceding: ["MACAB"], following: [closeAll], latency: 10 },
      { level: channel, preceding: [closeAll], following: ["ACTAB"], latency: 20 },
      {
        level: channel,
        preceding: ["REFab"],
        following: ["ACTAB"],
        latency: base.timing.nRFC ?? base.timing.nRFC1 ?? 300,
      },
    ],
  });
  return {
    spec,
    channels: 1,
    mapping: "RoBaRaCoCh",
    refresh: "all-bank",
    rowPolicy: "open",
    cap: 4,
    scheduler: "frfcfs",
  };
}

/** Offers requests until the channel has taken `count` of them. */
function offer(system: DramSystem, count: number, rng: Xorshift32): void {
  const [channel] = system.channels;
  for (let taken = 0; taken < count; ) {
    const address = (rng.next() % 2 ** 20) * 64;
    if (system.place(address, rng.next() % 3 === 0, 0).offer(system.offer) === 0) channel!.step();
    else taken += 1;
  }
}

/** Computes over `rows` rows of all banks, a MAC whenever one may be issued; gives way to refreshes between rows. */
function compute(channel: DramChannel, rows: number): void {
  const { device } = channel;
  const [open, mac] = [device.command("ACTAB"), device.command("MACAB")];
  const closeAll = device.command(channel.spec.profile === "r20" ? "PREA" : "PREab");
  const everywhere = device.places(channel.spec.counts.slice(1, channel.spec.bankLevel + 1).map(() => -1));
  const run = (command: number, row?: number): void => {
    let clk = Math.max(channel.clk + 1, device.earliest(command, everywhere));
    for (channel.advance(clk); channel.lastCommand === clk; channel.advance(clk)) clk += 1;
    clk = Math.max(clk, device.earliest(command, everywhere));
    channel.advance(clk);
    device.issue(command, everywhere, clk, row);
  };
  for (let row = 0; row < rows; row++) {
    while (channel.refreshDue) channel.step();
    run(open, row);
    for (let k = 0; k < 32; k++) run(mac);
    if (device.openRow(0) >= 0) run(closeAll);
  }
}

test.each(parts)("%s: held traffic comes to rest, leaves the banks to their owner, and goes on", (name) => {
  const configuration = configurationOf(name);
  const system = new DramSystem(configuration);
  const channel = system.channels[0]!;
  const log: IssuedCommand[] = [];
  channel.commandObserver = { issued: (command) => log.push({ ...command }) };
  const rng = new Xorshift32(7);
  for (let round = 0; round < 4; round++) {
    offer(system, 300, rng);
    channel.hold();
    while (!channel.quiet) channel.step();
    expect(Array.from({ length: channel.device.banks }, (_, bank) => channel.device.openRow(bank))).toEqual(
      Array(channel.device.banks).fill(-1),
    );
    const before = log.length;
    compute(channel, 12);
    const names = new Set(log.slice(before).map(({ command }) => channel.spec.commands[command]!.name));
    for (const done of names) expect(done).toMatch(/^(REFab|PREA|PREab)$/);
    channel.resume();
  }
  while (!channel.idle) channel.step();
  const { counters } = channel;
  expect(counters.acceptedReads + counters.acceptedWrites).toBe(1200);
  expect(counters.readsServed + counters.forwarded + counters.writesServed + counters.coalesced).toBe(1200);
  expect(counters.commands[channel.device.command("MACAB")]).toBe(4 * 12 * 32);
  if (channel.spec.refreshLevel !== null) expect(counters.maintenanceServed).toBeGreaterThan(4);
  // What the channel issued itself was allowed by its own rules at each moment.
  const literal = new LiteralDevice(configuration.spec);
  for (const { command, clk, level, bank, row } of log) {
    const vector = vectorOf(channel, bank, level, row);
    expect([clk, literal.isReady(command, vector, clk)]).toEqual([clk, true]);
    literal.issue(command, vector, clk);
  }
});

function vectorOf(channel: DramChannel, bank: number, level: number, row: number): number[] {
  const { counts, bankLevel } = channel.spec;
  const vector = new Array<number>(bankLevel + 3).fill(-1);
  let rest = bank;
  for (let at = bankLevel; at > 0; at--) {
    if (at <= level) vector[at] = rest % counts[at]!;
    rest = Math.floor(rest / counts[at]!);
  }
  vector[0] = 0;
  vector[bankLevel + 1] = row;
  return vector;
}

test("a part without added commands has nothing to be held for", () => {
  const { spec, ...rest } = configurationOf("r20-hbm3-1ch");
  const system = new DramSystem({ ...rest, spec: recordedSpec("r20-hbm3-1ch") });
  expect(spec.commands.length).toBeGreaterThan(0);
  expect(() => system.channels[0]!.hold()).toThrow(expect.objectContaining({ code: "dram-command" }));
});
