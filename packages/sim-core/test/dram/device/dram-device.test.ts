import fc from "fast-check";
import { expect, test } from "vitest";
import { DramDevice, type DramSpec, extendSpec, type SimError } from "../../../src/index.ts";
import { LiteralDevice } from "../oracle/literal-device.ts";
import { recordedSpec, specNames } from "../support/recorded-cases.ts";

/** Commands to all banks of a channel and to the same bank of every group, with waits at several levels. */
function withComputingBanks(spec: DramSpec): DramSpec {
  const [channel, group, bank] = [spec.levels[0]!, spec.levels[1]!, spec.levels[spec.bankLevel]!];
  const open = spec.commands.find((command) => command.opens)!.name;
  const close = spec.commands.find((command) => command.closes && command.name.startsWith("PRE"))!.name;
  return extendSpec(spec, {
    commands: [
      { name: "ACTAB", scope: bank, opens: true, bus: "row" },
      { name: "MACAB", scope: bank, bus: "column" },
      { name: "MACSB", scope: bank, bus: "column" },
    ],
    constraints: [
      { level: channel, preceding: ["MACAB"], following: ["MACAB", "MACSB"], latency: 6 },
      { level: channel, preceding: ["ACTAB"], following: ["MACAB"], latency: 19 },
      { level: group, preceding: ["MACSB"], following: ["MACSB"], latency: 9, window: 3 },
      { level: bank, preceding: [open, "ACTAB"], following: ["MACSB", close], latency: 13 },
      { level: bank, preceding: ["MACSB", "MACAB"], following: [close], latency: 8 },
      { level: bank, preceding: [close], following: ["ACTAB"], latency: 11 },
    ],
  });
}

test("commands to many banks at once keep the times that the rules give, node by node", () => {
  const steps = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.integer({ min: 0, max: 12 })), { maxLength: 60 });
  fc.assert(
    fc.property(fc.constantFrom(...specNames), steps, (name, draws) => {
      const spec = withComputingBanks(recordedSpec(name));
      const [device, literal] = [new DramDevice(spec), new LiteralDevice(spec)];
      let clk = 1;
      for (const [which, where, wait] of draws) {
        const command = which % spec.commands.length;
        let rest = where;
        const vector = Array.from({ length: spec.bankLevel }, (_, i) => {
          const index = (rest % (spec.counts[i + 1]! + 1)) - 1;
          rest = Math.floor(rest / (spec.counts[i + 1]! + 1));
          return index;
        });
        const whole = [0, ...vector, 7, 0];
        const places = device.places(vector);
        expect([...places.banks].map((bank) => literal.banks[bank])).toEqual(literal.banksOf(whole));
        const earliest = device.earliest(command, places);
        expect(literal.isReady(command, whole, earliest)).toBe(true);
        if (earliest > 0) expect(literal.isReady(command, whole, earliest - 1)).toBe(false);
        clk = Math.max(clk + wait, earliest);
        device.issue(command, places, clk, 7);
        literal.issue(command, whole, clk);
      }
    }),
    { seed: 10, numRuns: 300 },
  );
});

test("rows open and close in every bank a command goes to", () => {
  const spec = withComputingBanks(recordedSpec("r20-hbm3-1ch"));
  const device = new DramDevice(spec);
  const everywhere = device.places([-1, -1, -1]);
  const sameBank = device.places([-1, -1, 2]);
  device.issue(device.command("ACTAB"), everywhere, 1, 42);
  expect(Array.from({ length: device.banks }, (_, bank) => device.openRow(bank))).toEqual(Array(32).fill(42));
  const close = device.command("PRE");
  device.issue(close, sameBank, device.earliest(close, sameBank));
  expect(Array.from({ length: 8 }, (_, bank) => device.openRow(bank))).toEqual([42, 42, -1, 42, 42, 42, -1, 42]);
  expect(device.issued[close]).toBe(1);
});

test("misuse is refused", () => {
  const spec = withComputingBanks(recordedSpec("r20-hbm3-1ch"));
  const device = new DramDevice(spec);
  const places = device.places([-1, -1, -1]);
  device.issue(device.command("MACAB"), places, 5);
  const refusal = (code: string, message: RegExp): SimError =>
    expect.objectContaining({ code, message: expect.stringMatching(message) });
  expect(() => device.issue(device.command("MACAB"), places, 10)).toThrow(refusal("dram-command", /tick 10 .* 11/));
  expect(() => device.command("MAC")).toThrow(refusal("dram-command", /no command MAC/));
  expect(() => device.places([0, 0])).toThrow(refusal("dram-command", /pseudochannel, bankgroup, bank, not 2/));
  expect(() => device.places([0, 4, 0])).toThrow(refusal("dram-command", /bankgroup .* -1 to 3, not 4/));
  const add = (constraint: object, command: object = {}): DramSpec =>
    extendSpec(recordedSpec("r20-hbm3-1ch"), {
      commands: [{ name: "MACAB", scope: "bank", ...command }],
      constraints: [{ level: "channel", preceding: ["MACAB"], following: ["MACAB"], latency: 2, ...constraint }],
    });
  expect(() => add({ level: "rank" })).toThrow(refusal("dram-spec", /level rank/));
  expect(() => add({ following: ["MACXB"] })).toThrow(refusal("dram-spec", /MACXB/));
  expect(() => add({}, { name: "RD" })).toThrow(refusal("dram-spec", /RD is there already/));
  expect(() => add({ latency: -1 })).toThrow(refusal("dram-spec", /latency -1/));
});
