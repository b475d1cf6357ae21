/** Joins and splits the dimensions of streams. */
import { flatten, reshape, type Stream } from "@millrace/step-ir";

/** The stream as one dimension. */
export function flat(stream: Stream): Stream {
  return stream.shape.length === 1 ? stream : flatten(stream, { min: 0, max: stream.shape.length - 1 });
}

/** Dimension `rank` as dimensions of these extents, outermost first, whose product it is. */
export function unflatten(stream: Stream, extents: readonly number[], rank: number): Stream {
  let split = stream;
  for (const [place, chunk] of extents.slice(1).reverse().entries()) {
    split = reshape(split, { chunk, rank: rank + place }).chunks;
  }
  return split;
}
