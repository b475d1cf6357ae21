/**
 * Permutations of n elements by their rank in lexicographic order, so that n! tuples are never listed.
 *
 * `order[i]` is the element at position i; `position[k]` is the position of element k.
 */

/** The largest n that is served: 13! no longer fits an array index. */
export const largestPermutation = 12;

/** n!, exact up to n = 18. */
export function factorial(n: number): number {
  let product = 1;
  for (let i = 2; i <= n; i++) product *= i;
  return product;
}

/** Writes the permutation of `order.length` elements with this rank into `order`. */
export function unrankPermutation(rank: number, order: Int32Array | number[]): void {
  const n = order.length;
  let rest = rank;
  let used = 0;
  for (let i = 0; i < n; i++) {
    const block = factorial(n - 1 - i);
    let skip = Math.floor(rest / block);
    rest -= skip * block;
    let element = 0;
    while (used & (1 << element) || skip-- > 0) element += 1;
    used |= 1 << element;
    order[i] = element;
  }
}

/** The rank of a permutation; `undefined` unless `order` holds 0 .. n - 1 once each. */
export function rankPermutation(order: ArrayLike<number>): number | undefined {
  const n = order.length;
  let used = 0;
  let rank = 0;
  for (let i = 0; i < n; i++) {
    const element = order[i]!;
    if (!Number.isInteger(element) || element < 0 || element >= n || used & (1 << element)) return undefined;
    let smaller = 0;
    for (let k = 0; k < element; k++) if (!(used & (1 << k))) smaller += 1;
    rank += smaller * factorial(n - 1 - i);
    used |= 1 << element;
  }
  return rank;
}
