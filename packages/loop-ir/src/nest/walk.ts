/** Going through nests: what an expression or a statement is made of, and the same with its parts replaced. */
import type { Expression, Statement } from "./nest.ts";

/** The expressions directly below one, in the order in which they are computed. */
export function operandsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "load":
      return expression.mask === undefined ? [expression.index] : [expression.index, expression.mask];
    case "unary":
    case "convert":
    case "splat":
    case "lane":
    case "reduce":
      return [expression.operand];
    case "binary":
    case "compare":
      return [expression.left, expression.right];
    case "select":
      return [expression.condition, expression.whenTrue, expression.whenFalse];
    case "first-lanes":
      return [expression.count];
    default:
      return [];
  }
}

/** An expression with `change` applied to each operand; the same object if none changes. */
export function mapOperands(expression: Expression, change: (operand: Expression) => Expression): Expression {
  const operands = operandsOf(expression);
  const changed = operands.map(change);
  if (changed.every((operand, place) => operand === operands[place])) return expression;
  const [first, second, third] = changed as [Expression, Expression, Expression];
  switch (expression.kind) {
    case "load":
      return second === undefined ? { ...expression, index: first } : { ...expression, index: first, mask: second };
    case "unary":
    case "convert":
    case "splat":
    case "lane":
    case "reduce":
      return { ...expression, operand: first };
    case "binary":
    case "compare":
      return { ...expression, left: first, right: second };
    case "select":
      return { ...expression, condition: first, whenTrue: second, whenFalse: third };
    case "first-lanes":
      return { ...expression, count: first };
    default:
      return expression;
  }
}

/** Rewrites an expression from its leaves upwards. */
export function rewrite(expression: Expression, change: (rebuilt: Expression) => Expression): Expression {
  return change(mapOperands(expression, (operand) => rewrite(operand, change)));
}

/** Whether `holds` for an expression or for anything below it. */
export function someExpression(expression: Expression, holds: (inner: Expression) => boolean): boolean {
  return holds(expression) || operandsOf(expression).some((operand) => someExpression(operand, holds));
}

/** The expressions that a statement computes itself, not those in its bodies. */
export function expressionsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case "set":
      return [statement.value];
    case "store":
      return statement.mask === undefined
        ? [statement.index, statement.value]
        : [statement.index, statement.value, statement.mask];
    case "if":
    case "while":
    case "check":
      return [statement.condition];
    case "for":
      return [statement.from, statement.to];
    case "prefetch":
      return [statement.index];
    case "bound":
      return statement.end === undefined ? [statement.index] : [statement.index, statement.end];
    case "step":
      return [];
  }
}

/** A statement with `change` applied to the expressions that it computes itself. */
export function mapExpressions(statement: Statement, change: (expression: Expression) => Expression): Statement {
  switch (statement.kind) {
    case "set":
      return { ...statement, value: change(statement.value) };
    case "store": {
      const store = { ...statement, index: change(statement.index), value: change(statement.value) };
      return statement.mask === undefined ? store : { ...store, mask: change(statement.mask) };
    }
    case "if":
    case "while":
    case "check":
      return { ...statement, condition: change(statement.condition) };
    case "for":
      return { ...statement, from: change(statement.from), to: change(statement.to) };
    case "prefetch":
      return { ...statement, index: change(statement.index) };
    case "bound": {
      const bound = { ...statement, index: change(statement.index) };
      return statement.end === undefined ? bound : { ...bound, end: change(statement.end) };
    }
    case "step":
      return statement;
  }
}

/** The statement lists inside a statement. */
export function bodiesOf(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case "if":
      return [statement.whenTrue, statement.whenFalse];
    case "for":
      return [statement.body];
    case "while":
      return [statement.head, statement.body];
    default:
      return [];
  }
}

/** A statement with `change` applied to each statement list inside it. */
export function mapBodies(
  statement: Statement,
  change: (body: readonly Statement[]) => readonly Statement[],
): Statement {
  switch (statement.kind) {
    case "if":
      return { ...statement, whenTrue: change(statement.whenTrue), whenFalse: change(statement.whenFalse) };
    case "for":
      return { ...statement, body: change(statement.body) };
    case "while":
      return { ...statement, head: change(statement.head), body: change(statement.body) };
    default:
      return statement;
  }
}

/** Calls `visit` for every statement, outer ones first. */
export function forEachStatement(body: readonly Statement[], visit: (statement: Statement) => void): void {
  for (const statement of body) {
    visit(statement);
    for (const inner of bodiesOf(statement)) forEachStatement(inner, visit);
  }
}

/** The locals that statements set, loop variables among them. */
export function assignedIn(body: readonly Statement[]): ReadonlySet<number> {
  const assigned = new Set<number>();
  forEachStatement(body, (statement) => {
    if (statement.kind === "set" || statement.kind === "for") assigned.add(statement.local);
  });
  return assigned;
}

/** The locals that `set` statements of a nest set: all but the variables of loops. */
export function setLocals(nest: { readonly body: readonly Statement[] }): ReadonlySet<number> {
  const set = new Set<number>();
  forEachStatement(nest.body, (statement) => {
    if (statement.kind === "set") set.add(statement.local);
  });
  return set;
}
