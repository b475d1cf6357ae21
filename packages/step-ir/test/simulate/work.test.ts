import { collections } from "@millrace/vitest/collections";
import { expect, it } from "vitest";
import { modelNamed, moeExperiment } from "../../src/index.ts";
import { routedBy } from "../support/rows-per-expert.ts";

it("serves 44 million bursts of Mixtral's experts with less than an activation per slot, and no garbage per burst", async () => {
  const routing = routedBy([13, 10, 17, 14, 17, 10, 24, 23], 2);
  const model = modelNamed("mixtral-8x7b");
  const run = () => moeExperiment({ model, routing, tiling: { kind: "dynamic" } });
  const { report, trafficBytes, requests } = run();
  expect(trafficBytes / 64).toBe(44_056_704);
  // A request is for a tile.
  expect(requests).toBe(5632);
  const slots = report.channels.reduce((sum, { tokens }) => sum + tokens, 0);
  expect(report.activations).toBeLessThan(slots);
  // One small object per burst would fill the heap's young space forty times; what there is, is the program itself.
  expect(await collections(run)).toBeLessThan(8);
});
