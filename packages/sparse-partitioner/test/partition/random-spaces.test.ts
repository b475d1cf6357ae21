import { cooFormat, pack, parseFormat } from "@millrace/tensor";
import { expect, it } from "vitest";
import { findCut } from "../../src/partition/cut.ts";
import { selectAmongMany } from "../../src/partition/cut-many.ts";
import { selectBetweenTwo } from "../../src/partition/cut-two.ts";
import { partition } from "../../src/partition/plan.ts";
import { bisect } from "../../src/partition/select-coordinate.ts";
import { treeSearch } from "../../src/partition/tree-search.ts";
import { verify } from "../../src/partition/verify.ts";
import { type Driver, totalWork, type WorkSpace } from "../../src/partition/work.ts";
import { Draws } from "../support/random-kernel.ts";
import { ones, spaceOf, vector } from "../support/spaces.ts";

/** 1 to 6 drivers over 1 to 4 variables, in levels of any kind that has an order; lists may repeat a tuple. */
function randomSpace(draws: Draws, kinds: readonly string[] = ["d", "s", "s", "b", "list"]): WorkSpace {
  const shape = Array.from({ length: 1 + draws.below(4) }, () => 1 + draws.below(7));
  const drivers = Array.from({ length: 1 + draws.below(6) }, (_, d): Driver => {
    const entries = Array.from({ length: draws.pick([0, 1, 5, 30]) }, () => shape.map((size) => draws.below(size)));
    const isList = draws.below(4) === 0 && kinds.includes("list");
    const letters = shape.map(() => draws.pick(kinds.filter((kind) => kind !== "list"))).join("");
    const format = isList ? cooFormat(shape.length) : parseFormat(letters);
    const stored = pack(ones(shape, entries), format, { duplicates: isList ? "keep" : "sum" });
    return { name: `T${d}`, levels: stored.levels, weight: draws.below(4) === 0 ? 3 : 1 };
  });
  const dense = drivers.every(({ levels }) => levels[0]!.kind === "dense") && shape.length > 1;
  return spaceOf(shape, drivers, dense ? [draws.below(4)] : []);
}

it("a recount by brute force finds every event in one unit, and no unit above the bound", () => {
  const draws = new Draws(11);
  for (let at = 0; at < 2000; at++) {
    const space = randomSpace(draws);
    const units = draws.pick([1, 2, 5, 17, 64, 1000]);
    const strategy = draws.pick(["balanced", "balanced", "balanced", "rows", "position"] as const);
    const plan = partition(space, { units, strategy });
    expect(verify(plan).faults, `space ${at}, ${units} units, ${strategy}`).toEqual([]);
    expect(plan.cuts.at(-1)!.work).toBe(totalWork(space));
  }
});

it("the search over flat arrays finds the cuts that the general search finds", () => {
  const draws = new Draws(17);
  let compared = 0;
  for (let at = 0; at < 1000; at++) {
    const space = randomSpace(draws, ["d", "s", "s"]);
    const total = totalWork(space);
    const find = treeSearch(space, { rankQueries: 0 });
    if (find === undefined) continue;
    for (let target = 1; target < total; target += 1 + draws.below(4)) {
      expect(find(target), `space ${at}, target ${target}`).toEqual(findCut(space, target));
      compared += 1;
    }
  }
  expect(compared).toBeGreaterThan(5000);
});

it("the searches for two and for many runs find the coordinate that bisection finds", () => {
  const draws = new Draws(5);
  for (let at = 0; at < 500; at++) {
    const size = 40;
    const count = at % 2 === 0 ? 2 : 2 + draws.below(30);
    const drivers = Array.from({ length: count }, (_, d) =>
      vector(
        `v${d}`,
        size,
        [...Array(size).keys()].filter(() => draws.below(3) === 0),
      ),
    );
    const total = drivers.reduce(
      (sum, { levels: [level] }) => sum + (level as { coordinates: Int32Array }).coordinates.length,
      0,
    );
    if (total === 0) continue;
    const candidates = drivers.map(({ levels: [level] }) => ({
      level: level!,
      parent: 0,
      weight: 1,
      run: [0, (level as { coordinates: Int32Array }).coordinates.length] as const,
      cumulative: (position: number) => position,
      leaf: true,
    }));
    const selection = { candidates, size, perCoordinate: 0, remaining: draws.below(total), cost: { rankQueries: 0 } };
    const expected = bisect(selection);
    expect(selectAmongMany(selection)).toBe(expected);
    if (count === 2) expect(selectBetweenTwo(selection, candidates[0]!, candidates[1]!)).toBe(expected);
  }
});

it("a cut of two operands takes no more than 100 rank queries", () => {
  const draws = new Draws(3);
  const rows = Array.from({ length: 20000 }, () => [draws.below(50000), draws.below(50000)]);
  const [A, B] = [rows, rows.map(([i, j]) => [49999 - i!, j!])].map((entries) => ({
    name: "m",
    levels: pack(ones([50000, 50000], entries), parseFormat("ds")).levels,
    weight: 1,
  }));
  const plan = partition(spaceOf([50000, 50000], [A!, B!]), { units: 512 });
  expect(verify(plan).holds).toBe(true);
  expect(plan.cost.rankQueries / 511).toBeLessThan(100);
});
