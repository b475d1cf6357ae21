/** The rows of a layered drawing: who stands beside whom, and where. */

/** Rows of places, and for each place those that it is joined to in the row above and in the row below. */
export interface Rows {
  readonly rows: number[][];
  readonly above: readonly (readonly number[])[];
  readonly below: readonly (readonly number[])[];
}

const ORDER_SWEEPS = 8;
const PLACE_SWEEPS = 8;

/** Puts each row in the order of the mean places of its neighbours, sweeping down and up; ties keep their order. */
export function orderRows({ rows, above, below }: Rows): void {
  const rank = new Float64Array(above.length);
  const number = (row: readonly number[]) => {
    for (const [at, place] of row.entries()) rank[place] = at;
  };
  for (const row of rows) number(row);
  for (let sweep = 0; sweep < ORDER_SWEEPS; sweep++) {
    const downward = sweep % 2 === 0;
    const neighbours = downward ? above : below;
    for (const row of downward ? rows : rows.toReversed()) {
      const wish = new Map(row.map((place) => [place, mean(neighbours[place]!, rank, rank[place]!)]));
      row.sort((a, b) => wish.get(a)! - wish.get(b)! || rank[a]! - rank[b]!);
      number(row);
    }
  }
}

function mean(places: readonly number[], value: Float64Array, otherwise: number): number {
  if (places.length === 0) return otherwise;
  let sum = 0;
  for (const place of places) sum += value[place]!;
  return sum / places.length;
}

/** The middle of each place: near the mean of its neighbours, and no nearer to the next in its row than the widths allow. */
export function placeRows({ rows, above, below }: Rows, width: Float64Array, gap: number): Float64Array {
  const x = new Float64Array(above.length);
  for (const row of rows)
    settle(
      row,
      row.map(() => 0),
      { width, gap, x },
    );
  for (let sweep = 0; sweep < PLACE_SWEEPS; sweep++) {
    const downward = sweep % 2 === 0;
    const last = sweep >= PLACE_SWEEPS - 2;
    for (const row of downward ? rows : rows.toReversed()) {
      const wishes = row.map((place) => {
        const near = last ? [...above[place]!, ...below[place]!] : (downward ? above : below)[place]!;
        return mean(near, x, x[place]!);
      });
      settle(row, wishes, { width, gap, x });
    }
  }
  return x;
}

interface Settling {
  readonly width: Float64Array;
  readonly gap: number;
  readonly x: Float64Array;
}

// The places nearest to their wishes, in the sense of least squares, that keep their distances: neighbours that would overlap
// are pooled and stand around their common mean.
function settle(row: readonly number[], wishes: readonly number[], { width, gap, x }: Settling): void {
  const offset = new Float64Array(row.length);
  for (let at = 1; at < row.length; at++) {
    offset[at] = offset[at - 1]! + (width[row[at - 1]!]! + width[row[at]!]!) / 2 + gap;
  }
  const pools: { sum: number; count: number }[] = [];
  for (let at = 0; at < row.length; at++) {
    let pool = { sum: wishes[at]! - offset[at]!, count: 1 };
    for (let before = pools.at(-1); before !== undefined; before = pools.at(-1)) {
      if (before.sum / before.count <= pool.sum / pool.count) break;
      pools.pop();
      pool = { sum: before.sum + pool.sum, count: before.count + pool.count };
    }
    pools.push(pool);
  }
  let at = 0;
  for (const { sum, count } of pools) {
    for (let each = 0; each < count; each++, at++) x[row[at]!] = sum / count + offset[at]!;
  }
}
