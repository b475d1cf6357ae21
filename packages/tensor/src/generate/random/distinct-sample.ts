import type { RandomStream } from "./random-stream.ts";

/**
 * `count` distinct integers from 0 to `range` - 1, rising, every subset equally likely. Time and memory follow `count`,
 * not `range`.
 *
 * @param range up to 2^53
 */
export function distinctSample(stream: RandomStream, count: number, range: number): Float64Array {
  if (count > range / 2) return complement(drawDistinct(stream, range - count, range), range);
  return drawDistinct(stream, count, range).sort();
}

/** Draws until `count` different integers came up; at most half of the range, so two draws each on average. */
function drawDistinct(stream: RandomStream, count: number, range: number): Float64Array {
  const drawn = new Float64Array(count);
  const slots = 2 ** Math.ceil(Math.log2(2 * count + 2));
  const table = new Float64Array(slots).fill(-1);
  for (let taken = 0; taken < count; ) {
    const candidate = stream.below(range);
    let slot = Math.imul((candidate % 4294967296) | 0, 0x9e3779b1) >>> 1;
    slot &= slots - 1;
    while (table[slot] !== -1 && table[slot] !== candidate) slot = (slot + 1) & (slots - 1);
    if (table[slot] === candidate) continue;
    table[slot] = candidate;
    drawn[taken++] = candidate;
  }
  return drawn;
}

function complement(excluded: Float64Array, range: number): Float64Array {
  const out = new Uint8Array(range);
  for (const index of excluded) out[index] = 1;
  const kept = new Float64Array(range - excluded.length);
  for (let index = 0, k = 0; index < range; index++) if (out[index] === 0) kept[k++] = index;
  return kept;
}
