import { expect, it } from "vitest";
import { counterDifferences } from "../../src/counters/differences.ts";

it("ranks counters by how much they changed, and keeps what only one run has", () => {
  const here = [
    { name: "cycles", unit: "cycles", value: 100 },
    { name: "busy", unit: "cycles", value: 20, owner: "scan" },
    { name: "idle", unit: "cycles", value: 0, owner: "scan" },
    { name: "hits", unit: "", value: 3, owner: "memory" },
  ];
  const there = [
    { name: "busy", unit: "cycles", value: 80, owner: "scan" },
    { name: "cycles", unit: "cycles", value: 125 },
    { name: "idle", unit: "cycles", value: 0, owner: "scan" },
    { name: "busy", unit: "cycles", value: 5, owner: "join" },
  ];
  const found = counterDifferences(here, there).map(({ owner, name, here: left, there: right, change }) => [
    `${owner ?? "run"} ${name}`,
    left,
    right,
    change,
  ]);
  expect(found).toEqual([
    ["memory hits", 3, undefined, 1],
    ["join busy", undefined, 5, 1],
    ["scan busy", 20, 80, 0.75],
    ["run cycles", 100, 125, 0.2],
    ["scan idle", 0, 0, 0],
  ]);
});
