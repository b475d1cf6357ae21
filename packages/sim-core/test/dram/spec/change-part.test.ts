import { describe, expect, test } from "vitest";
import { changePart, type DramSpec, derivedTimings, organisationsOf } from "../../../src/index.ts";
import { recordedSpec, specNames } from "../support/recorded-cases.ts";

const standardOf = (name: string): string => /(ddr\d|hbm\d)/.exec(name)![1]!.toUpperCase();
const spec = (name: string): DramSpec => ({ ...recordedSpec(name), standard: standardOf(name) });
const r20 = specNames.filter((name) => name.startsWith("r20"));

/** The table of constraints without what the file calls itself. */
const figures = ({ timing, constraints, counts, readLatency }: DramSpec): object => ({
  timing,
  constraints,
  counts,
  readLatency,
});

describe.each(r20)("%s", (name) => {
  test("refreshing and the activation window follow from rate, density and width as recorded", () => {
    const { timing } = spec(name);
    for (const [key, cycles] of Object.entries(derivedTimings(spec(name))))
      expect([key, cycles]).toEqual([key, timing[key]]);
  });

  test("its timings, given one by one, give its own constraint table", () => {
    const { rate: _, ...timing } = spec(name).timing;
    expect(changePart(spec(name), { timing })).toEqual(spec(name));
  });

  test("its organisation has a name", () => {
    const { standard, counts } = spec(name);
    const inChip = standard.startsWith("HBM") ? 1 : 2;
    expect(organisationsOf(standard).map((each) => each.counts)).toContainEqual(counts.slice(inChip));
  });
});

test("a part at the speed of another has the table of the other", () => {
  const [slow, fast] = [spec("r20-ddr4-2400-2rank"), spec("r20-ddr4-3200-2ch-mop")];
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
  const resolved = { ...recordedSpec("r21-lpddr5-6400-1ch"), standard: "LPDDR5" };
  expect(() => changePart(resolved, { timing: { nRCD: 1 } })).toThrow(refusal(/come resolved in profile r21/));
});
