import type { Expression, Nest, Statement } from "../nest/nest.ts";
import {
  assignedIn,
  bodiesOf,
  expressionsOf,
  forEachStatement,
  mapBodies,
  mapExpressions,
  operandsOf,
  rewrite,
} from "../nest/walk.ts";

/**
 * Puts integer arithmetic that an innermost loop gives a name into the places where the name is used, so that indices
 * show how they depend on the loop's variable.
 */
export function forward(nest: Nest): Nest {
  const sets = countSets(nest.body);
  const block = (body: readonly Statement[]): readonly Statement[] =>
    body.map((statement) => {
      if (statement.kind !== "for" || statement.body.some((inner) => bodiesOf(inner).length > 0)) {
        return mapBodies(statement, block);
      }
      return { ...statement, body: forwarded(statement.body, { nest, sets }) };
    });
  return { ...nest, body: block(nest.body) };
}

interface Surroundings {
  readonly nest: Nest;
  /** How many statements of the nest set each local. */
  readonly sets: ReadonlyMap<number, number>;
}

function forwarded(body: readonly Statement[], { nest, sets }: Surroundings): Statement[] {
  const assigned = assignedIn(body);
  const known = new Map<number, Expression>();
  const substitute = (expression: Expression) =>
    rewrite(expression, (each) => (each.kind === "local" ? (known.get(each.local) ?? each) : each));
  return body.flatMap((statement) => {
    const changed = mapExpressions(statement, substitute);
    if (changed.kind !== "set" || sets.get(changed.local) !== 1 || !isArithmetic(changed.value)) return [changed];
    if (mentions(changed.value, assigned) || usedOutside(nest, body, changed.local)) return [changed];
    known.set(changed.local, changed.value);
    return [];
  });
}

function isArithmetic(value: Expression): boolean {
  if (value.type !== "i32" && value.type !== "i64") return false;
  if (value.kind === "binary" && !["add", "subtract", "multiply"].includes(value.operator)) return false;
  if (!["binary", "convert", "local", "scalar", "constant", "unit", "units"].includes(value.kind)) return false;
  return operandsOf(value).every(isArithmetic);
}

function mentions(value: Expression, locals: ReadonlySet<number>): boolean {
  if (value.kind === "local") return locals.has(value.local);
  return operandsOf(value).some((operand) => mentions(operand, locals));
}

function usedOutside(nest: Nest, body: readonly Statement[], local: number): boolean {
  return usesOf(nest.body, local) > usesOf(body, local);
}

/** How many expressions of statements and of those inside them mention a local. */
export function usesOf(body: readonly Statement[], local: number): number {
  const only = new Set([local]);
  let uses = 0;
  forEachStatement(body, (statement) => {
    uses += expressionsOf(statement).filter((expression) => mentions(expression, only)).length;
  });
  return uses;
}

function countSets(body: readonly Statement[]): ReadonlyMap<number, number> {
  const sets = new Map<number, number>();
  forEachStatement(body, (statement) => {
    if (statement.kind === "set") sets.set(statement.local, (sets.get(statement.local) ?? 0) + 1);
  });
  return sets;
}
