import { describe, expect, it } from "vitest";
import { counterNames, listedCounters } from "../../src/counters/listed.ts";

const counters = [
  { name: "cycles", unit: "cycles", value: 100 },
  { name: "busy", unit: "cycles", value: 20, owner: "scan B" },
  { name: "busy", unit: "cycles", value: 80, owner: "scan C" },
  { name: "bytes", unit: "bytes", value: 0, owner: "scan C" },
];
const all = { words: "", name: "", largestFirst: false };
const owners = (choice: object) =>
  listedCounters(counters, { ...all, ...choice }).map(({ name, owner }) => `${owner ?? "run"} ${name}`);

describe("listed counters", () => {
  it("are found by all words in owner, name and unit", () => {
    expect(owners({ words: " SCAN  c  busy" })).toEqual(["scan B busy", "scan C busy"]);
    expect(owners({ words: "bytes" })).toEqual(["scan C bytes"]);
    expect(owners({ name: "busy" })).toEqual(["scan B busy", "scan C busy"]);
    expect(owners({ words: "nothing" })).toEqual([]);
  });

  it("may stand with the largest first", () => {
    expect(owners({ largestFirst: true })).toEqual(["run cycles", "scan C busy", "scan B busy", "scan C bytes"]);
  });

  it("are compared with those of their name", () => {
    expect(listedCounters(counters, all).map(({ share }) => share)).toEqual([1, 0.25, 1, 0]);
    expect([...counterNames(counters)]).toEqual([
      ["cycles", 1],
      ["busy", 2],
      ["bytes", 1],
    ]);
  });
});
