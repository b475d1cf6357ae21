/**
 * The order in which the index variables of an expression are iterated.
 *
 * An order is legal when every stored operand is walked in its storage order (a concordant traversal): for each
 * operand with a fixed mode order, the variable of level l comes before the variable of level l + 1.
 */
import type { Access } from "@millrace/tensor";

/** One requirement on the order: `before` is stored outside `after` in the operand of `access`. */
export interface OrderConstraint {
  readonly before: string;
  readonly after: string;
  readonly access: Access;
}

/** What a fixed storage order asks of the loop order. */
export function storageConstraints(access: Access, modeOrder: readonly number[]): OrderConstraint[] {
  const variables = modeOrder.map((mode) => access.indices[mode]!.name);
  return variables.slice(1).map((after, level) => ({ before: variables[level]!, after, access }));
}

/** The constraints that an order breaks. */
export function brokenConstraints(
  order: readonly string[],
  constraints: readonly OrderConstraint[],
): OrderConstraint[] {
  const place = new Map(order.map((variable, at) => [variable, at]));
  return constraints.filter(({ before, after }) => place.get(before)! > place.get(after)!);
}

/**
 * The first legal order: of the variables that may come next, always the one that appears first in `variables`.
 * Returns null when the constraints contradict one another.
 */
export function firstLegalOrder(
  variables: readonly string[],
  constraints: readonly OrderConstraint[],
): string[] | null {
  const order: string[] = [];
  const left = new Set(variables);
  while (left.size > 0) {
    const next = [...left].find(
      (variable) => !constraints.some(({ before, after }) => after === variable && left.has(before)),
    );
    if (next === undefined) return null;
    order.push(next);
    left.delete(next);
  }
  return order;
}
