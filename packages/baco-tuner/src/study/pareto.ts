/** Several objectives, all minimised: which points no other beats, and how much of the space they cover. */

/** Indices of the points that no other point beats: nowhere worse, somewhere better. Of equal points the first counts. */
export function paretoFront(points: readonly (readonly number[])[]): number[] {
  const order = [...points.keys()].sort((a, b) => compare(points[a]!, points[b]!) || a - b);
  const front: number[] = [];
  for (const index of order) {
    if (!front.some((other) => points[other]!.every((value, i) => value <= points[index]![i]!))) front.push(index);
  }
  return front.sort((a, b) => a - b);
}

/** The volume between the points and a reference that is worse than all of them; points beyond it count nothing. */
export function hypervolume(points: readonly (readonly number[])[], reference: readonly number[]): number {
  const inside = points.filter((point) => point.every((value, i) => value < reference[i]!));
  return sliced(inside, reference);
}

/** Slices by the last objective; each slice is the volume, one objective fewer, of all points that reach it. */
function sliced(points: readonly (readonly number[])[], reference: readonly number[]): number {
  const last = reference.length - 1;
  if (points.length === 0) return 0;
  if (last === 0) return reference[0]! - Math.min(...points.map(([value]) => value!));
  const sorted = [...points].sort((a, b) => a[last]! - b[last]!);
  let volume = 0;
  for (const [at, point] of sorted.entries()) {
    const next = sorted[at + 1]?.[last] ?? reference[last]!;
    if (next === point[last]) continue;
    const reached = sorted.slice(0, at + 1).map((each) => each.slice(0, last));
    volume += (next - point[last]!) * sliced(reached, reference.slice(0, last));
  }
  return volume;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}
