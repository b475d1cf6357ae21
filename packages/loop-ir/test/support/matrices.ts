/** A matrix by rows. */
export interface Csr {
  readonly rows: number;
  readonly columns: number;
  readonly pos: Int32Array<ArrayBuffer>;
  readonly crd: Int32Array<ArrayBuffer>;
  readonly vals: Float64Array<ArrayBuffer>;
}

/** Numbers in [0, 1) from a seed (a linear congruential generator of 32 bits). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A matrix with `perRow` entries in each row on average, columns sorted and unique. */
export function randomCsr(rows: number, columns: number, options: { perRow: number; seed: number }): Csr {
  const random = randomNumbers(options.seed);
  const pos = new Int32Array(rows + 1);
  const crd: number[] = [];
  for (let row = 0; row < rows; row++) {
    const wanted = Math.floor(random() * (2 * options.perRow + 1));
    const chosen = new Set<number>();
    for (let draw = 0; draw < wanted; draw++) chosen.add(Math.floor(random() * columns));
    crd.push(...[...chosen].sort((a, b) => a - b));
    pos[row + 1] = crd.length;
  }
  return { rows, columns, pos, crd: Int32Array.from(crd), vals: Float64Array.from(crd, () => random() * 2 - 1) };
}

/** `A x`, row by row. */
export function multiply({ rows, pos, crd, vals }: Csr, x: Float64Array): Float64Array {
  const y = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let place = pos[row]!; place < pos[row + 1]!; place++) sum += vals[place]! * x[crd[place]!]!;
    y[row] = sum;
  }
  return y;
}

/** `A + B` by way of one map per row. */
export function addCsr(a: Csr, b: Csr): Csr {
  const pos = new Int32Array(a.rows + 1);
  const entries: [number, number][] = [];
  for (let row = 0; row < a.rows; row++) {
    const sums = new Map<number, number>();
    for (const { pos: starts, crd, vals } of [a, b]) {
      for (let place = starts[row]!; place < starts[row + 1]!; place++) {
        const column = crd[place]!;
        sums.set(column, (sums.get(column) ?? 0) + vals[place]!);
      }
    }
    entries.push(...[...sums].sort(([first], [second]) => first - second));
    pos[row + 1] = entries.length;
  }
  const crd = Int32Array.from(entries, ([column]) => column);
  return { rows: a.rows, columns: a.columns, pos, crd, vals: Float64Array.from(entries, ([, value]) => value) };
}
