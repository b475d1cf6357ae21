import { ModelError } from "../errors.ts";
import { dtypeBytes } from "../graph/dtype.ts";
import type { Weight } from "../graph/weight.ts";

/**
 * A weight whose storage holds every element that its shape, strides and offset reach.
 *
 * @throws {ModelError} `weight-truncated`, `shape-mismatch`
 */
export function checkedWeight(weight: Weight): Weight {
  const { shape, strides, offset, storage, dtype, place } = weight;
  for (const number of [...shape, ...strides, offset]) {
    if (Number.isSafeInteger(number) && number >= 0) continue;
    throw new ModelError(
      "shape-mismatch",
      `shape ${shape.join(" x ")}, strides ${strides.join(", ")}, offset ${offset}`,
      {
        place,
        help: "all of them must be integers of at least 0",
      },
    );
  }
  const needed = bytesNeeded(weight);
  if (needed <= storage.bytes) return weight;
  const dense = `${dtype}[${shape.join(", ")}]`;
  throw new ModelError("weight-truncated", `${dense} needs ${needed} bytes, its storage has ${storage.bytes}`, {
    place,
    help: "the file may be cut off; export or download it again",
  });
}

/** Bytes that a strided view needs of its storage. */
function bytesNeeded({ dtype, shape, strides, offset }: Weight): number {
  if (dtype === "string" || shape.includes(0)) return 0;
  const last = shape.reduce((at, extent, axis) => at + (extent - 1) * (strides[axis] ?? 0), offset);
  return (last + 1) * dtypeBytes[dtype];
}
