import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readSpec } from "../../../src/dram/spec/read-spec.ts";
import { SimError } from "../../../src/index.ts";
import { recordedSpec, specDocuments, specNames } from "../support/recorded-cases.ts";

/** A copy of a document with the value at `path` replaced, or left out if `value` is undefined. */
function changed(name: string, path: readonly (string | number)[], value: unknown): unknown {
  const copy = structuredClone(specDocuments[name]);
  let at = copy as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  const last = path.at(-1)!;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return copy;
}

describe("reading resolved specs", () => {
  test("both shapes give the same kind of spec", () => {
    for (const name of specNames) {
      const spec = recordedSpec(name);
      expect(spec.profile).toBe(name.slice(0, 3));
      expect(spec.levels).toHaveLength(spec.counts.length);
      expect(spec.commands.filter((command) => command.opens)).toHaveLength(1);
      expect(spec.refreshLevel === null).toBe(name.startsWith("r20-hbm"));
    }
  });

  test.each<[string, (string | number)[], unknown, string]>([
    ["r20-ddr4-2400-2rank", ["levels"], undefined, "spec.levels: expected a list, not nothing"],
    ["r20-ddr4-2400-2rank", ["count", 2], 3, "spec: count of bankgroup must be a power of two, not 3"],
    ["r20-ddr4-2400-2rank", ["count", 2], -4, "spec.count[2]: expected an integer from 1 to 2147483647, not -4"],
    ["r20-ddr4-2400-2rank", ["constraints", 4, 1], "RDX", "spec.constraints[4][1]: RDX is none of ACT, PRE"],
    ["r20-ddr4-2400-2rank", ["constraints", 4, 3], "six", "spec.constraints[4][3]: expected an integer from 0"],
    [
      "r20-ddr4-2400-2rank",
      ["commands", 0, "open"],
      "yes",
      'spec.commands[0].open: expected true, false, 1 or 0, not "yes"',
    ],
    ["r20-ddr4-2400-2rank", ["timing", "nREFI"], undefined, "spec: timing nREFI must be at least 1 tick"],
    [
      "r20-ddr4-2400-2rank",
      ["timing", "nRFC"],
      5000,
      "spec: no constraint keeps ACT away for the 5000 cycles of REFab",
    ],
    ["r20-ddr4-2400-2rank", ["timing", "tCK_ps"], 0, "spec: timing tCK_ps must be a positive integer of picoseconds"],
    ["r20-ddr4-2400-2rank", ["readLatency"], 0, "spec: read latency must be at least 1 tick, not 0"],
    ["r20-ddr4-2400-2rank", ["prefetch"], 2048, "spec: a row of 1024 columns is shorter than one access of 2048"],
    ["r21-hbm3-6400-1ch", ["resolved", "timing"], [1, 2], "spec.resolved.timing: expected 29 figures"],
    [
      "r21-hbm3-6400-1ch",
      ["resolved", "timing_constraints", 0, 1, 0],
      99,
      "spec.resolved.timing_constraints[0][1][0]: expected",
    ],
    ["r21-hbm3-6400-1ch", ["resolved", "timing_constraints", 3, 3], 2_000_000, "outside 0 to 1000000"],
    ["r21-hbm3-6400-1ch", ["resolved", "org", "count"], "many", "spec.resolved.org.count: expected a list"],
  ])("refuses %s with %j as %j", (name, path, value, message) => {
    let caught: unknown;
    try {
      readSpec(changed(name, path, value), "spec");
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(SimError);
    expect(caught).toMatchObject({ code: "dram-spec", message: expect.stringContaining(message) as string });
  });

  test("any JSON value gives a spec or one error that names its place", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...specNames),
        fc.constantFrom("levels", "commands", "timing", "resolved", "constraints", "count", "prefetch", "timingParams"),
        fc.jsonValue(),
        (name, key, value) => {
          try {
            readSpec(changed(name, [key], value), "spec");
          } catch (error) {
            expect(error).toMatchObject({ code: "dram-spec", message: expect.stringMatching(/^spec/) as string });
          }
        },
      ),
      { seed: 9, numRuns: 1500 },
    );
  });
});
