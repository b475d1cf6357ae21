/** `simulate-experts`: a layer of experts as a streaming program, its rows packed into tiles in several ways. */
import { type MoePoint, modelNamed, moeBytes, moeExperiment, type Tiling } from "@millrace/step-ir";
import { parseTiling } from "../../../commands/step/experiment/experiment-flags.ts";
import { formatBytes, formatCount, formatRatio } from "../../../terminal/quantity.ts";
import type { StudyArtifact } from "../../artifacts.ts";
import { integer, names } from "../../options/scalar-options.ts";
import { type StageKind, stageKind } from "../../stage-kind.ts";

/** The kind. */
export const simulateExperts: StageKind = stageKind({
  name: "simulate-experts",
  brief: "Simulates a layer of experts as a streaming program, under several tilings",
  packages: ["step-ir", "sim-core"],
  inputs: {
    routing: { type: "routing", brief: "the experts of each token" },
    tuned: { type: "experts-study", brief: "what a tuner found", optional: true },
  },
  options: {
    tilings: names("How rows are packed", "static:N or dynamic", {
      parse: parseTiling,
      fallback: ["static:16", "static:64", "dynamic"],
    }),
    tileInner: integer("Columns of a weight tile", { least: 1, most: 2 ** 20, fallback: 64 }),
  },
  output: "comparison",
  run({ inputs: { routing, tuned }, options: { tilings, tileInner }, place }) {
    const model = modelNamed(routing.model);
    const point = { model, routing: routing.experts, settings: "equal" } as const;
    const designs = [
      ...tilings.map((label): Design => ({ label, tiling: parseTiling(label), tileInner })),
      ...(tuned === undefined ? [] : [tunedDesign(tuned)]),
    ];
    const runs = designs.map(({ label, ...choice }) => {
      place.begin(`simulating ${label}`);
      const { depth, regions, ...rest } = choice;
      const own: MoePoint = {
        ...point,
        ...rest,
        bandwidth: 4096,
        ...(depth === undefined ? {} : { depth }),
        // A region for each expert is what a pipeline of its own is.
        ...(regions === undefined || regions === model.experts ? {} : { regions }),
      };
      return { label, own, result: moeExperiment(own) };
    });
    // The closed form is of experts that have a pipeline each.
    const judged = runs.filter(({ own }) => own.regions === undefined);
    const wrong = judged.map(({ own, result }) => {
      const expected = moeBytes({ ...own, counts: routing.counts, batch: routing.experts.length });
      return (
        Number(expected.offChip !== result.offChipBytes) + Number(expected.onChip !== result.onChipBytes.allocated)
      );
    });
    const [first, last] = [runs[0]!, runs.at(-1)!];
    return {
      output: {
        designs: runs.map(({ label, result: { cycles, trafficBytes } }) => ({
          name: label,
          cycles,
          bytes: trafficBytes,
        })),
      },
      gave: `${formatCount(last.result.cycles)} cycles ${last.label}, ${formatRatio(first.result.cycles / last.result.cycles)} of ${first.label}`,
      check: {
        against: "closed forms",
        compared: 2 * judged.length,
        differing: wrong.reduce((sum, count) => sum + count, 0),
        unit: "byte counts",
      },
      tables: [
        {
          title: `A layer of ${model.name}, ${routing.experts.length} tokens`,
          columns: ["tiling", "tile columns", "regions", "cycles", "off chip", "on chip", "utilization"],
          rows: runs.map(({ label, own, result }) => [
            label,
            own.tileInner ?? 64,
            own.regions ?? model.experts,
            result.cycles,
            bytesText(result.offChipBytes),
            bytesText(result.onChipBytes.allocated),
            `${(100 * result.computeUtilization).toFixed(1)} %`,
          ]),
        },
      ],
    };
  },
});

interface Design {
  readonly label: string;
  readonly tiling: Tiling;
  readonly tileInner: number;
  readonly regions?: number;
  readonly depth?: number;
}

function tunedDesign({ best: { config } }: StudyArtifact): Design {
  const { tiling, tileInner, regions, depth } = config;
  return {
    label: `tuned (${tiling})`,
    tiling: parseTiling(String(tiling)),
    tileInner: Number(tileInner),
    regions: Number(regions),
    depth: Number(depth),
  };
}

function bytesText(bytes: number | null): string {
  return bytes === null ? "not known" : formatBytes(bytes);
}
