import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { simulate } from "../../src/index.ts";
import { chain, type Style } from "../support/chain.ts";

/** Cycles of a chain in closed form; source: the chain laws of the recorded table (test/data/README.md). */
function law(forwarders: number, n: number, capacity: number, style: Style): number {
  if (style === "dequeue-first" || forwarders === 0) return capacity === 1 ? 2 * n + forwarders : n + forwarders + 1;
  if (capacity === 1) return 3 * n + 2 * forwarders - 1;
  if (capacity === 2) return Math.ceil((3 * n) / 2) + 2 * forwarders;
  return n + 2 * forwarders + 1;
}

const rows = readFileSync(new URL("../data/chain_cycles.csv", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .slice(1);

test("every recorded chain takes exactly the recorded cycles", () => {
  expect(rows).toHaveLength(27);
  for (const row of rows) {
    const [forwarders, n, capacity, style, acyclic, cyclic] = row.split(",");
    const report = simulate(
      chain({
        forwarders: Number(forwarders),
        n: Number(n),
        capacity: Number(capacity),
        style: style!.replace("_", "-") as Style,
      }),
    );
    expect([row, report.cycles]).toEqual([row, Number(acyclic)]);
    expect(report.cycles).toBe(Number(cyclic));
  }
});

test("chains follow the closed forms for all lengths, capacities and styles", () => {
  for (const style of ["dequeue-first", "peek-first"] as const) {
    for (const forwarders of [0, 1, 5, 10, 100]) {
      for (let capacity = 1; capacity <= 8; capacity++) {
        for (const n of [37, 200]) {
          const { cycles } = simulate(chain({ forwarders, n, capacity, style }));
          expect([style, forwarders, capacity, n, cycles]).toEqual([
            style,
            forwarders,
            capacity,
            n,
            law(forwarders, n, capacity, style),
          ]);
        }
      }
    }
  }
});

test("ten forwarders pass 100,000 tokens in the five published figures", () => {
  const cycles = (capacity: number, style: Style): number =>
    simulate(chain({ forwarders: 10, n: 100_000, capacity, style })).cycles;
  expect(cycles(1, "dequeue-first")).toBe(200_010);
  expect(cycles(2, "dequeue-first")).toBe(100_011);
  expect(cycles(1, "peek-first")).toBe(300_019);
  expect(cycles(2, "peek-first")).toBe(150_020);
  expect(cycles(3, "peek-first")).toBe(100_021);
});
