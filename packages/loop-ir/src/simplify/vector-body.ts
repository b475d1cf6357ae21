import { expressionKey } from "../nest/expression-key.ts";
import type { Expression, LocalDeclaration, Nest, Statement } from "../nest/nest.ts";
import { comparisonOf, sameType, type VectorType } from "../nest/types.ts";
import { assignedIn, expressionsOf, mapOperands, operandsOf, someExpression } from "../nest/walk.ts";
import { usesOf } from "./forward.ts";

/** A loop and the vectors that it is to compute. */
export interface LoopVector {
  readonly nest: Nest;
  /** Locals of the nest; new ones are added at the end. */
  readonly locals: LocalDeclaration[];
  readonly loop: Extract<Statement, { kind: "for" }>;
  readonly type: VectorType;
  /** Whether sums that are carried around the loop may be split by lanes. */
  readonly reassociate: boolean;
}

/** What takes the place of a loop that has an iteration: what precedes it, its body, and what follows it. */
export interface VectorLoop {
  readonly before: readonly Statement[];
  readonly body: readonly Statement[];
  readonly after: readonly Statement[];
}

/** The statements of the vectorised loop; undefined if it cannot be. */
export function vectorBody(vector: LoopVector): VectorLoop | undefined {
  if (storesInterfere(vector)) return undefined;
  try {
    return new Widener(vector).loop();
  } catch (error) {
    if (error instanceof NotVectorizable) return undefined;
    throw error;
  }
}

class NotVectorizable extends Error {}

/** Whether an iteration could read what another one stores: any access to a stored buffer at another index. */
function storesInterfere({ loop }: LoopVector): boolean {
  const stored = new Map<number, string>();
  for (const statement of loop.body) {
    if (statement.kind !== "store") continue;
    const key = expressionKey(statement.index);
    if ((stored.get(statement.buffer) ?? key) !== key) return true;
    stored.set(statement.buffer, key);
  }
  const elsewhere = (expression: Expression): boolean =>
    expression.kind === "load" &&
    stored.has(expression.buffer) &&
    stored.get(expression.buffer) !== expressionKey(expression.index);
  return loop.body.some((statement) => expressionsOf(statement).some((each) => someExpression(each, elsewhere)));
}

class Widener {
  readonly #vector: LoopVector;
  readonly #assigned: ReadonlySet<number>;
  /** The vector local of each scalar local that has been set in this iteration. */
  readonly #wide = new Map<number, number>();
  /** Vectors that stay the same, by the scalar in all their lanes. */
  readonly #splats = new Map<string, number>();
  readonly #before: Statement[] = [];
  readonly #after: Statement[] = [];

  constructor(vector: LoopVector) {
    this.#vector = vector;
    this.#assigned = assignedIn(vector.loop.body);
  }

  loop(): VectorLoop {
    const body = this.#vector.loop.body.flatMap((statement) => this.#statement(statement));
    return { before: this.#before, body, after: this.#after };
  }

  #statement(statement: Statement): Statement[] {
    switch (statement.kind) {
      case "set":
        return [this.#set(statement)];
      case "store":
        if (statement.mask !== undefined || this.#stride(statement.index) !== 1) throw new NotVectorizable();
        return [{ ...statement, value: this.#widen(statement.value) }];
      case "prefetch":
        return [statement];
      case "step":
        return new Array<Statement>(this.#vector.type.lanes).fill(statement);
      default:
        throw new NotVectorizable();
    }
  }

  #set(statement: Extract<Statement, { kind: "set" }>): Statement {
    const { local, value } = statement;
    const addend = this.#addend(local, value);
    if (addend !== undefined) return this.#accumulate(statement, addend);
    if (this.#usedElsewhere(local)) throw new NotVectorizable();
    const wide = this.#widen(value);
    const target = this.#wide.get(local) ?? this.#newLocal(local);
    this.#wide.set(local, target);
    return { kind: "set", local: target, value: wide };
  }

  /** Whether a local is used outside the loop, where its last value would be missing. */
  #usedElsewhere(local: number): boolean {
    const { nest, loop } = this.#vector;
    return usesOf(nest.body, local) > usesOf(loop.body, local);
  }

  /** What is added to a sum that the loop carries: `e` in `s = s + e`, where nothing else in the loop touches `s`. */
  #addend(local: number, value: Expression): Expression | undefined {
    if (this.#wide.has(local) || value.kind !== "binary" || value.operator !== "add") return undefined;
    const isSum = (each: Expression) => each.kind === "local" && each.local === local;
    const addend = isSum(value.left) ? value.right : isSum(value.right) ? value.left : undefined;
    if (addend === undefined || !this.#vector.reassociate) return undefined;
    const uses = this.#vector.loop.body.flatMap(expressionsOf).filter((each) => someExpression(each, isSum)).length;
    const sets = this.#vector.loop.body.filter((each) => each.kind === "set" && each.local === local).length;
    return uses === 1 && sets === 1 && !someExpression(addend, isSum) ? addend : undefined;
  }

  #accumulate({ local }: Extract<Statement, { kind: "set" }>, addend: Expression): Statement {
    const { type } = this.#vector;
    const target = this.#newLocal(local);
    const sums: Expression = { kind: "local", type, local: target };
    const zero = type.lane === "i64" ? 0n : 0;
    this.#before.push({
      kind: "set",
      local: target,
      value: { kind: "splat", type, operand: { kind: "constant", type: type.lane, value: zero } },
    });
    const total: Expression = { kind: "reduce", type: type.lane, operator: "add", operand: sums };
    const sum: Expression = { kind: "local", type: type.lane, local };
    this.#after.push({
      kind: "set",
      local,
      value: { kind: "binary", type: type.lane, operator: "add", left: sum, right: total },
    });
    const value: Expression = { kind: "binary", type, operator: "add", left: sums, right: this.#widen(addend) };
    return { kind: "set", local: target, value };
  }

  #newLocal(local: number): number {
    const { locals, type } = this.#vector;
    return locals.push({ name: `${locals[local]!.name}_lanes`, type }) - 1;
  }

