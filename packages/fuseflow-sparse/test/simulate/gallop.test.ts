import { pack, uniformTensor } from "@millrace/tensor";
import fc from "fast-check";
import { expect, test } from "vitest";
import { lowerExpression } from "../../src/lower/lower-expression.ts";
import { connectBlocks, withoutBroadcasts } from "../../src/sam/connect-blocks.ts";
import type { SamGraph } from "../../src/sam/graph.ts";
import { simulateSam } from "../../src/simulate/simulate-sam.ts";

/** The graph with every intersection galloping: it sends both its scanners ahead. */
function galloping(graph: SamGraph): SamGraph {
  const { blocks, connections } = withoutBroadcasts(graph);
  const joins = blocks.filter((block) => block.type === "intersect");
  const skips = joins.flatMap(({ id }) =>
    [0, 1].flatMap((operand) => {
      const scanner = connections.find(({ to }) => to.block === id && to.port === `crd${operand}`)!.from.block;
      return [
        { kind: "crd" as const, from: { block: id, port: `skip${operand}` }, to: { block: scanner, port: "skip" } },
      ];
    }),
  );
  const sent = new Set(skips.map(({ to }) => to.block));
  const marked = blocks.map((block) => {
    if (block.type === "intersect") return { ...block, gallop: true };
    return block.type === "scanner" && sent.has(block.id) ? { ...block, gallop: true } : block;
  });
  return { ...graph, ...connectBlocks(marked, [...connections, ...skips]) };
}

const sparse = { levels: [{ kind: "compressed" as const }], modeOrder: [0] };
const dot = lowerExpression("x = b(i) * c(i)").graph;

test("a long fibre is walked in steps of the short one", () => {
  const n = 100_000;
  const b = pack(uniformTensor({ shape: [n], entries: 50_000, seed: 1, values: "quarters" }), sparse);
  const c = pack(uniformTensor({ shape: [n], entries: 50, seed: 2, values: "quarters" }), sparse);
  const plain = simulateSam(dot, { b, c });
  const fast = simulateSam(galloping(dot), { b, c });
  expect([...fast.outputs.x!.values]).toEqual([...plain.outputs.x!.values]);
  expect(plain.report.cycles).toBeGreaterThan(50_000);
  expect(fast.report.cycles).toBeLessThan(1_000);
  expect(fast.counts.scanned).toBeLessThan(plain.counts.scanned / 50);
});

test.each(["x = b(i) * c(i)", "x(i) = B(i,j) * c(j)", "X(i,j) = B(i,j) * C(i,j)"])(
  "%s has the same result galloping, never more coordinates, twice the same run",
  (text) => {
    const { graph } = lowerExpression(text);
    const entries = fc.integer({ min: 0, max: 24 });
    fc.assert(
      fc.property(entries, entries, fc.integer({ min: 0, max: 1000 }), (first, second, seed) => {
        const operands = Object.fromEntries(
          Object.entries(graph.tensors)
            .filter(([name]) => name.toLowerCase() !== "x")
            .map(([name, { levels, modeOrder }], k) => {
              const shape = levels.map(() => 6);
              const count = Math.min(k === 0 ? first : second, 6 ** levels.length);
              const list = uniformTensor({ shape, entries: count, seed: seed + k, values: "quarters" });
              return [name, pack(list, { levels: levels.map((kind) => ({ kind })), modeOrder })];
            }),
        );
        const plain = simulateSam(graph, operands);
        const fast = simulateSam(galloping(graph), operands);
        expect(fast.outputs).toEqual(plain.outputs);
        expect(fast.counts.scanned).toBeLessThanOrEqual(plain.counts.scanned);
        expect(simulateSam(galloping(graph), operands).report).toEqual(fast.report);
      }),
      { seed: 21, numRuns: 60 },
    );
  },
);

test("galloping with bounded queues is refused", () => {
  const operands = {
    b: pack(uniformTensor({ shape: [4], entries: 2, seed: 1 }), sparse),
    c: pack(uniformTensor({ shape: [4], entries: 2, seed: 2 }), sparse),
  };
  expect(() => simulateSam(galloping(dot), operands, { fifo: 4 })).toThrow(
    /is sent ahead by an intersection; simulate it without fifo/,
  );
});
