import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readReply, writeRequest } from "../../src/protocol/client-server.ts";
import { defaultSettings } from "../../src/scenario/settings.ts";
import { createSpace } from "../../src/space/create-space.ts";
import type { Trial } from "../../src/study/trial.ts";

const space = createSpace([
  { kind: "ordinal", name: "tile", values: [1, 2, 4] },
  { kind: "permutation", name: "loops", size: 3 },
]);
const layout = { space, objectives: ["time"], settings: { ...defaultSettings, predictFeasibility: true } };
const trials: Trial[] = [
  { id: 0, config: { tile: 4, loops: [0, 2, 1] }, phase: "design" },
  { id: 1, config: { tile: 1, loops: [2, 1, 0] }, phase: "design" },
];

describe("the client-server protocol", () => {
  it("asks with a header and one row for each configuration", () => {
    expect(writeRequest(trials, space)).toBe("Request 2\ntile,loops\n4,(0, 2, 1)\n1,(2, 1, 0)\n");
  });

  it("takes columns and rows in any order, with any line ends and quotes", () => {
    const lines = ["Valid, time ,loops,tile\r", 'False,9,"(2, 1, 0)",1\r', "True, 2.5,(0, 2, 1),4"];
    expect(readReply(lines, trials, layout)).toEqual({
      outcomes: [
        { ok: true, value: 2.5 },
        { ok: false, kind: "infeasible" },
      ],
      complaints: [],
    });
  });

  it("has several objectives", () => {
    const two = { space, objectives: ["time", "area"], settings: defaultSettings };
    const lines = ["tile,loops,area,time", "1,(2, 1, 0),7,3", "4,(0, 2, 1),8,2"];
    expect(readReply(lines, trials, two).outcomes).toEqual([
      { ok: true, value: 2, objectives: [2, 8] },
      { ok: true, value: 3, objectives: [3, 7] },
    ]);
  });

  it("names what is missing or wrong, and goes on", () => {
    const missing = readReply(["tile,loops,time", "4,(0, 2, 1),3"], trials, layout);
    expect(missing.complaints).toEqual(["line 1: there is no column Valid; columns: tile, loops, time"]);
    expect(missing.outcomes.every((outcome) => !outcome.ok && outcome.kind === "protocol")).toBe(true);
    const wrong = readReply(["tile,loops,time,Valid", "3,(0, 2, 1),3,True", "1,(2, 1, 0),fast,True"], trials, layout);
    expect(wrong.complaints).toEqual([
      'line 2, column tile: "3" is no value of the parameter',
      'line 3, column time: "fast" is no finite number',
      "the answer has no row for trial 0",
    ]);
    expect(wrong.outcomes.map((outcome) => (outcome.ok ? "" : outcome.kind))).toEqual(["protocol", "not-a-number"]);
  });

  it("reads any answer", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary", maxLength: 40 }), { maxLength: 4 }), (lines) => {
        expect(readReply(lines, trials, layout).outcomes).toHaveLength(2);
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});
