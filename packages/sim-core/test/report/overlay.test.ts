import { expect, test } from "vitest";
import { runOverlay, simulate } from "../../src/index.ts";
import { chain } from "../support/chain.ts";

test("an overlay has every node's times and every channel's traffic, and bounds where there are any", () => {
  const report = simulate(chain({ forwarders: 2, n: 30, capacity: 3, style: "peek-first" }));
  const { times, traffic } = runOverlay(report);
  expect([...times.keys()]).toEqual(report.nodes.map(({ id }) => id));
  for (const { id, busy, starved, blocked } of report.nodes) expect(times.get(id)).toEqual({ busy, starved, blocked });
  for (const { id, tokens, highWater } of report.channels)
    expect(traffic.get(id)).toEqual({ tokens, highWater, capacity: 3 });
  expect(traffic.size).toBe(report.channels.length);
  expect(runOverlay(null)).toEqual({ times: new Map(), traffic: new Map() });
});
