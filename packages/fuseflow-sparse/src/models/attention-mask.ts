import { bigBirdMask, pack, parseFormat, type Tensor } from "@millrace/tensor";

/** A BigBird mask that every head has. */
export interface AttentionMaskOptions {
  readonly sequence: number;
  readonly heads: number;
  readonly blockSize: number;
  readonly windowBlocks?: number;
  readonly globalBlocks?: number;
  readonly randomBlocks?: number;
  readonly seed: number;
}

/**
 * The mask of a decoder, `M(query, head, key)`: the same blocks in each head, stored compressed.
 *
 * @example
 * attentionMask({ sequence: 16, heads: 2, blockSize: 4, seed: 1 }).shape; // => [16, 2, 16]
 */
export function attentionMask({ sequence, heads, ...options }: AttentionMaskOptions): Tensor {
  const list = bigBirdMask({ length: sequence, values: "ones", ...options });
  const count = list.values.length;
  const coordinates = [new Int32Array(heads * count), new Int32Array(heads * count), new Int32Array(heads * count)];
  for (let head = 0; head < heads; head++) {
    coordinates[0]!.set(list.coordinates[0]!, head * count);
    coordinates[1]!.fill(head, head * count, (head + 1) * count);
    coordinates[2]!.set(list.coordinates[1]!, head * count);
  }
  const values = new Float64Array(heads * count).fill(1);
  const shape = [sequence, heads, sequence];
  return pack({ shape, coordinates, valueType: "float64", values }, parseFormat("sss", 3));
}
