/**
 * Legal loop orders: the topological sorts of a partial order, listed lazily or counted without listing.
 *
 * Source: Lacouture et al., "FuseFlow" (arXiv 2511.04768), section 5 and Table 4. Counting goes beyond the paper, which lists
 * up to a cap.
 */
import type { PartialOrder } from "./partial-order.ts";

interface Arcs {
  /** Numbers of the variables directly before and after each. */
  readonly before: readonly ReadonlySet<number>[];
  readonly after: readonly ReadonlySet<number>[];
}

function arcsOf({ variables, arcs }: PartialOrder): Arcs {
  const place = new Map(variables.map((variable, at) => [variable, at]));
  const before = variables.map(() => new Set<number>());
  const after = variables.map(() => new Set<number>());
  for (const arc of arcs) {
    const [from, to] = [place.get(arc.before), place.get(arc.after)];
    if (from === undefined || to === undefined || from === to) continue;
    before[to]!.add(from);
    after[from]!.add(to);
  }
  return { before, after };
}

/** The first legal order: of the loops that may come next, always the one created first. Null if there is a cycle. */
export function firstOrder(partial: PartialOrder): readonly string[] | null {
  const { before, after } = arcsOf(partial);
  const waiting = before.map((set) => set.size);
  const order: string[] = [];
  const open = new Set(waiting.flatMap((count, at) => (count === 0 ? [at] : [])));
  while (open.size > 0) {
    const next = Math.min(...open);
    open.delete(next);
    order.push(partial.variables[next]!);
    for (const to of after[next]!) {
      waiting[to]! -= 1;
      if (waiting[to] === 0) open.add(to);
    }
  }
  return order.length === partial.variables.length ? order : null;
}

/** Which loops may trade places: those that no node of the region has both. */
export type Independence = (a: string, b: string) => boolean;

/**
 * All legal orders, one after another, in the order of creation of loops. With `independent`, of all orders that differ only
 * in where independent loops stand - which lower to the same graph - only the first.
 */
export function* legalOrders(partial: PartialOrder, independent?: Independence): Generator<readonly string[]> {
  const { variables } = partial;
  const { before, after } = arcsOf(partial);
  const waiting = before.map((set) => set.size);
  const chosen: number[] = [];
  const used = variables.map(() => false);
  // A loop that could have come earlier, before a later-created loop it is independent of and all since, makes a repeat.
  const repeats = (next: number): boolean => {
    if (independent === undefined) return false;
    for (let at = chosen.length - 1; at >= 0; at--) {
      const other = chosen[at]!;
      if (before[next]!.has(other) || !independent(variables[next]!, variables[other]!)) return false;
      if (other > next) return true;
    }
    return false;
  };
  function* extend(): Generator<readonly string[]> {
    if (chosen.length === variables.length) {
      yield chosen.map((at) => variables[at]!);
      return;
    }
    for (let next = 0; next < variables.length; next++) {
      if (used[next] || waiting[next]! > 0 || repeats(next)) continue;
      used[next] = true;
      chosen.push(next);
      for (const to of after[next]!) waiting[to]! -= 1;
      yield* extend();
      for (const to of after[next]!) waiting[to]! += 1;
      chosen.pop();
      used[next] = false;
    }
  }
  yield* extend();
}

const MOST_SUBSETS = 200_000;

/**
 * How many legal orders there are: by the recursion over what may come first, with independent parts of the order counted
 * apart. Null if that would take more than `most` subsets of the loops, 200,000 unless given.
 */
export function countOrders(partial: PartialOrder, most: number = MOST_SUBSETS): bigint | null {
  const arcs = arcsOf(partial);
  const known = new Map<string, bigint>();
  const all = partial.variables.map((_, at) => at);
  const counted = (subset: readonly number[]): bigint | null => {
    if (subset.length <= 1) return 1n;
    const key = subset.join();
    const before = known.get(key);
    if (before !== undefined) return before;
    if (known.size >= most) return null;
    const parts = componentsOf(subset, arcs);
    const count = parts.length > 1 ? interleavings(parts, counted) : byFirst(subset, arcs, counted);
    if (count !== null) known.set(key, count);
    return count;
  };
  return counted(all);
}

function interleavings(
  parts: readonly (readonly number[])[],
  counted: (subset: readonly number[]) => bigint | null,
): bigint | null {
  let total = 1n;
  let placed = 0;
  for (const part of parts) {
    const count = counted(part);
    if (count === null) return null;
    total *= count;
    for (let k = 1; k <= part.length; k++) total = (total * BigInt(placed + k)) / BigInt(k);
    placed += part.length;
  }
  return total;
}

function byFirst(
  subset: readonly number[],
  { before }: Arcs,
  counted: (subset: readonly number[]) => bigint | null,
): bigint | null {
  const inside = new Set(subset);
  let total = 0n;
  for (const first of subset) {
    if ([...before[first]!].some((at) => inside.has(at))) continue;
    const count = counted(subset.filter((at) => at !== first));
    if (count === null) return null;
    total += count;
  }
  return total;
}

function componentsOf(subset: readonly number[], { before, after }: Arcs): number[][] {
  const left = new Set(subset);
  const parts: number[][] = [];
  for (const start of subset) {
    if (!left.delete(start)) continue;
    const part = [start];
    for (const at of part) {
      for (const next of [...before[at]!, ...after[at]!]) if (left.delete(next)) part.push(next);
    }
    parts.push(part.sort((a, b) => a - b));
  }
  return parts;
}
