import { expressionKey } from "../nest/expression-key.ts";
import type { Expression, LocalDeclaration, Nest, Statement } from "../nest/nest.ts";
import { assignedIn, mapBodies, mapExpressions, mapOperands, operandsOf } from "../nest/walk.ts";

/** Moves arithmetic that a loop repeats in every iteration before the loop. Nothing that could end the run is moved. */
export function hoist(nest: Nest): Nest {
  const hoister = new Hoister(nest.locals);
  const body = hoister.block(nest.body);
  return { ...nest, locals: hoister.locals, body };
}

class Hoister {
  readonly locals: LocalDeclaration[];

  constructor(locals: readonly LocalDeclaration[]) {
    this.locals = [...locals];
  }

  /** Outer loops first, so that everything leaves as many loops as it can at once. */
  block(body: readonly Statement[]): Statement[] {
    return body
      .flatMap((statement) =>
        statement.kind === "for" || statement.kind === "while" ? this.#loop(statement) : [statement],
      )
      .map((statement) => mapBodies(statement, (inner) => this.block(inner)));
  }

  #loop(loop: Extract<Statement, { kind: "for" | "while" }>): Statement[] {
    const assigned = assignedIn([loop]);
    const moved = new Map<string, { readonly set: Statement; readonly value: Expression }>();
    const replace = (expression: Expression): Expression => {
      if (operandsOf(expression).length === 0) return expression;
      if (!steady(expression, assigned)) return mapOperands(expression, replace);
      const key = expressionKey(expression);
      const known = moved.get(key);
      if (known !== undefined) return known.value;
      const local = this.locals.push({ name: "fixed", type: expression.type }) - 1;
      const value: Expression = { kind: "local", type: expression.type, local };
      moved.set(key, { set: { kind: "set", local, value: expression }, value });
      return value;
    };
    const inside = (body: readonly Statement[]): readonly Statement[] =>
      body.map((statement) => mapBodies(mapExpressions(statement, replace), inside));
    // The ends of a `for` are computed once as it is; the condition of a `while` is part of the loop.
    const changed = mapBodies(loop.kind === "while" ? mapExpressions(loop, replace) : loop, inside);
    return [...[...moved.values()].map(({ set }) => set), changed];
  }
}

/** Whether an expression gives the same in each iteration and can be computed without harm if there is none. */
function steady(expression: Expression, assigned: ReadonlySet<number>): boolean {
  if (expression.kind === "local") return !assigned.has(expression.local);
  if (expression.kind === "load") return false;
  if (expression.kind === "binary" && (expression.operator === "divide" || expression.operator === "remainder")) {
    if (expression.type === "i32" || expression.type === "i64") return false;
  }
  return operandsOf(expression).every((operand) => steady(operand, assigned));
}
