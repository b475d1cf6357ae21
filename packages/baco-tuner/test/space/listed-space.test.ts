import { expect, it } from "vitest";
import { Random } from "../../src/numeric/random.ts";
import { createListedSpace } from "../../src/space/listed-space.ts";
import { neighboursOf } from "../../src/space/neighbours.ts";

const parameters = [
  { kind: "ordinal", name: "a", values: [1, 2, 4] },
  { kind: "categorical", name: "b", values: ["x", "y"] },
] as const;
const points = [
  [2, 0],
  [0, 1],
  [0, 0],
  [2, 0],
].map((point) => Float64Array.from(point));

it("a listed space holds its list, each configuration once", () => {
  const space = createListedSpace(parameters, points);
  expect(space.size).toBe(3n);
  const all = [0n, 1n, 2n].map((rank) => space.configAt(space.pointAt(rank)));
  expect(all).toEqual([
    { a: 1, b: "x" },
    { a: 1, b: "y" },
    { a: 4, b: "x" },
  ]);
  expect(space.contains(Float64Array.of(1, 0))).toBe(false);
  const random = new Random(1);
  for (let i = 0; i < 50; i++) expect(space.contains(space.draw(random, i % 2 ? "biased" : "uniform"))).toBe(true);
  expect(neighboursOf(space, Float64Array.of(0, 1)).map((near) => space.configAt(near))).toEqual([
    { a: 4, b: "x" },
    { a: 1, b: "x" },
  ]);
});

it("a list must not be empty or real", () => {
  expect(() => createListedSpace(parameters, [])).toThrow("must not be empty");
  expect(() =>
    createListedSpace([{ kind: "real", name: "r", minimum: 0, maximum: 1 }], [Float64Array.of(0.5)]),
  ).toThrow("cannot be listed");
});
