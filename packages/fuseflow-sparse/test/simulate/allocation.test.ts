import { simulate } from "@millrace/sim-core";
import { pack, parseFormat, type Tensor, uniformTensor } from "@millrace/tensor";
import { collections } from "@millrace/vitest/collections";
import { expect, test } from "vitest";
import { lowerExpression } from "../../src/lower/lower-expression.ts";
import { buildMachine } from "../../src/simulate/machine.ts";
import { comal } from "../../src/timing/comal.ts";
import { samSync } from "../../src/timing/sam-sync.ts";

const stored = (shape: number[], entries: number, seed: number): Tensor =>
  pack(uniformTensor({ shape, entries, seed, values: "quarters" }), parseFormat("s".repeat(shape.length)));

// Reductions to a number: nothing grows but the queues. Sums of rows would need an array of results.
const { graph } = lowerExpression("y = B(i,j) * C(i,j) + D(i,j)", { guides: false });
const rows = 400;
const operands = (entries: number): Record<string, Tensor> =>
  Object.fromEntries(["B", "C", "D"].map((name, k) => [name, stored([rows, 2000], entries, k + 1)]));

test.each([comal, samSync])(
  "in profile $name tokens pass through scanners, joins, arithmetic and reductions without garbage, whatever their number",
  async (profile) => {
    const machines = [20_000, 20_000, 200_000, 200_000].map(
      (entries) => buildMachine(graph, operands(entries), { profile, fifo: 16 }).graph,
    );
    for (const machine of machines.slice(0, 3)) simulate(machine);
    const machine = machines[3]!;
    const count = await collections(() => {
      expect(simulate(machine).deadlock).toBe(null);
    });
    const tokens = machine.channels.reduce((sum, channel) => sum + channel.tokens, 0);
    expect(tokens).toBeGreaterThan(1e6);
    // A small object for each token would fill the young space twice or more.
    expect([tokens, count <= 1]).toEqual([tokens, true]);
  },
);
