import { type Channel, simulate, simulateReference } from "@millrace/sim-core";
import { pack, parseFormat, type Tensor, uniformTensor } from "@millrace/tensor";
import { expect, test } from "vitest";
import { lowerExpression } from "../../src/lower/lower-expression.ts";
import { buildMachine } from "../../src/simulate/machine.ts";
import { comal } from "../../src/timing/comal.ts";
import { referenceMachine } from "../support/reference-machine.ts";

const { graph } = lowerExpression("y = B(i,j) * C(i,j)", { guides: false });
const rows = 8;
const operands = (entries: number): Record<string, Tensor> =>
  Object.fromEntries(
    ["B", "C"].map((name, at) => {
      const list = uniformTensor({ shape: [rows, (1.25 * entries) / rows], entries, seed: at + 1, values: "quarters" });
      return [name, pack(list, parseFormat("ss", 2))];
    }),
  );
const tokensOf = (channels: readonly Channel[]): number => channels.reduce((sum, { tokens }) => sum + tokens, 0);

test("a million tokens take the cycles of sim-core's literal engine, and each stream as many tokens", () => {
  const given = operands(140_000);
  // Queues longer than the outer level: a block that writes several streams then waits for one at a time, as the programs do.
  const fifo = 2 * rows;
  const machine = buildMachine(graph, given, { profile: comal, fifo });
  const { cycles } = simulate(machine.graph);
  const { nodes, written } = referenceMachine(graph, given, fifo);
  const reference = simulateReference(nodes);
  const tokens = tokensOf(machine.graph.channels);
  expect(tokens).toBeGreaterThan(1e6);
  expect({ cycles, tokens }).toEqual({ cycles: reference.cycles, tokens: reference.hops });
  expect(written).toHaveLength(1);
}, 60_000);

test("queues without bounds hold what is on its way, whatever the number of tokens", () => {
  // Rings only grow, so the room that they have at the end is the most that was ever held.
  const room = [40_000, 160_000].map((entries) => {
    const machine = buildMachine(graph, operands(entries), { profile: comal }).graph;
    simulate(machine);
    const rings = machine.channels.map((channel) => (channel as unknown as { slots: Float64Array }).slots.length / 4);
    return { tokens: tokensOf(machine.channels), slots: rings.reduce((sum, slots) => sum + slots, 0) };
  });
  expect(room[1]!.tokens).toBeGreaterThan(1e6);
  expect(room[1]!.tokens).toBeGreaterThan(3.9 * room[0]!.tokens);
  expect(room[1]!.slots).toBe(room[0]!.slots);
  expect(room[1]!.slots * 8).toBeLessThan(room[1]!.tokens);
});
