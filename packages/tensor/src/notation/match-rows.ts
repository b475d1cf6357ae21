import { TensorError } from "../errors.ts";
import type { Relation } from "./relation.ts";

/** Row `left[p]` of one relation goes with row `right[p]` of another. */
export interface RowPairs {
  readonly left: Int32Array;
  readonly right: Int32Array;
}

const firstCapacity = 1024;

/**
 * The pairs of rows that agree in the variables both relations have: by rows of `left`, and for each by rows of `right`.
 *
 * @throws {TensorError} `too-large` if there are more than `maximumRows`
 */
export function matchRows(left: Relation, right: Relation, maximumRows: number): RowPairs {
  const shared = left.variables.filter((name) => right.variables.includes(name));
  const leftKeys = shared.map((name) => left.columns[left.variables.indexOf(name)]!);
  const rightKeys = shared.map((name) => right.columns[right.variables.indexOf(name)]!);
  const { heads, next } = chainRows(rightKeys, right.values.length);
  let pairs = { left: new Int32Array(firstCapacity), right: new Int32Array(firstCapacity) };
  let count = 0;
  for (let l = 0; l < left.values.length; l++) {
    for (let r = heads[slotOf(leftKeys, l, heads.length)]!; r >= 0; r = next[r]!) {
      if (!agree(leftKeys, l, rightKeys, r)) continue;
      if (count === maximumRows) throw tooManyRows(maximumRows);
      if (count === pairs.left.length) pairs = { left: doubled(pairs.left), right: doubled(pairs.right) };
      pairs.left[count] = l;
      pairs.right[count++] = r;
    }
  }
  return { left: pairs.left.subarray(0, count), right: pairs.right.subarray(0, count) };
}

/** What to say of a product with more nonzero points than the limit. */
export function tooManyRows(maximumRows: number): TensorError {
  return new TensorError("too-large", `a product has more than ${maximumRows} nonzero points`);
}

/** Rows in chains by the hash of their keys: a chain begins at `heads[slot]` and goes on at `next[row]` until -1. */
function chainRows(keys: readonly Int32Array[], rows: number): { heads: Int32Array; next: Int32Array } {
  const heads = new Int32Array(2 ** (32 - Math.clz32(rows))).fill(-1);
  const next = new Int32Array(rows);
  // Backwards, so that chains run forwards and sums keep the order of the entries.
  for (let row = rows - 1; row >= 0; row--) {
    const slot = slotOf(keys, row, heads.length);
    next[row] = heads[slot]!;
    heads[slot] = row;
  }
  return { heads, next };
}

/** `slots` is a power of two. */
function slotOf(keys: readonly Int32Array[], row: number, slots: number): number {
  let hash = 0;
  for (let k = 0; k < keys.length; k++) {
    hash = Math.imul(hash ^ keys[k]![row]!, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash & (slots - 1);
}

function agree(left: readonly Int32Array[], l: number, right: readonly Int32Array[], r: number): boolean {
  for (let k = 0; k < left.length; k++) if (left[k]![l] !== right[k]![r]) return false;
  return true;
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(2 * array.length);
  wider.set(array);
  return wider;
}
