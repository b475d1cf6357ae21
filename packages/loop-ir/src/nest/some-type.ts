import type { Expression, Nest } from "./nest.ts";
import type { ElementType, Type } from "./types.ts";
import { expressionsOf, forEachStatement, someExpression } from "./walk.ts";

/** Whether `holds` for the type of anything in a nest: buffers, scalars, locals, and expressions but for lengths. */
export function someType(nest: Nest, holds: (type: Type | ElementType) => boolean): boolean {
  const declared = [
    ...nest.buffers.map(({ element }) => element),
    ...nest.scalars.map(({ type }) => type),
    ...nest.locals.map(({ type }) => type),
  ];
  if (declared.some(holds)) return true;
  let found = false;
  // A length is an i64 by definition, whatever the nest computes with.
  const inside = (expression: Expression) =>
    someExpression(expression, ({ kind, type }) => kind !== "length" && holds(type));
  forEachStatement(nest.body, (statement) => {
    found ||= expressionsOf(statement).some(inside);
  });
  return found;
}
