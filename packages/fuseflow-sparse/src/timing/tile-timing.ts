/**
 * What tiles cost in time: cycles until a result is there, and between two values.
 *
 * Source: Lacouture et al., "FuseFlow" (arXiv 2511.04768), section 8, and the simulator Comal, which has a timing of tiles for
 * streams of numbers too. A unit has `size` x `size` multipliers, as its systolic product of tiles does: loops over more
 * than two axes take it as many rounds.
 */
import type { SamBlock } from "../sam/graph.ts";
import { axesOf, tileVolume } from "../sam/tile-work.ts";

/** Cycles of a block on values. */
export interface ValueTiming {
  /** From a step to the first cycle in which its result can be read. */
  readonly latency: number;
  /** From one step to the next. */
  readonly interval: number;
}

const ONE: ValueTiming = { latency: 1, interval: 1 };

/** The time that a block on tiles takes. */
export function timeOfTiles(block: SamBlock): ValueTiming {
  if (!("tile" in block) || block.tile === undefined) return ONE;
  const { size } = block.tile;
  const { inputs, output, summed } = axesOf(block.tile);
  switch (block.type) {
    case "array":
      return { latency: tileVolume(block.tile, output), interval: 1 };
    case "alu": {
      const loops = new Set(inputs.join("")).size;
      const latency = summed === "" ? tileVolume(block.tile, output) : 2 * size - 1;
      return { latency, interval: Math.max(1, size ** (loops - 2)) };
    }
    case "unary":
      return { latency: size, interval: 1 };
    case "reduce":
    case "spacc":
      return { latency: tileVolume(block.tile, inputs[0] ?? ""), interval: 1 };
    default:
      return ONE;
  }
}

/** The time that Comal's timing of tiles of `size` gives to a block on numbers. */
export function timeAsTiles(block: SamBlock, size: number): ValueTiming {
  const square = size * size;
  switch (block.type) {
    case "array":
      return { latency: square, interval: 1 };
    case "alu":
      return { latency: square, interval: block.operation === "mul" ? size : 1 };
    case "unary":
      return { latency: size, interval: 1 };
    case "reduce":
      return { latency: square, interval: 1 };
    default:
      return ONE;
  }
}
