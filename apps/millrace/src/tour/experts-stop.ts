/** The stop of the tour on streaming tensor programs: a mixture of experts, with tiles of fixed sizes and as the data come. */
import { modelNamed, moeBytes, moeExperiment, routingTrace, rowsOf, type Tiling } from "@millrace/step-ir";
import { parseJson } from "../step/read-trace.ts";
import { exampleFolder } from "./tour-tensors.ts";

/** One way to pack the rows of each expert. */
export interface ExpertsRun {
  readonly variant: string;
  readonly dynamic: boolean;
  readonly cycles: number;
  readonly offChipBytes: number;
  readonly onChipBytes: number;
  /** Rows that are computed, padding among them, and how many of them are padding. */
  readonly rows: number;
  readonly padding: number;
  /** Byte counts that were compared with closed forms, and how many differ. */
  readonly compared: number;
  readonly differing: number;
}

/** What the stop shows, in a sentence or two. */
export const expertsAbout: string =
  "The experts of Mixtral-8x7B on a batch of 64 tokens, each sent to two of eight experts. Which ones is drawn from how often they were chosen for texts of arXiv (github.com/allenai/OLMoE, Apache-2.0). An expert's rows are packed into tiles: small fixed ones load weights again and again, large ones hold and compute padding; one tile of as many rows as there are does neither. The bytes that the run moved and held are compared with closed forms.";

const tilings: readonly Tiling[] = [{ kind: "static", rows: 16 }, { kind: "static", rows: 64 }, { kind: "dynamic" }];
const model = modelNamed("mixtral-8x7b");
const TILE_INNER = 64;

/** Simulates every way of packing; `begin` is told before each. */
export function runExperts(begin: (variant: string) => void): readonly ExpertsRun[] {
  const document = parseJson(exampleFolder("traces"), "routing-mixtral.json") as { readonly indices: number[][] };
  const routing = document.indices;
  const { counts } = routingTrace(routing, model.experts);
  return tilings.map((tiling) => {
    const variant = tiling.kind === "static" ? `tiles of ${tiling.rows} rows` : "dynamic tiles";
    begin(`Experts, ${variant}`);
    const { cycles, offChipBytes, onChipBytes, report } = moeExperiment({ model, routing, tiling, settings: "equal" });
    const expected = moeBytes({ model, counts, batch: routing.length, tiling, tileInner: TILE_INNER });
    const found = [offChipBytes === expected.offChip, onChipBytes.allocated === expected.onChip];
    const wrong = found.filter((right) => !right).length + (report.deadlock === null ? 0 : 1);
    const rows = rowsOf(counts, tiling);
    return {
      variant,
      dynamic: tiling.kind === "dynamic",
      cycles,
      offChipBytes: expected.offChip,
      onChipBytes: expected.onChip,
      rows,
      padding: rows - counts.reduce((sum, count) => sum + count, 0),
      compared: found.length,
      differing: wrong,
    };
  });
}