  /** The vector whose lanes are what the iterations compute. */
  #widen(expression: Expression): Expression {
    const { type, loop } = this.#vector;
    if (expression.kind === "local" && this.#wide.has(expression.local)) {
      return { kind: "local", type, local: this.#wide.get(expression.local)! };
    }
    if (this.#fixed(expression)) return this.#splat(expression);
    switch (expression.kind) {
      case "local":
        if (expression.local !== loop.local || !sameType(expression.type, type.lane)) throw new NotVectorizable();
        return this.#iterations();
      case "load":
        if (expression.mask !== undefined || this.#stride(expression.index) !== 1) throw new NotVectorizable();
        if (!sameType(expression.type, type.lane)) throw new NotVectorizable();
        return { ...expression, type };
      case "unary":
        if (["population-count", "trailing-zeros"].includes(expression.operator)) throw new NotVectorizable();
        return this.#mapped(expression);
      case "binary":
        if (!this.#hasVectorForm(expression)) throw new NotVectorizable();
        return this.#mapped(expression);
      case "compare": {
        if (!sameType(expression.left.type, type.lane)) throw new NotVectorizable();
        const [left, right] = [this.#widen(expression.left), this.#widen(expression.right)];
        return { ...expression, left, right, type: comparisonOf(type) };
      }
      case "select": {
        const { condition } = expression;
        if (!this.#fixed(condition)) return this.#mapped(expression);
        const [whenTrue, whenFalse] = [this.#widen(expression.whenTrue), this.#widen(expression.whenFalse)];
        return { ...expression, whenTrue, whenFalse, type: whenTrue.type };
      }
      default:
        throw new NotVectorizable();
    }
  }

  #mapped(expression: Expression): Expression {
    const mapped = mapOperands(expression, (operand) => this.#widen(operand));
    const type = expression.type === "bool" ? comparisonOf(this.#vector.type) : this.#vector.type;
    return { ...mapped, type } as Expression;
  }

  #splat(expression: Expression): Expression {
    const { type } = this.#vector;
    if (expression.type === "bool") throw new NotVectorizable();
    if (!sameType(expression.type, type.lane)) throw new NotVectorizable();
    const splat: Expression = { kind: "splat", type, operand: expression };
    if (expression.kind === "constant") return splat;
    const key = expressionKey(expression);
    const local = this.#splats.get(key) ?? this.#vector.locals.push({ name: "all", type }) - 1;
    if (!this.#splats.has(key)) this.#before.push({ kind: "set", local, value: splat });
    this.#splats.set(key, local);
    return { kind: "local", type, local };
  }

  /** `i, i + 1, …` for the variable of the loop. */
  #iterations(): Expression {
    const { type, loop } = this.#vector;
    const first: Expression = { kind: "local", type: type.lane, local: loop.local };
    return {
      kind: "binary",
      type,
      operator: "add",
      left: { kind: "splat", type, operand: first },
      right: { kind: "iota", type },
    };
  }

  #hasVectorForm({ operator, type }: Extract<Expression, { kind: "binary" }>): boolean {
    const integer = type === "i32" || type === "i64" || type === "bool";
    if (operator === "divide" || operator === "remainder") return operator === "divide" && !integer;
    return !operator.startsWith("shift");
  }

  /** Whether an expression gives the same in every iteration; loads only from what the loop does not store to. */
  #fixed(expression: Expression): boolean {
    if (expression.kind === "local") {
      return expression.local !== this.#vector.loop.local && !this.#assigned.has(expression.local);
    }
    if (expression.kind === "load") {
      const { buffer } = expression;
      if (this.#vector.loop.body.some((each) => each.kind === "store" && each.buffer === buffer)) return false;
    }
    return operandsOf(expression).every((operand) => this.#fixed(operand));
  }

  /** By how much an index grows from one iteration to the next: 0 or 1; undefined if that is not known. */
  #stride(index: Expression): number | undefined {
    if (this.#fixed(index)) return 0;
    if (index.kind === "local" && index.local === this.#vector.loop.local) return 1;
    if (index.kind === "convert" && index.type === "i64" && index.operand.type === "i32")
      return this.#stride(index.operand);
    if (index.kind !== "binary") return undefined;
    const [left, right] = [this.#stride(index.left), this.#stride(index.right)];
    if (left === undefined || right === undefined) return undefined;
    if (index.operator === "add") return left + right;
    return index.operator === "subtract" && right === 0 ? left : undefined;
  }
}
