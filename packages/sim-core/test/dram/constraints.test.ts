// Every row of every constraint table, alone: the following command is refused a tick before the latency is over and
// taken then, by the engine's tables and by the oracle; rows that cannot decide are listed.
import { expect, test } from "vitest";
import { decidingRows } from "../../src/dram/engine/timing/constraint-table.ts";
import { DeviceTiming } from "../../src/dram/engine/timing/device-timing.ts";
import type { DramSpec, TimingConstraint } from "../../src/dram/spec/dram-spec.ts";
import { LiteralDevice } from "./oracle/literal-device.ts";
import { recordedSpec, specNames } from "./support/recorded-cases.ts";

const FIRST = 100;

interface Tables {
  issue(bank: number, clk: number): void;
  takes(bank: number, clk: number): boolean;
}

/** The engine's ready times for a table of one row. */
function engineTables(spec: DramSpec, row: TimingConstraint): Tables {
  const timing = new DeviceTiming(
    spec,
    spec.commands.map(() => true),
  );
  const wide = (command: number): boolean => spec.commands[command]!.scope < spec.bankLevel;
  const scope = (command: number): number => spec.commands[command]!.scope;
  return {
    issue(bank, clk) {
      if (wide(row.preceding)) timing.issueBelow(row.preceding, scope(row.preceding), bank, clk);
      else timing.issue(row.preceding, bank, clk);
    },
    takes(bank, clk) {
      const { following } = row;
      if (wide(following)) return clk >= timing.earliestBelow(following, scope(following), bank);
      return clk >= timing.earliest(following, bank);
    },
  };
}

function oracleTables(spec: DramSpec, row: TimingConstraint): Tables {
  const device = new LiteralDevice(spec);
  const vector = (command: number, bank: number): number[] => {
    const indices = spec.levels.map(() => -1);
    let rest = bank;
    for (let level = spec.bankLevel; level > 0; level--) {
      if (level <= spec.commands[command]!.scope) indices[level] = rest % spec.counts[level]!;
      rest = Math.floor(rest / spec.counts[level]!);
    }
    indices[0] = 0;
    return indices;
  };
  return {
    issue: (bank, clk) => device.issue(row.preceding, vector(row.preceding, bank), clk),
    takes: (bank, clk) => device.isReady(row.following, vector(row.following, bank), clk),
  };
}

const banksBelow = (spec: DramSpec, level: number): number =>
  spec.counts.slice(level + 1, spec.bankLevel + 1).reduce((product, count) => product * count, 1);

/** Why a row cannot matter by its form alone; `null` if it can. */
function formFault(spec: DramSpec, row: TimingConstraint): string | null {
  if (spec.profile === "r20" && row.level > spec.commands[row.following]!.scope) return "below the scope tested";
  if (row.sibling && spec.counts[row.level] === 1) return "no siblings";
  if (row.sibling && spec.commands[row.preceding]!.scope < row.level) return "all siblings addressed";
  return null;
}

function check(tables: Tables, spec: DramSpec, row: TimingConstraint): void {
  const beside = banksBelow(spec, row.level);
  const target = row.sibling ? beside : 0;
  for (let i = 0; i < row.window; i++) {
    if (i > 0) expect(tables.takes(target, FIRST + i)).toBe(true);
    tables.issue(0, FIRST + i);
  }
  // A latency that is over before the last issue holds nothing back.
  if (row.latency > 0) expect(tables.takes(target, FIRST + row.latency - 1)).toBe(false);
  expect(tables.takes(target, FIRST + row.latency)).toBe(true);
  const { preceding, following, level } = row;
  const addressed = Math.min(spec.commands[preceding]!.scope, spec.commands[following]!.scope) >= level;
  if (row.sibling) expect(tables.takes(0, FIRST)).toBe(true);
  else if (addressed && level > 0 && spec.counts[level]! > 1) expect(tables.takes(beside, FIRST)).toBe(true);
}

