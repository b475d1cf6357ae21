/** Dense results: the loops write them in place, what units share is added after. */
import { formatOf, type Tensor } from "@millrace/tensor";
import { PartitionError } from "../errors.ts";
import { isFull } from "../iteration/phases.ts";
import { clampLayout } from "../lower/loop-spec.ts";
import { type PhasePlan, type Survivors, specOf } from "./plan-stage.ts";
import type { Stage } from "./stage.ts";
import { continuingUnits, type StageKernels } from "./stage-kernels.ts";

/** Elements of a dense result, at most. */
const maximumElements = 2 ** 29;

/** How the last phase of a stage is divided; one unit without clamps if it is not. */
export interface FinalPlan {
  readonly phase: PhasePlan | undefined;
  readonly survivors: Survivors | undefined;
}

/** Runs the loops of a stage whose result is dense. @throws {PartitionError} `result-too-large` */
export async function runDense(kernels: StageKernels, { phase, survivors }: FinalPlan): Promise<Tensor> {
  const { stage } = kernels;
  const { final, sizes: extents } = stage;
  if (final.kind !== "dense") throw new PartitionError("partition-broken", "a sparse result is no dense one");
  const sizes = final.storage.map((v) => extents[v]!);
  const total = sizes.reduce((product, size) => product * size, 1);
  const tail = final.reduces ? final.storage.filter((v) => v >= final.rowDepth) : [];
  const width = tail.reduce((product, v) => product * extents[v]!, 1);
  const units = phase?.plan.units ?? 1;
  const carries = phase !== undefined && final.reduces ? units * width : 0;
  if (total + carries > maximumElements)
    throw new PartitionError(
      "result-too-large",
      `a dense result of ${total} elements and ${carries} for ${units} units to share; at most ${maximumElements}`,
    );
  const arena = kernels.arena();
  try {
    const out = arena.f64(total + carries);
    // Memory may have been used before, and the loops need not reach every element.
    if (kernels.memory?.used && !reachesAll(stage)) out.fill(0);
    const at = Math.max(0, stage.phases.length - 1);
    const spec = specOf(stage, at, { survivors, clamped: phase !== undefined, countOnly: false });
    if (phase === undefined) await kernels.execute(spec, 1, { out });
    else {
      const { table, buffers } = kernels.clamps(spec, { tuples: phase.tuples, survivors }, arena);
      await kernels.execute(spec, units, { ...buffers, out });
      if (carries > 0) {
        const layout = clampLayout(spec);
        const prefix = final.storage.filter((v) => v < final.rowDepth);
        for (const u of continuingUnits(spec, table, units, final.rowDepth)) {
          const row = prefix.reduce((place, v) => place * extents[v]! + table[u * layout.size + v]!, 0);
          if (row * width >= total) continue;
          for (let w = 0; w < width; w++) out[row * width + w] = out[row * width + w]! + out[total + u * width + w]!;
        }
      }
    }
    return {
      shape: sizes,
      format: formatOf(sizes.map(() => "dense")),
      levels: sizes.map((size) => ({ kind: "dense", size })),
      valueType: "float64",
      values: arena.keep(out, total),
    };
  } finally {
    arena.release();
  }
}

/** Whether the loops store every element, each once. */
function reachesAll({ final, nest }: Stage): boolean {
  if (final.kind !== "dense") return false;
  // A single number is added up from the parts of all units.
  if (final.rowDepth === 0) return false;
  if (final.reduces && final.storage.some((v) => v >= final.rowDepth)) return false;
  const depth = final.reduces ? final.rowDepth : nest.variables;
  for (let v = 0; v < depth; v++) if (!isFull(nest, v)) return false;
  return true;
}
