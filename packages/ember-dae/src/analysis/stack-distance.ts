/**
 * How far apart uses of a row are, exactly: the number of different rows used since its last use, itself included.
 *
 * A Fenwick tree over places marks each row's last use; the distance is the number of marks behind the last one. n lookups
 * take O(n log n). A cache of `c` rows that drops the least recently used one hits exactly the uses of distance up to `c`.
 */

/** Distances of a trace. */
export interface StackDistances {
  /** Parallel to the trace; 0 for the first use of a row, 1 for a repeat at once. */
  readonly distances: Uint32Array;
  /** How many different rows are used. */
  readonly unique: number;
}

/** Computes the distance of every use. Row ids are any integers. */
export function stackDistances(trace: ArrayLike<number>): StackDistances {
  const count = trace.length;
  const tree = new Int32Array(count + 1);
  const { rows, unique } = denseRows(trace);
  const last = new Int32Array(unique);
  const distances = new Uint32Array(count);
  let marks = 0;
  for (let at = 1; at <= count; at++) {
    const row = rows[at - 1]!;
    const before = last[row]!;
    if (before === 0) marks += 1;
    else {
      let upTo = 0;
      for (let i = before - 1; i > 0; i -= i & -i) upTo += tree[i]!;
      distances[at - 1] = marks - upTo;
      for (let i = before; i <= count; i += i & -i) tree[i]! -= 1;
    }
    for (let i = at; i <= count; i += i & -i) tree[i]! += 1;
    last[row] = at;
  }
  return { distances, unique };
}

// Rows numbered in the order of their first use, by open addressing: ids may be far apart.
function denseRows(trace: ArrayLike<number>): { rows: Int32Array; unique: number } {
  const size = 2 ** Math.ceil(Math.log2(Math.max(2, trace.length * 2)));
  const keys = new Float64Array(size);
  const numbers = new Int32Array(size);
  const rows = new Int32Array(trace.length);
  let unique = 0;
  for (let at = 0; at < trace.length; at++) {
    const id = trace[at]!;
    let slot = (Math.imul(id | 0, 0x9e3779b1) ^ Math.imul(Math.floor(id / 2 ** 32), 0x85ebca6b)) & (size - 1);
    while (numbers[slot] !== 0 && keys[slot] !== id) slot = (slot + 1) & (size - 1);
    if (numbers[slot] === 0) {
      keys[slot] = id;
      unique += 1;
      numbers[slot] = unique;
    }
    rows[at] = numbers[slot]! - 1;
  }
  return { rows, unique };
}
