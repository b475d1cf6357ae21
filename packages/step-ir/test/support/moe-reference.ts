/** Dense references and made-up inputs of the workloads. */

/** `rows` × `columns` numbers in [-0.5, 0.5), the same for the same seed. */
export function numbers(rows: number, columns: number, seed: number): Float64Array {
  let state = (seed * 2654435761) >>> 0 || 1;
  return Float64Array.from({ length: rows * columns }, () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32 - 0.5;
  });
}

/** a·b for [m, k] and [k, n]. */
export function product(a: Float64Array, b: Float64Array, [m, k, n]: readonly [number, number, number]): Float64Array {
  const result = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let at = 0; at < k; at++) sum += a[i * k + at]! * b[at * n + j]!;
      result[i * n + j] = sum;
    }
  }
  return result;
}

/** (silu(x·gate) * x·up)·down for `rows` rows. */
export function denseSwiglu(
  x: Float64Array,
  weights: { gate: Float64Array; up: Float64Array; down: Float64Array },
  [rows, hidden, inner]: readonly [number, number, number],
): Float64Array {
  const gated = product(x, weights.gate, [rows, hidden, inner]);
  const raised = product(x, weights.up, [rows, hidden, inner]);
  const active = gated.map((value, at) => (value / (1 + Math.exp(-value))) * raised[at]!);
  return product(active, weights.down, [rows, inner, hidden]);
}

/** Experts of each token: `chosen` distinct ones of the first `active`, uneven and the same for the same seed. */
export function routing(batch: number, chosen: number, active: number, seed: number): number[][] {
  const draw = numbers(batch, active, seed);
  return Array.from({ length: batch }, (_, token) => {
    const score = (expert: number): number => draw[token * active + expert]! + 0.4 / (1 + expert);
    const order = Array.from({ length: active }, (_, expert) => expert).sort((a, b) => score(b) - score(a));
    return order.slice(0, chosen);
  });
}
