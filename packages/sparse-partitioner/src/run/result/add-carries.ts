/** What units found for rows that earlier units began. */
import type { LoopSpec } from "../../lower/loop-spec.ts";
import { continuingUnits } from "../stage-kernels.ts";

/** A result of rows of `width` elements, `total` in all, with the carries of the units behind it. */
export interface Carries {
  readonly spec: LoopSpec;
  /** The clamp table. */
  readonly table: Int32Array;
  readonly units: number;
  /** How many variables tell the rows apart. */
  readonly depth: number;
  readonly out: Float64Array;
  readonly total: number;
  readonly width: number;
  /** The row in which a unit begins. */
  readonly rowOf: (unit: number) => number;
}

/** Adds them, in the order of the units. */
export function addCarries({ spec, table, units, depth, out, total, width, rowOf }: Carries): void {
  for (const u of continuingUnits(spec, table, units, depth)) {
    const row = rowOf(u);
    if (row * width >= total) continue;
    for (let w = 0; w < width; w++) out[row * width + w] = out[row * width + w]! + out[total + u * width + w]!;
  }
}
