import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, distinctJobs, type Json, jobOf } from "../../src/index.ts";

/** The same data with the members of its objects the other way round. */
function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
}

describe("a job", () => {
  it("is known by its content, however that is spelled", () => {
    const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
    fc.assert(
      fc.property(json, json, (task, input) => {
        expect(JSON.parse(canonicalJson(input))).toEqual(JSON.parse(JSON.stringify(input)));
        expect(jobOf(reversed(task), reversed(input)).id).toBe(jobOf(task, input).id);
      }),
      { seed: 4, numRuns: 200 },
    );
    expect(jobOf("a", "b").id).not.toBe(jobOf("b", "a").id);
    expect(jobOf(null, 1).id).toMatch(/^[0-9a-f]{64}$/);
  });

  it("comes once", () => {
    const [a, b] = [jobOf("t", 1), jobOf("t", 2)];
    expect(distinctJobs([a, b, a, jobOf("t", 2)])).toEqual([a, b]);
  });

  it("is refused with the place of what JSON cannot say", () => {
    const bad = { deep: [0, { x: Number.NaN }] } as unknown as Json;
    expect(() => jobOf("t", bad)).toThrow(
      expect.objectContaining({ code: "job-input", message: "$[1].deep[1].x is NaN, which JSON cannot say" }),
    );
    expect(() => jobOf("t", { f: undefined } as unknown as Json)).toThrow("$[1].f is undefined");
  });
});
