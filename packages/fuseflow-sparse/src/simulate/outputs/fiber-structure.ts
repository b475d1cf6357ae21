/**
 * What the streams that level writers took in say about fibres: which coordinates belong to which parent.
 *
 * A stream is written as by `LevelWriter`: coordinates as they are, the stop S(n) as -1 - n.
 */

/** One level of a fibre tree: the children of parent p are coordinates[positions[p] … positions[p + 1]). */
export interface FiberStructure {
  readonly positions: Int32Array;
  readonly coordinates: Int32Array;
}

/**
 * The fibres of `inner` below the coordinates of `outer`, one for each, empty ones too: stops of the two streams line up.
 * An outer fibre that is empty has an inner stop of its own. `null` if the streams do not fit. Without `outer` there is
 * one fibre, below the root.
 */
export function matchFibers(inner: Int32Array, outer: Int32Array | null): FiberStructure | null {
  const coordinates: number[] = [];
  const positions = [0];
  let next = 0;
  // Tag of the stop read last, 0 while none is left to compare.
  const readStop = (): number => (next < inner.length && inner[next]! < 0 ? -inner[next++]! : 0);
  let ended = 0;
  for (const token of outer ?? [0, -0.5]) {
    if (token >= 0) {
      if (ended > 1) return null;
      while (next < inner.length && inner[next]! >= 0) coordinates.push(inner[next++]!);
      positions.push(coordinates.length);
      ended = readStop();
      if (ended === 0) return null;
    } else {
      const expected = Math.floor(-token) + 1;
      if (ended === 0) ended = readStop();
      if (ended !== expected) return null;
      ended = 0;
    }
  }
  if (next !== inner.length) return null;
  return { positions: Int32Array.from(positions), coordinates: Int32Array.from(coordinates) };
}

/** The fibres of `inner` that hold anything, in order; `null` unless there are `parents` of them. */
export function nonemptyFibers(inner: Int32Array, parents: number): FiberStructure | null {
  const coordinates = inner.filter((token) => token >= 0);
  const positions = new Int32Array(parents + 1);
  let fiber = 0;
  let seen = 0;
  for (let i = 0; i < inner.length; i++) {
    if (inner[i]! >= 0) {
      seen += 1;
      continue;
    }
    if (fiber > 0 ? positions[fiber] === seen : seen === 0) continue;
    if (fiber === parents) return null;
    fiber += 1;
    positions[fiber] = seen;
  }
  return fiber === parents ? { positions, coordinates } : null;
}
