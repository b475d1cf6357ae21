import type { Random } from "../numeric/random.ts";

/**
 * Which samples a model is made of where there are more than it can take: the best quarter, and others at random.
 * Returns indices, ascending.
 */
export function chooseSubset(values: Float64Array, most: number, random: Random): number[] {
  const all = [...values.keys()];
  if (all.length <= most) return all;
  const order = all.toSorted((a, b) => values[a]! - values[b]!);
  const best = Math.floor(most / 4);
  for (let i = best; i < most; i++) {
    const pick = i + random.below(order.length - i);
    [order[i], order[pick]] = [order[pick]!, order[i]!];
  }
  return order.slice(0, most).sort((a, b) => a - b);
}
