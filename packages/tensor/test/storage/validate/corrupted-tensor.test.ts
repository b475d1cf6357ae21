import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Level, locate, pack, type Tensor, unpack, validateTensor } from "../../../src/index.ts";
import { formats, lists, shapes } from "../../support/arbitraries.ts";

describe("arrays changed at random", () => {
  const cases = fc.integer({ min: 1, max: 3 }).chain((order) =>
    fc
      .tuple(shapes(order), formats(order))
      .chain(([shape, format]) => fc.tuple(lists(shape), fc.constant(format)))
      .chain(([entries, format]) =>
        fc.tuple(
          fc.constant(pack(entries, format)),
          fc.array(fc.tuple(fc.nat(), fc.nat(), fc.oneof(fc.integer({ min: -2, max: 9 }), fc.integer())), {
            minLength: 1,
            maxLength: 3,
          }),
          fc.boolean(),
        ),
      ),
  );

  it("are found out, or the structure still holds; checking never throws", () => {
    let [found, held] = [0, 0];
    fc.assert(
      fc.property(cases, ([original, changes, cut]) => {
        const tensor = corrupted(original, changes, cut);
        if (validateTensor(tensor).some((problem) => problem.severity === "error")) {
          found += 1;
          return;
        }
        held += 1;
        expectSound(tensor);
      }),
      { seed: 31, numRuns: 3000 },
    );
    // Both outcomes occur, so neither branch is vacuous.
    expect(found).toBeGreaterThan(500);
    expect(held).toBeGreaterThan(200);
  });

  /** A copy with single numbers changed in its arrays, and one array cut short where `cut`. */
  function corrupted(tensor: Tensor, changes: [number, number, number][], cut: boolean): Tensor {
    const levels = tensor.levels.map((level) => {
      const copy: Record<string, unknown> = { ...level };
      for (const [key, field] of Object.entries(level))
        if (ArrayBuffer.isView(field)) copy[key] = (field as Int32Array).slice();
      return copy;
    });
    const arrays = levels.flatMap((level) =>
      Object.keys(level)
        .filter((key) => ArrayBuffer.isView(level[key]))
        .map((key) => [level, key] as const),
    );
    for (const [which, where, value] of changes) {
      const target = arrays[which % Math.max(arrays.length, 1)];
      if (target === undefined) break;
      const array = target[0][target[1]] as Int32Array;
      if (array.length > 0) array[where % array.length] = value;
    }
    const [level, key] = arrays[0] ?? [];
    if (cut && level !== undefined) level[key!] = (level[key!] as Int32Array).slice(0, -1);
    return { ...tensor, levels: levels as unknown as Level[] };
  }

  /** What everything else relies on: entries in range, each found at its own position, once. */
  function expectSound(tensor: Tensor): void {
    const entries = unpack(tensor, { zeros: "stored" });
    const repeats = ["compressed-nonunique", "singleton"].includes(tensor.levels.at(-1)?.kind ?? "");
    const seen = new Set<number>();
    for (let e = 0; e < entries.values.length; e++) {
      const coordinates = entries.coordinates.map((array) => array[e]!);
      expect(coordinates.every((c, mode) => c >= 0 && c < tensor.shape[mode]!)).toBe(true);
      const position = locate(tensor, coordinates);
      expect(position).toBeGreaterThanOrEqual(0);
      if (!repeats) expect(seen.has(position)).toBe(false);
      if (!repeats) expect(tensor.values[position]).toBe(entries.values[e]);
      seen.add(position);
    }
  }
});
