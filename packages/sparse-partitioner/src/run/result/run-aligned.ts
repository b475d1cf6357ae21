/** Results with the levels of an operand: the loops write their values in place, what units share is added after. */
import { formatOf, type Level, type Tensor } from "@millrace/tensor";
import { PartitionError } from "../../errors.ts";
import { clampLayout, type LoopSpec } from "../../lower/loop-spec.ts";
import { leafPositions } from "../../partition/rank.ts";
import { specOf } from "../plan-stage.ts";
import type { StageKernels } from "../stage-kernels.ts";
import { addCarries } from "./add-carries.ts";
import { type FinalPlan, maximumElements } from "./run-dense.ts";

/** Runs the loops of a stage whose result shares levels of an operand. @throws {PartitionError} `result-too-large` */
export async function runAligned(kernels: StageKernels, { phase, survivors }: FinalPlan): Promise<Tensor> {
  const { stage } = kernels;
  const { final, operands } = stage;
  if (final.kind !== "aligned") throw new PartitionError("partition-broken", "a result of its own shares no levels");
  const upper = operands[final.operand]!.tensor.levels.slice(0, final.depth);
  const rows = leafPositions(upper, -1, 1);
  const width = final.tail.reduce((all, v) => all * stage.sizes[v]!, 1);
  const units = phase?.plan.units ?? 1;
  const spec = specOf(stage, Math.max(0, stage.phases.length - 1), {
    survivors,
    clamped: phase !== undefined,
    countOnly: false,
  });
  const total = rows * width;
  // Elements behind the result are there whether or not units share rows: the loops find them from the end.
  const carries = phase !== undefined && final.reduces ? units * width : 0;
  if (total + carries > maximumElements)
    throw new PartitionError("result-too-large", `a result of ${total + carries} elements; at most ${maximumElements}`);
  const arena = kernels.arena();
  try {
    const out = arena.f64(total + carries);
    if (kernels.memory?.used) out.fill(0, total);
    if (phase === undefined) await kernels.execute(spec, 1, { out });
    else {
      const { table, buffers } = kernels.clamps(spec, { tuples: phase.tuples, survivors }, arena);
      await kernels.execute(spec, units, { ...buffers, out });
      const rowOf = rowAt(spec, upper, table);
      if (carries > 0) addCarries({ spec, table, units, depth: final.depth, out, total, width, rowOf });
    }
    const sizes = stage.result.variables.map((name) => kernels.size(name));
    const dense = sizes.slice(final.depth).map((size): Level => ({ kind: "dense", size }));
    return {
      shape: sizes,
      format: formatOf(stage.result.sparse.map((isSparse) => (isSparse ? "compressed" : "dense"))),
      levels: [...upper, ...dense],
      valueType: "float64",
      values: arena.keep(out, total),
    };
  } finally {
    arena.release();
  }
}

/** The row in which a unit begins: the last of the shared levels is compressed, and its position is in the table. */
function rowAt(spec: LoopSpec, upper: readonly Level[], table: Int32Array): (unit: number) => number {
  const { result } = spec;
  const layout = clampLayout(spec);
  const slot = result.kind === "aligned" ? layout.position(result.operand, upper.length - 1) : 0;
  return (unit) => table[unit * layout.size + slot]!;
}
