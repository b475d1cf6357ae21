import { expressionKey } from "../nest/expression-key.ts";
import type { Expression, LocalDeclaration, Nest, Statement } from "../nest/nest.ts";
import {
  assignedIn,
  expressionsOf,
  mapBodies,
  mapExpressions,
  mapOperands,
  operandsOf,
  someExpression,
} from "../nest/walk.ts";

type Loop = Extract<Statement, { kind: "for" | "while" }>;

/**
 * Moves what a loop repeats in every iteration before the loop: arithmetic that cannot end the run, and, where there is
 * at least one iteration, loads that each iteration makes from buffers that are only read.
 */
export function hoist(nest: Nest): Nest {
  const hoister = new Hoister(nest);
  const body = hoister.block(nest.body);
  return { ...nest, locals: hoister.locals, body };
}

class Hoister {
  readonly locals: LocalDeclaration[];
  readonly #nest: Nest;

  constructor(nest: Nest) {
    this.#nest = nest;
    this.locals = [...nest.locals];
  }

  /** Outer loops first, so that everything leaves as many loops as it can at once. */
  block(body: readonly Statement[]): Statement[] {
    return body.flatMap((statement) => {
      if (statement.kind !== "for" && statement.kind !== "while") return [this.#inside(statement)];
      return this.#loop(statement);
    });
  }

  #inside<T extends Statement>(statement: T): T {
    return mapBodies(statement, (inner) => this.block(inner)) as T;
  }

  #loop(loop: Loop): Statement[] {
    const assigned = assignedIn([loop]);
    const loads = loop.kind === "for" ? this.#repeatedLoads(loop.body, assigned) : new Set<string>();
    const before: Statement[] = [];
    const guarded: Statement[] = [];
    const moved = new Map<string, Expression>();
    const replace = (expression: Expression): Expression => {
      if (operandsOf(expression).length === 0) return expression;
      const pure = this.#steady(expression, assigned, false);
      const key = pure || this.#steady(expression, assigned, true) ? expressionKey(expression) : "";
      if (!pure && !loads.has(key)) return mapOperands(expression, replace);
      const known = moved.get(key);
      if (known !== undefined) return known;
      const value = this.#local("fixed", expression, pure ? before : guarded);
      moved.set(key, value);
      return value;
    };
    const change = (body: readonly Statement[]): readonly Statement[] =>
      body.map((statement) => mapBodies(mapExpressions(statement, replace), change));
    // The ends of a `for` are computed once as it is; the condition of a `while` is part of the loop.
    const changed = mapBodies(loop.kind === "while" ? mapExpressions(loop, replace) : loop, change) as Loop;
    if (guarded.length === 0 || changed.kind !== "for") return [...before, this.#inside(changed)];
    return [...before, ...this.#whereItRuns(changed, guarded)];
  }

  /** A loop with what must be computed before it if, and only if, it has an iteration. */
  #whereItRuns(loop: Extract<Statement, { kind: "for" }>, guarded: readonly Statement[]): Statement[] {
    const sets: Statement[] = [];
    const held = (end: Expression) => (operandsOf(end).length === 0 ? end : this.#local("end", end, sets));
    const [from, to] = [held(loop.from), held(loop.to)];
    const condition: Expression = { kind: "compare", type: "bool", operator: "less", left: from, right: to };
    const whenTrue = [...guarded, this.#inside({ ...loop, from, to })];
    return [...sets, { kind: "if", condition, whenTrue, whenFalse: [] }];
  }

  #local(name: string, value: Expression, into: Statement[]): Expression {
    const local = this.locals.push({ name, type: value.type }) - 1;
    into.push({ kind: "set", local, value });
    return { kind: "local", type: value.type, local };
  }

  /** Keys of the largest steady expressions with loads that every iteration computes. */
  #repeatedLoads(body: readonly Statement[], assigned: ReadonlySet<number>): ReadonlySet<string> {
    const keys = new Set<string>();
    const collect = (expression: Expression): void => {
      const loads = someExpression(expression, ({ kind }) => kind === "load");
      if (loads && this.#steady(expression, assigned, true)) keys.add(expressionKey(expression));
      else operandsOf(expression).forEach(collect);
    };
    for (const statement of body) {
      if (statement.kind === "while" || statement.kind === "check") break;
      expressionsOf(statement).forEach(collect);
    }
    return keys;
  }

  /** Whether an expression gives the same in each iteration; without `loads`, also if there is no iteration. */
  #steady(expression: Expression, assigned: ReadonlySet<number>, loads: boolean): boolean {
    if (expression.kind === "local") return !assigned.has(expression.local);
    if (expression.kind === "load") {
      const { access } = this.#nest.buffers[expression.buffer]!;
      if (!loads || access !== "read" || expression.mask !== undefined) return false;
    }
    if (expression.kind === "binary" && (expression.operator === "divide" || expression.operator === "remainder")) {
      if (expression.type === "i32" || expression.type === "i64") return false;
    }
    return operandsOf(expression).every((operand) => this.#steady(operand, assigned, loads));
  }
}
