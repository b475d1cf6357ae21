import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { examples, folderWith } from "../../support/folder.ts";
import { millrace } from "../../support/recording-host.ts";

const yaml = readFileSync(`${examples}/memories/ddr4-2400.yaml`, "utf8");
const trace = Array.from({ length: 4000 }, (_, i) => `LD 0x${(((i * 7919) % 65_536) * 64).toString(16)}\n`).join("");

interface Result {
  readonly cycles: number;
  readonly memory: { readonly counts: readonly number[]; readonly tickPicoseconds: number };
  readonly energyPicojoules?: Record<string, number>;
  readonly channels: readonly { readonly commands: Record<string, number>; readonly energyPicojoules?: object }[];
}

async function run(text: string): Promise<Result> {
  const folder = folderWith({ "memory.yaml": text, t: trace });
  const { status, stdout, stderr } = await millrace(["dram", "memory.yaml", "--trace", "t", "--json"], { folder });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return JSON.parse(stdout);
}

const withTiming = (lines: string): string => yaml.replace("preset: DDR4_2400R", lines);

test("timings of a preset may be changed one by one, in cycles or in nanoseconds", async () => {
  const plain = await run(yaml);
  expect(await run(withTiming("preset: DDR4_2400R\n      nRCD: 16\n      tRP: 13.32"))).toEqual(plain);
  const slow = await run(withTiming("preset: DDR4_2400R\n      nRCD: 60\n      nRAS: 90\n      nRC: 120"));
  expect(slow.cycles).toBeGreaterThan(plain.cycles + 1000);
  expect(await run(withTiming("preset: DDR4_2400R\n      tRCD: 49.98\n      tRAS: 74.97\n      tRC: 99.96"))).toEqual(
    slow,
  );
});

test("figures alone make the part that the presets make", async () => {
  const timing =
    "{rate: 2400, nBL: 4, nCL: 16, nRCD: 16, nRP: 16, nRAS: 39, nRC: 55, nWR: 18, nRTP: 9, nCWL: 12, nCCDS: 4, nCCDL: 6, nWTRS: 3, nWTRL: 9}";
  const org = "{dq: 8, density: 8192, channel: 1, rank: 2, bankgroup: 4, bank: 4, row: 65536, column: 1024}";
  const text = yaml
    .replace(/org:\n(?: {6}.*\n)+/, `org: ${org}\n`)
    .replace(/timing:\n(?: {6}.*\n)+/, `timing: ${timing}\n`);
  expect(text).toContain(timing);
  expect(await run(text)).toEqual(await run(yaml));
});

test("a larger chip refreshes for longer", async () => {
  const larger = await run(yaml.replace("DDR4_8Gb_x8", "DDR4_16Gb_x8"));
  expect(larger.memory.counts).toEqual([1, 2, 4, 4, 131_072, 1024]);
  const same = await run(
    yaml.replace("preset: DDR4_8Gb_x8", "preset: DDR4_8Gb_x8\n      density: 16384\n      row: 131072"),
  );
  expect(same).toEqual(larger);
  expect(larger.cycles).not.toBe((await run(yaml)).cycles);
});

test("energy is told where currents are, and absent where not", async () => {
  expect(await run(yaml)).not.toHaveProperty("energyPicojoules");
  const group =
    "    voltage:\n      VDD: 1.2\n    current: {IDD0: 60, IDD2N: 50, IDD3N: 55, IDD4R: 145, IDD4W: 145, IDD5B: 362}\n";
  const { energyPicojoules, channels } = await run(yaml.replace("  Controller:", `${group}\n  Controller:`));
  const [{ commands }] = channels as [Result["channels"][0]];
  // Volts x milliamperes x ticks of 0.833 ns, times the eight chips of a rank.
  const scale = 1.2 * 8 * 0.833;
  const activate = scale * (60 * (39 + 16) - (55 * 39 + 50 * 16)) * commands.ACT!;
  const read = scale * (145 - 55) * 4 * commands.RD!;
  const refresh = scale * (362 - 55) * 433 * commands.REFab!;
  expect(energyPicojoules!.activate).toBeCloseTo(activate, 3);
  expect(energyPicojoules!.read).toBeCloseTo(read, 3);
  expect(energyPicojoules!.refresh).toBeCloseTo(refresh, 3);
  expect(energyPicojoules!.commands).toBeCloseTo(activate + read + refresh, 3);
});

describe("parts of profile r21", () => {
  const hbm3 = (timing: string, org = ""): string =>
    `MemorySystem:\n  DRAM:\n    impl: HBM3\n    org: {preset: HBM3_16Gb_8hi, channel: 2${org}}\n    timing: {preset: HBM3_6400Mbps${timing}}\n`;

  test("timings may be changed one by one, in half clocks or in nanoseconds", async () => {
    const plain = await run(hbm3(""));
    expect(await run(hbm3(", nRCDRD: 62, tRP: 16.2"))).toEqual(plain);
    const slow = await run(hbm3(", nRCDRD: 92, nRP: 80, nRAS: 120, nRC: 210"));
    expect(slow.cycles).toBeGreaterThan(plain.cycles + 1000);
    // Whole clocks of 625 ps, rounded up.
    expect(await run(hbm3(", tRCDRD: 28.7, tRP: 25, tRAS: 37.3, tRC: 65.6"))).toEqual(slow);
  });

  test("what no part can have is refused where it stands", async () => {
    const refusal = async (text: string): Promise<string> => {
      const folder = folderWith({ "memory.yaml": text, t: trace });
      const { status, stderr } = await millrace(["dram", "memory.yaml", "--profile", "r21", "--trace", "t"], {
        folder,
      });
      expect(status).toBe(2);
      return stderr;
    };
    expect(await refusal(hbm3(", nBRC: 3"))).toMatch(/memory\.yaml:5:\d+: error: .*nBRC/);
    expect(await refusal(hbm3(", nRFC: 1000000000"))).toMatch(/memory\.yaml:5:\d+/);
    expect(await refusal(hbm3("", ", row: 32768, density: 16384"))).toMatch(
      /memory\.yaml:4:\d+: error: refreshing is known for 8192 Mb, not for 16384 Mb: give nRFC/,
    );
    const ddr4 = withTiming("preset: DDR4_2400R\n      nCWL: 60");
    expect(await refusal(ddr4)).toMatch(/error: nCL \+ nBL \+ 2 - nCWL makes -38 cycles from RD to WR/);
  });
});
