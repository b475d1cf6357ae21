import { expect, test } from "vitest";
import { random, randomNetwork, runNetwork, runReference } from "../support/networks.ts";

const KINDS = [
  ["acyclic networks", { cyclic: false, merges: false }],
  ["cyclic networks", { cyclic: true, merges: false }],
  ["acyclic networks with eager merges", { cyclic: false, merges: true }],
  ["cyclic networks with eager merges", { cyclic: true, merges: true }],
] as const;

for (const [name, options] of KINDS) {
  test(`500 ${name} agree with the reference engine in every time, count and value`, () => {
    let finished = 0;
    for (let seed = 1; seed <= 500; seed++) {
      const network = randomNetwork(seed, options);
      const { outcome, report } = runNetwork(network);
      expect([seed, outcome]).toEqual([seed, runReference(network)]);
      if (report.deadlock === null) finished += 1;
    }
    // Both kinds of ending occur: the draw is not degenerate.
    expect(finished).toBeGreaterThan(50);
    expect(finished).toBeLessThan(500);
  });

  test(`500 ${name} do not depend on the host's order of nodes`, () => {
    for (let seed = 1; seed <= 500; seed++) {
      const network = randomNetwork(seed, options);
      const { outcome, report } = runNetwork(network);
      const shuffled = runNetwork(network, random(seed + 7919));
      expect([seed, shuffled.outcome]).toEqual([seed, outcome]);
      expect([seed, shuffled.report.deadlock]).toEqual([seed, report.deadlock]);
    }
  });
}
