import { expect, test } from "vitest";
import { type Model, moeBytes, moeExperiment, routingTrace, type Tiling } from "../../src/index.ts";

const model = { name: "small", hidden: 128, experts: 4, chosen: 2, inner: 128 } as Model;
const routing = [
  [0, 1],
  [0, 2],
  [0, 1],
  [1, 0],
  [2, 0],
];
const tilings: readonly Tiling[] = [{ kind: "dynamic" }, { kind: "static", rows: 2 }, { kind: "static", rows: 8 }];

test.each(tilings)(
  "the bytes that a simulated layer moves and holds are those of the closed form: $kind $rows",
  (tiling) => {
    const { counts } = routingTrace(routing, model.experts);
    const expected = moeBytes({ model, counts, batch: routing.length, tiling });
    const { offChipBytes, onChipBytes } = moeExperiment({ model, routing, tiling, settings: "equal" });
    expect({ offChip: offChipBytes, onChip: onChipBytes.allocated }).toEqual(expected);
  },
);
