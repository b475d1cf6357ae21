import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { checkScenario, readScenario } from "../../src/scenario/read-scenario.ts";
import { writeScenario } from "../../src/scenario/write-scenario.ts";
import { expectedChains, publishedScenarios } from "../support/recorded-files.ts";

const published = publishedScenarios();
const expected = expectedChains();

function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${sortedJson(member)}`).join(",")}}`;
}
const keyOf = (parameters: object) => createHash("sha1").update(sortedJson(parameters)).digest("hex");

const chains = [
  ...new Map(published.flatMap((each) => (each.parameters ? [[keyOf(each.parameters), each] as const] : []))),
];

describe("the 205 published scenario files", () => {
  it("are all read", () => {
    const refused = published.filter(
      (each) => checkScenario({ name: each.path, text: each.text }).scenario === undefined,
    );
    expect(published).toHaveLength(205);
    expect(refused.map(({ path }) => path)).toEqual([]);
  });

  it("bring warnings about foreign operators and missing objectives where each applies", () => {
    const count = (pattern: RegExp) =>
      published.filter(({ path, text }) =>
        checkScenario({ name: path, text }).faults.some(({ message }) => pattern.test(message)),
      ).length;
    expect(count(/^and is accepted/)).toBe(1);
    expect(count(/compute_time/)).toBe(2);
  });

  it("are the same after writing and reading again", () => {
    for (const { path, text } of published.slice(0, 205)) {
      const once = writeScenario(readScenario({ name: path, text }));
      expect(writeScenario(readScenario({ name: path, text: once }))).toBe(once);
    }
  });
});

describe("the chain of trees", () => {
  it.each(chains)("%s has the sizes and the order that BaCO builds", (key, { path, text }) => {
    const chain = expected.get(key)!;
    const { space } = readScenario({ name: path, text });
    expect(space.parameters).toHaveLength(chain.dimension);
    if (chain.error !== undefined) return expect(space.size).toBe(1122309n);
    expect(space.constrained).toBe(chain.conditional);
    if (chain.cartesian !== null && key.startsWith("b271288e")) expect(space.cartesian).toBe(194775186325635072n);
    else if (chain.cartesian !== null) expect(space.cartesian).toBe(BigInt(chain.cartesian!));
    if (chain.trees === undefined) return;
    expect(space.size).toBe(BigInt(chain.cot_size!));
    expect(space.trees.map(({ leaves, parameters }) => [leaves, parameters.length])).toEqual(chain.trees);
    expect(space.trees.flatMap((tree) => tree.parameters.map((p) => space.parameters[p]!.name))).toEqual(
      chain.cot_order,
    );
  });
});