// Per spec: rows that decide, rows under a wider or longer one, rows for siblings where there are none, and rows below
// the level at which profile r20 tests their command.
const listing: Readonly<Record<string, readonly number[]>> = {
  "r20-ddr3-1600-1ch": [39, 8, 12, 0],
  "r20-ddr4-2400-2rank": [65, 8, 0, 0],
  "r20-ddr4-2400-closed4": [65, 8, 0, 0],
  "r20-ddr4-3200-2ch-mop": [53, 8, 12, 0],
  "r20-ddr5-3200-2rank": [234, 21, 0, 0],
  "r20-hbm2-1ch-chrabaroco": [47, 21, 0, 8],
  "r20-hbm2-8ch": [47, 21, 0, 8],
  "r20-hbm3-1ch": [61, 22, 0, 13],
  "r20-hbm3-16ch": [61, 22, 0, 13],
  "r21-ddr4-2400-2rank": [65, 8, 0, 0],
  "r21-ddr4-2400-closedcap4": [65, 8, 0, 0],
  "r21-ddr4-3200-2ch-mop-rowhit": [53, 8, 12, 0],
  "r21-ddr5-4800-2rank": [101, 16, 0, 0],
  "r21-hbm2-2000-8ch": [62, 9, 0, 0],
  "r21-hbm3-6400-1ch": [102, 8, 0, 0],
  "r21-hbm3-6400-1ch-noref": [102, 8, 0, 0],
  "r21-hbm3-6400-1ch-refpb": [102, 8, 0, 0],
  "r21-hbm3-6400-16ch": [102, 8, 0, 0],
  "r21-hbm4-8000-1ch": [107, 14, 0, 0],
  "r21-lpddr5-6400-1ch": [68, 9, 12, 0],
};

for (const name of specNames) {
  test(`each row of ${name} holds its command back for exactly its latency`, () => {
    const spec = recordedSpec(name);
    const used = spec.commands.map(() => true);
    const deciding = new Set(decidingRows(spec, used));
    const listed: Record<string, number> = { decides: 0, covered: 0 };
    for (const row of spec.constraints) {
      const fault = formFault(spec, row);
      const reason = fault ?? (deciding.has(row) ? "decides" : "covered");
      listed[reason] = (listed[reason] ?? 0) + 1;
      if (fault !== null) continue;
      const alone = { ...spec, constraints: [row] };
      for (const tables of [engineTables(alone, row), oracleTables(alone, row)]) check(tables, spec, row);
    }
    const reasons = ["decides", "covered", "no siblings", "below the scope tested"];
    expect(reasons.map((reason) => listed[reason] ?? 0)).toEqual(listing[name]);
    expect(Object.values(listed).reduce((sum, rows) => sum + rows, 0)).toBe(spec.constraints.length);
  });
}

test("leaving out covered rows changes no ready time", () => {
  for (const name of specNames) {
    const spec = recordedSpec(name);
    const used = spec.commands.map(() => true);
    const reduced = { ...spec, constraints: decidingRows(spec, used) };
    const [device, lean] = [new LiteralDevice(spec), new LiteralDevice(reduced)];
    const vectors = [0, 1].map((bank) =>
      spec.levels.map((_, level) => (level === 0 ? 0 : level <= spec.bankLevel ? bank % spec.counts[level]! : 0)),
    );
    for (let i = 0; i < 4 * spec.commands.length; i++) {
      const command = (i * 7) % spec.commands.length;
      device.issue(command, vectors[i % 2]!, 10 * i);
      lean.issue(command, vectors[i % 2]!, 10 * i);
      for (const following of spec.commands.keys()) {
        for (const clk of [10 * i + 1, 10 * i + 9, 10 * i + 30, 10 * i + 200]) {
          const expected = device.isReady(following, vectors[0]!, clk);
          expect(lean.isReady(following, vectors[0]!, clk)).toBe(expected);
        }
      }
    }
  }
});
