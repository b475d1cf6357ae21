import { describe, expect, test } from "vitest";
import { changePart, type DramSpec, derivedTimings, organisationsOf } from "../../../src/index.ts";
import { recordedSpec, specNames } from "../support/recorded-cases.ts";

const standardOf = (name: string): string => /((lp)?ddr\d|hbm\d)/.exec(name)![1]!.toUpperCase();
const spec = (name: string): DramSpec => ({ ...recordedSpec(name), standard: standardOf(name) });
const r20 = specNames.filter((name) => name.startsWith("r20"));

/** The table of constraints without what the file calls itself. */
const figures = ({ timing, constraints, counts, readLatency }: DramSpec): object => ({
  timing,
  constraints,
  counts,
  readLatency,
});

describe.each(specNames)("%s", (name) => {
  test("refreshing and the activation window follow from rate, density and width as recorded", () => {
    const { timing } = spec(name);
    for (const [key, cycles] of Object.entries(derivedTimings(spec(name))))
      expect([key, cycles]).toEqual([key, timing[key]]);
  });

  test("its timings, given one by one, give its own constraint table", () => {
    const { rate: _, ...timing } = spec(name).timing;
    expect(changePart(spec(name), { timing })).toEqual(spec(name));
  });

  test("a timing on its own changes what follows from it, and nothing else", () => {
    const base = spec(name);
    for (const [key, ticks] of Object.entries(base.timing)) {
      if (key === "rate" || key === "tCK_ps" || key.startsWith("nREF")) continue;
      const longer = changePart(base, { timing: { [key]: ticks + 1 } });
      expect(longer.timing).toEqual({ ...base.timing, [key]: ticks + 1 });
      for (const [i, row] of longer.constraints.entries()) {
        const before = base.constraints[i]!;
        expect({ ...row, latency: before.latency }).toEqual(before);
        expect(Math.abs(row.latency - before.latency)).toBeLessThanOrEqual(1);
      }
    }
  });
});

describe.each(r20)("%s", (name) => {
  test("its organisation has a name", () => {
    const { standard, counts } = spec(name);
    const inChip = standard.startsWith("HBM") ? 1 : 2;
    expect(organisationsOf(standard).map((each) => each.counts)).toContainEqual(counts.slice(inChip));
  });
});

test.each([
  ["r20-ddr4-2400-2rank", "r20-ddr4-3200-2ch-mop"],
  ["r21-ddr4-2400-2rank", "r21-ddr4-3200-2ch-mop-rowhit"],
])("%s at the speed of %s has the table of that", (own, other) => {
  const [slow, fast] = [spec(own), spec(other)];
  const changed = changePart(slow, { timing: fast.timing, counts: fast.counts });
  expect(figures(changed)).toEqual(figures(fast));
});

test("a part of the density of another has its refreshing", () => {
  const [large, small] = [spec("r20-hbm3-1ch"), spec("r20-hbm2-1ch-chrabaroco")];
  const changed = changePart(large, { counts: small.counts });
  expect(changed.timing).toEqual(small.timing);
});

test("nanoseconds are rounded as the standard says, and everything that follows is worked out anew", () => {
  const changed = changePart(spec("r20-ddr4-2400-2rank"), { timing: { tRCD: 20, nCWL: 14 } });
  expect([changed.timing.nRCD, changed.timing.nCWL]).toEqual([24, 14]);
  const latency = (level: number, first: string, second: string, sibling = false): number =>
    changed.constraints.find(
      (row) =>
        row.level === level &&
        changed.commands[row.preceding]!.name === first &&
        changed.commands[row.following]!.name === second &&
        row.sibling === sibling,
    )!.latency;
  expect(latency(3, "ACT", "RD")).toBe(24);
  expect(latency(1, "RD", "WR")).toBe(16 + 4 + 2 - 14);
  expect(latency(1, "WR", "RD")).toBe(14 + 4 + 3);
  expect(latency(3, "WRA", "ACT")).toBe(14 + 4 + 18 + 16);
});

test("a wider chip opens rows at other distances", () => {
  const changed = changePart(spec("r20-ddr4-2400-2rank"), { chipWidthBits: 16, counts: [1, 2, 2, 4, 65536, 1024] });
  expect([changed.timing.nRRDS, changed.timing.nRRDL, changed.timing.nFAW]).toEqual([7, 8, 36]);
});

test("what no part can have is refused", () => {
  const ddr4 = spec("r20-ddr4-2400-2rank");
  const refusal = (message: RegExp): object =>
    expect.objectContaining({ code: "dram-spec", message: expect.stringMatching(message) });
  expect(() => changePart(ddr4, { timing: { nCWL: 40 } })).toThrow(
    refusal(/nCL \+ nBL \+ 2 - nCWL makes -18 cycles from RD to WR/),
  );
  expect(() => changePart(ddr4, { timing: { nXYZ: 1 } })).toThrow(refusal(/DDR4 has no timing nXYZ; it has rate, nBL/));
  expect(() => changePart(ddr4, { timing: { nRFC: 2_000_000 } })).toThrow(refusal(/latency 2000000/));
  expect(() => changePart(ddr4, { counts: [1, 1, 4, 4, 2 ** 19, 1024] })).toThrow(
    refusal(/not for 65536 Mb: give nRFC/),
  );
  expect(() => changePart(spec("r20-ddr3-1600-1ch"), { chipWidthBits: 4, counts: [1, 1, 8, 65536, 2048] })).toThrow(
    refusal(/nRRD is not known for chips of 4 bits/),
  );
  const unknown = { ...recordedSpec("r21-lpddr5-6400-1ch"), standard: "GDDR6" };
  expect(() => changePart(unknown, { timing: { nRCD: 1 } })).toThrow(refusal(/timings of GDDR6 is not known/));
  const { constraints } = recordedSpec("r21-ddr4-2400-2rank");
  const bent = constraints.map((row, i) => (i === 7 ? { ...row, latency: row.latency + 5 } : row));
  expect(() =>
    changePart({ ...recordedSpec("r21-ddr4-2400-2rank"), constraints: bent }, { timing: { nCL: 9 } }),
  ).toThrow(refusal(/does not follow from its timings/));
  const hbm3 = recordedSpec("r21-hbm3-6400-1ch");
  expect(() => changePart(hbm3, { counts: [1, 2, 2, 4, 4, 32_768, 256] })).toThrow(
    refusal(/known for 8192 Mb, not for/),
  );
});

test("in profile r21 nanoseconds are rounded up to whole clocks, and the clock follows from the rate", () => {
  const hbm3 = recordedSpec("r21-hbm3-6400-1ch");
  // 625 ps a clock: 19.4 ns are 31.04 of them, 64 half clocks; a row command takes three of these, an access two.
  const changed = changePart(hbm3, { timing: { tRCDRD: 19.4 } });
  const toRead = changed.constraints.find(
    (row) => row.level === 4 && row.preceding === 0 && changed.commands[row.following]!.name === "RD",
  )!;
  expect([changed.timing.nRCDRD, toRead.latency]).toEqual([64, 65]);
  const slower = changePart(hbm3, { timing: { rate: 4800 } });
  expect([slower.timing.tCK_ps, slower.timing.nREFI, slower.timing.nRFC]).toEqual([416, 9364, 842]);
  const lpddr5 = changePart(recordedSpec("r21-lpddr5-6400-1ch"), { timing: { rate: 8000, nBL_min: 3 } });
  expect([lpddr5.timing.tCK_ps, lpddr5.timing.nREFI, lpddr5.readLatency]).toEqual([1000, 3906, 20]);
});
