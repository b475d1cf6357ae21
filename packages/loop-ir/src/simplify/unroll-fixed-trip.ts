import type { Expression, Nest, Statement } from "../nest/nest.ts";
import { bodiesOf, mapBodies, mapExpressions, rewrite } from "../nest/walk.ts";
import { foldExpression } from "./fold.ts";

/** Iterations up to which a loop is written out. */
const mostTrips = 16;
/** Statements up to which the body of such a loop may grow. */
const mostStatements = 256;

/** Writes out innermost loops with a small number of iterations that is known, so that what they compute stays in registers. */
export function unrollFixedTrip(nest: Nest): Nest {
  return { ...nest, body: unrollBlock(nest.body) };
}

function unrollBlock(body: readonly Statement[]): Statement[] {
  return body.flatMap((statement) => {
    const inner = mapBodies(statement, unrollBlock);
    if (inner.kind !== "for") return [inner];
    return unrolled(inner) ?? [inner];
  });
}

function unrolled(loop: Extract<Statement, { kind: "for" }>): Statement[] | undefined {
  const { from, to, step, body, local } = loop;
  if (from.kind !== "constant" || to.kind !== "constant") return undefined;
  const [first, end] = [Number(from.value), Number(to.value)];
  const trips = Math.max(0, Math.ceil((end - first) / step));
  if (trips > mostTrips || trips * sizeOf(body) > mostStatements) return undefined;
  return Array.from({ length: trips }, (_, trip) => {
    const index = first + trip * step;
    const value: Expression = { kind: "constant", type: from.type, value: from.type === "i64" ? BigInt(index) : index };
    return substituted(body, local, value);
  }).flat();
}

function sizeOf(body: readonly Statement[]): number {
  return body.reduce(
    (sum, statement) => sum + 1 + bodiesOf(statement).reduce((size, inner) => size + sizeOf(inner), 0),
    0,
  );
}

function substituted(body: readonly Statement[], local: number, value: Expression): Statement[] {
  const replace = (expression: Expression) =>
    foldExpression(rewrite(expression, (each) => (each.kind === "local" && each.local === local ? value : each)));
  return body.map((statement) =>
    mapBodies(mapExpressions(statement, replace), (inner) => substituted(inner, local, value)),
  );
}
