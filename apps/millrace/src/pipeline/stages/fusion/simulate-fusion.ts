/** `simulate-fusion`: a model as it was, as it was fused and as it was tuned, on a machine with a memory. */
import { type Configuration, type Explored, Explorer, type FusionPoint } from "@millrace/fuseflow-sparse";
import { explorationSubject } from "../../../fuse/explore/subject.ts";
import { machineMemory } from "../../../inputs/machine-memory.ts";
import { formatBytes, formatCount, formatRatio } from "../../../terminal/quantity.ts";
import type { FusionArtifact, StudyArtifact } from "../../artifacts.ts";
import { memory } from "../../options/file-options.ts";
import { type StageKind, stageKind } from "../../stage-kind.ts";
import type { StageCheck } from "../../stage-result.ts";
import { loadedModel } from "./import-sparse-model.ts";

/** The kind. */
export const simulateFusion: StageKind = stageKind({
  name: "simulate-fusion",
  brief: "Simulates a model unfused, fused and tuned, on a machine with a memory",
  packages: ["fuseflow-sparse", "sim-core", "tensor"],
  inputs: {
    model: { type: "sparse-model", brief: "the model" },
    fusion: { type: "fusion", brief: "regions to fuse", optional: true },
    tuned: { type: "fusion-study", brief: "what a tuner found", optional: true },
  },
  options: { memory: memory("Memory of the simulated machine", "dram:hbm3-6400") },
  output: "comparison",
  async run({ inputs: { model: artifact, fusion, tuned }, options: { memory: name }, place }) {
    const model = await loadedModel(artifact, place.folder);
    const subject = explorationSubject(model, { variants: [], input: undefined, seed: artifact.seed });
    const divisions = { ...subject.divisions, ...(fusion !== undefined && { fused: fusion.regions }) };
    const explorer = new Explorer({ ...subject, divisions }, { memory: machineMemory(place.folder, name) });
    const explored = designsOf(fusion, tuned).map(({ label, point }) => {
      place.begin(`simulating ${label}, ${name}`);
      return { label, run: explorer.explore({ data: Object.keys(subject.data)[0]!, ...point }) };
    });
    const ran = explored.flatMap(({ label, run }) => (run?.cycles == null ? [] : [{ label, run, cycles: run.cycles }]));
    const [slowest, fastest] = [ran[0]!, ran.at(-1)!];
    return {
      output: { designs: ran.map(({ label, run, cycles }) => ({ name: label, cycles, bytes: run.bytes })) },
      gave: `${formatCount(fastest.cycles)} cycles on ${name}, ${formatRatio(slowest.cycles / fastest.cycles)} faster than ${slowest.label}`,
      check: checkOf(ran.map(({ run }) => run)),
      tables: [
        {
          title: `Designs on ${name}`,
          columns: ["design", "cycles", "operations", "moved", "blocks", "regions"],
          rows: ran.map(({ label, run, cycles }) => [
            label,
            cycles,
            run.flops,
            formatBytes(run.bytes),
            run.nodes,
            run.regions.length,
          ]),
        },
        regionsTable(fastest.label, fastest.run),
      ],
    };
  },
});

interface Design {
  readonly label: string;
  readonly point: Omit<Configuration, "data">;
}

function designsOf(fusion: FusionArtifact | undefined, tuned: StudyArtifact | undefined): readonly Design[] {
  const plain = { order: 0, lanes: [1], block: 1 } as const;
  const designs: Design[] = [{ label: "unfused", point: { ...plain, granularity: "unfused" } }];
  if (fusion !== undefined) designs.push({ label: "fused", point: { ...plain, granularity: "fused" } });
  if (tuned !== undefined) {
    const { granularity, order, lanes, inner_lanes: inner, block } = tuned.best.config as unknown as FusionPoint;
    designs.push({
      label: "tuned",
      point: { granularity, order, lanes: inner === 1 ? [lanes] : [lanes, inner], block },
    });
  }
  return designs;
}

function checkOf(runs: readonly Explored[]): StageCheck | string {
  const judged = runs.filter(({ checked }) => checked !== null);
  if (judged.length === 0) return "nothing: the dense reference is too large";
  const differing = judged.filter(({ checked }) => checked === false).length;
  return { against: "the dense reference", compared: judged.length, differing, unit: "designs" };
}

function regionsTable(label: string, { regions }: Explored) {
  return {
    title: `Regions, ${label}`,
    columns: ["region", "loops", "cycles", "operations", "moved"],
    rows: regions.map(({ name, loops, cycles, flops, bytes }) => [
      name,
      loops.join(", "),
      cycles,
      flops,
      formatBytes(bytes),
    ]),
  };
}
