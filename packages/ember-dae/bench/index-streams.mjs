/** Row ids of seeded random bags: uniform, or by a Zipf law whose ranks are scattered over the table. */
export function rowIds({ rows, count, exponent, seed }) {
  let state = seed >>> 0;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  // The inverse of the distribution of the continuous law between ranks 1 and `rows`.
  const power = 1 - exponent;
  const most = rows ** power - 1;
  const ids = new BigInt64Array(new SharedArrayBuffer(8 * count));
  for (let at = 0; at < count; at++) {
    const u = random();
    const rank = exponent === 0 ? Math.floor(u * rows) : Math.floor((1 + u * most) ** (1 / power)) - 1;
    // A multiplier without a factor of the number of rows scatters neighbouring ranks.
    ids[at] = (BigInt(Math.min(rank, rows - 1)) * 2654435761n) % BigInt(rows);
  }
  return ids;
}
