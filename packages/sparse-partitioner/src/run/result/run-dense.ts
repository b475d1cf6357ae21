/** Dense results: the loops write them in place, what units share is added after. */
import { formatOf, type Tensor } from "@millrace/tensor";
import { PartitionError } from "../../errors.ts";
import { isFull } from "../../iteration/phases.ts";
import { clampLayout } from "../../lower/loop-spec.ts";
import { type PhasePlan, type Survivors, specOf } from "../plan-stage.ts";
import type { Stage } from "../stage.ts";
import type { StageKernels } from "../stage-kernels.ts";
import { addCarries } from "./add-carries.ts";

/** Elements of a dense result, at most. */
export const maximumElements: number = 2 ** 29;

/** How the last phase of a stage is divided; one unit without clamps if it is not. */
export interface FinalPlan {
  readonly phase: PhasePlan | undefined;
  readonly survivors: Survivors | undefined;
}

/** What is known of a dense result before any run. */
interface DenseShape {
  /** Variables of the loops that tell the rows apart, and elements of one row. */
  readonly prefix: readonly number[];
  readonly width: number;
  readonly total: number;
  readonly reduces: boolean;
  readonly rowDepth: number;
  readonly reachesAll: boolean;
  readonly tensor: Pick<Tensor, "shape" | "format" | "levels">;
}

const shapes = new WeakMap<Stage, DenseShape>();

function shapeOf(stage: Stage): DenseShape {
  const known = shapes.get(stage);
  if (known !== undefined) return known;
  const { final, sizes: extents } = stage;
  if (final.kind !== "dense") throw new PartitionError("partition-broken", "a sparse result is no dense one");
  const { storage, reduces, rowDepth } = final;
  const sizes = storage.map((v) => extents[v]!);
  const tail = reduces ? storage.filter((v) => v >= rowDepth) : [];
  const made: DenseShape = {
    prefix: storage.filter((v) => v < rowDepth),
    width: tail.reduce((product, v) => product * extents[v]!, 1),
    total: sizes.reduce((product, size) => product * size, 1),
    reduces,
    rowDepth,
    reachesAll: reachesAll(stage),
    tensor: {
      shape: sizes,
      format: formatOf(sizes.map(() => "dense")),
      levels: sizes.map((size) => ({ kind: "dense", size })),
    },
  };
  shapes.set(stage, made);
  return made;
}

/** Runs the loops of a stage whose result is dense. @throws {PartitionError} `result-too-large` */
export async function runDense(kernels: StageKernels, { phase, survivors }: FinalPlan): Promise<Tensor> {
  const { stage } = kernels;
  const shape = shapeOf(stage);
  const { total, width } = shape;
  const units = phase?.plan.units ?? 1;
  const carries = phase !== undefined && shape.reduces ? units * width : 0;
  if (total + carries > maximumElements)
    throw new PartitionError(
      "result-too-large",
      `a dense result of ${total} elements and ${carries} for ${units} units to share; at most ${maximumElements}`,
    );
  const arena = kernels.arena();
  try {
    const out = arena.f64(total + carries);
    // Memory may have been used before. The loops of a later phase begin at the first subtree, which may lie anywhere.
    const reached = shape.reachesAll && (phase === undefined || phase.phase.from === 0);
    if (kernels.memory?.used) out.fill(0, reached ? total : 0);
    const at = Math.max(0, stage.phases.length - 1);
    const spec = specOf(stage, at, { survivors, clamped: phase !== undefined, countOnly: false });
    if (phase === undefined) await kernels.execute(spec, 1, { out });
    else {
      const { table, buffers } = kernels.clamps(spec, { tuples: phase.tuples, survivors }, arena);
      await kernels.execute(spec, units, { ...buffers, out });
      const { prefix, rowDepth: depth } = shape;
      const { size } = clampLayout(spec);
      const rowOf = (u: number): number =>
        prefix.reduce((place, v) => place * stage.sizes[v]! + table[u * size + v]!, 0);
      if (carries > 0) addCarries({ spec, table, units, depth, out, total, width, rowOf });
    }
    const { shape: sizes, format, levels } = shape.tensor;
    return { shape: sizes, format, levels, valueType: "float64", values: arena.keep(out, total) };
  } finally {
    arena.release();
  }
}

/** Whether the loops store every element, each once. */
function reachesAll({ final, nest }: Stage): boolean {
  if (final.kind !== "dense") return false;
  // A single number is added up from the parts of all units.
  if (final.rowDepth === 0) return false;
  const depth = final.reduces ? final.rowDepth : nest.variables;
  for (let v = 0; v < depth; v++) if (!isFull(nest, v)) return false;
  return true;
}
