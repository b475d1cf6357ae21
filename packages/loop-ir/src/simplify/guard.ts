/**
 * Puts checks before everything that could go wrong: accesses that might leave their buffers, integer divisions that
 * might have no result. Accesses by the variable of a loop are checked once, before the loop; those that follow from
 * the declared extents and limits, or repeat an earlier check, are not checked again.
 */
import type { Expression, LocalDeclaration, Nest, Statement } from "../nest/nest.ts";
import { lanesOf } from "../nest/types.ts";
import { assignedIn, expressionsOf, operandsOf } from "../nest/walk.ts";
import { type AccessPlace, Facts } from "./facts.ts";

/** What is checked. */
export interface GuardOptions {
  /** Whether accesses are checked; divisions always are. */
  readonly bounds: boolean;
}

/** The nest with its checks written out; the result may be run without any others. */
export function guardAccesses(nest: Nest, options: GuardOptions): Nest {
  const guard = new Guard(nest, options);
  const body = guard.block(nest.body, new Facts(nest));
  return { ...nest, locals: guard.locals, body };
}

class Guard {
  readonly locals: LocalDeclaration[];
  readonly #bounds: boolean;

  constructor(nest: Nest, { bounds }: GuardOptions) {
    this.#bounds = bounds;
    this.locals = [...nest.locals];
  }

  block(body: readonly Statement[], facts: Facts): Statement[] {
    const guarded: Statement[] = [];
    for (const statement of body) this.#statement(statement, facts, guarded);
    return guarded;
  }

  #statement(statement: Statement, facts: Facts, into: Statement[]): void {
    switch (statement.kind) {
      case "while":
        into.push(this.#while(statement, facts));
        return;
      case "for":
        this.#checks(expressionsOf(statement), facts, into);
        this.#for(statement, facts, into);
        return;
      case "if": {
        this.#checks(expressionsOf(statement), facts, into);
        const whenTrue = this.block(statement.whenTrue, facts.copy());
        const whenFalse = this.block(statement.whenFalse, facts.copy());
        into.push({ ...statement, whenTrue, whenFalse });
        facts.forget(assignedIn([statement]));
        return;
      }
      default:
        this.#checks(expressionsOf(statement), facts, into);
        if (statement.kind === "store" && statement.mask === undefined) {
          this.#access({ ...statement, lanes: lanesOf(statement.value.type) }, facts, into);
        } else if (statement.kind === "store") this.#masked(statement, statement.value, into);
        into.push(statement);
        if (statement.kind === "set") facts.set(statement.local, statement.value);
    }
  }

  #while(statement: Extract<Statement, { kind: "while" }>, facts: Facts): Statement {
    facts.forget(assignedIn([statement]));
    const head = this.block(statement.head, facts);
    this.#checks([statement.condition], facts, head);
    const body = this.block(statement.body, facts.copy());
    return { ...statement, head, body };
  }

  #for(statement: Extract<Statement, { kind: "for" }>, facts: Facts, into: Statement[]): void {
    const assigned = assignedIn([statement]);
    const inner = facts.copy();
    inner.forget(assigned);
    const [from, to] = [statement.from, statement.to].map((end) => this.#steady(end, assigned, into)) as [
      Expression,
      Expression,
    ];
    inner.loop(statement.local, from, to);
    if (this.#bounds) this.#hoist({ ...statement, from, to }, inner, into);
    into.push({ ...statement, from, to, body: this.block(statement.body, inner) });
    facts.forget(assigned);
  }

  /** An end of a loop that may be computed twice: itself, or a new local that holds it. */
  #steady(end: Expression, assigned: ReadonlySet<number>, into: Statement[]): Expression {
    const leaf = operandsOf(end).length === 0 && !(end.kind === "local" && assigned.has(end.local));
    if (leaf || !this.#bounds) return end;
    const local = this.locals.push({ name: "end", type: end.type }) - 1;
    into.push({ kind: "set", local, value: end });
    return { kind: "local", type: end.type, local };
  }

  /** Checks before a loop the accesses that every iteration makes at the loop's variable plus what the loop keeps. */
  #hoist(loop: Extract<Statement, { kind: "for" }>, inner: Facts, into: Statement[]): void {
    const assigned = assignedIn(loop.body);
    for (const access of unconditionalAccesses(loop.body)) {
      if (inner.proves(access)) continue;
      const terms = sumOf(access.index).filter((term) => !(term.kind === "local" && term.local === loop.local));
      const once = terms.length === sumOf(access.index).length - 1;
      if (!once || !terms.every((term) => isKept(term, loop.local, assigned))) continue;
      into.push({
        kind: "bound",
        buffer: access.buffer,
        index: sumFrom(loop.from, terms),
        lanes: 1,
        end: sumFrom(lastEnd(loop, access.lanes), terms),
      });
      inner.checked(access);
    }
  }

  #checks(expressions: readonly Expression[], facts: Facts, into: Statement[]): void {
    for (const expression of expressions) this.#expression(expression, facts, into);
  }

  #expression(expression: Expression, facts: Facts, into: Statement[]): void {
    this.#checks(operandsOf(expression), facts, into);
    if (expression.kind === "load") {
      if (expression.mask === undefined) {
        this.#access({ ...expression, lanes: lanesOf(expression.type) }, facts, into);
      } else this.#masked({ ...expression, mask: expression.mask }, expression, into);
    } else if (expression.kind === "binary" && typeof expression.type === "string") {
      const { operator, right } = expression;
      const integer = expression.type === "i32" || expression.type === "i64";
      if (integer && (operator === "divide" || operator === "remainder")) {
        const condition = hasQuotient(expression, right);
        if (condition !== undefined) into.push({ kind: "check", condition, reason: { code: "division" } });
      }
    }
  }

  #access(access: AccessPlace, facts: Facts, into: Statement[]): void {
    if (!this.#bounds || facts.proves(access)) return;
    into.push({ kind: "bound", buffer: access.buffer, index: access.index, lanes: access.lanes });
    facts.checked(access);
  }

  /** Each lane of a masked access is checked if it is taken. */
  #masked(
    access: { readonly buffer: number; readonly index: Expression; readonly mask?: Expression },
    value: Expression,
    into: Statement[],
  ): void {
    const { buffer, index, mask } = access;
    if (!this.#bounds || mask === undefined) return;
    const lanes = lanesOf(value.type);
    const numbers = { lane: bitsOf(mask) === 64 ? "i64" : "i32", lanes } as const;
    const flags: Expression = {
      kind: "select",
      type: numbers,
      condition: mask,
      whenTrue: splat(numbers, 1),
      whenFalse: splat(numbers, 0),
    };
    for (let lane = 0; lane < lanes; lane++) {
      const taken: Expression = { kind: "lane", type: numbers.lane, operand: flags, lane };
      const condition: Expression = {
        kind: "compare",
        type: "bool",
        operator: "not-equal",
        left: taken,
        right: constant(numbers.lane, 0),
      };
      const bound: Statement = { kind: "bound", buffer, index: offsetBy(index, lane), lanes: 1 };
      into.push({ kind: "if", condition, whenTrue: [bound], whenFalse: [] });
    }
  }
}

function bitsOf(mask: Expression): number {
  return typeof mask.type === "object" && "bits" in mask.type ? mask.type.bits : 32;
}

function constant(type: "i32" | "i64", value: number): Expression {
  return { kind: "constant", type, value: type === "i64" ? BigInt(value) : value };
}

function splat(type: { readonly lane: "i32" | "i64"; readonly lanes: number }, value: number): Expression {
  return { kind: "splat", type, operand: constant(type.lane, value) };
}

/** The terms of a sum. */
function sumOf(index: Expression): readonly Expression[] {
  if (index.kind === "binary" && index.operator === "add") return [...sumOf(index.left), ...sumOf(index.right)];
  return index.kind === "convert" && index.type === "i64" && index.operand.type === "i32"
    ? sumOf(index.operand)
    : [index];
}

/** Whether a term is the same in every iteration and costs nothing to compute again. */
function isKept(term: Expression, variable: number, assigned: ReadonlySet<number>): boolean {
  if (term.kind === "local") return term.local !== variable && !assigned.has(term.local);
  return term.kind === "constant" || term.kind === "scalar" || term.kind === "unit" || term.kind === "units";
}

/** A sum in 64 bits, so that it does not wrap; as it stands if there is nothing to add. */
function sumFrom(first: Expression, terms: readonly Expression[]): Expression {
  return terms.reduce<Expression>(
    (left, term) => ({ kind: "binary", type: "i64", operator: "add", left: wide(left), right: wide(term) }),
    first,
  );
}

/** Where the accesses of a loop end that reach `reach` entries from its variable on: nowhere if there is no iteration. */
function lastEnd(loop: Extract<Statement, { kind: "for" }>, reach: number): Expression {
  const { from, to, step } = loop;
  if (step === 1) return offsetBy(to, reach - 1);
  const join = (
    operator: "add" | "subtract" | "divide" | "multiply",
    left: Expression,
    right: Expression,
  ): Expression => ({
    kind: "binary",
    type: "i64",
    operator,
    left,
    right,
  });
  const [first, end] = [wide(from), wide(to)];
  const steps = join(
    "divide",
    join("subtract", join("subtract", end, first), constant("i64", 1)),
    constant("i64", step),
  );
  const last = join("add", first, join("multiply", steps, constant("i64", step)));
  return {
    kind: "select",
    type: "i64",
    condition: { kind: "compare", type: "bool", operator: "less", left: from, right: to },
    whenTrue: join("add", last, constant("i64", reach)),
    whenFalse: first,
  };
}

function wide(index: Expression): Expression {
  if (index.kind === "constant" && index.type === "i32") return constant("i64", Number(index.value));
  return index.type === "i64" ? index : { kind: "convert", type: "i64", operand: index };
}

/** An index moved on, in 64 bits so that it does not wrap. */
function offsetBy(index: Expression, offset: number): Expression {
  if (offset === 0) return index;
  return { kind: "binary", type: "i64", operator: "add", left: wide(index), right: constant("i64", offset) };
}

/** The condition under which a division has a result; undefined if it always has one. */
function hasQuotient(division: Extract<Expression, { kind: "binary" }>, divisor: Expression): Expression | undefined {
  const type = division.type as "i32" | "i64";
  const plain = divisor.kind === "convert" ? divisor.operand : divisor;
  if (plain.kind === "units") return undefined;
  const known = divisor.kind === "constant" ? Number(divisor.value) : undefined;
  if (known !== undefined && known !== 0 && known !== -1) return undefined;
  const compare = (operator: "equal" | "not-equal", left: Expression, value: bigint): Expression => ({
    kind: "compare",
    type: "bool",
    operator,
    left,
    right: { kind: "constant", type, value: type === "i64" ? value : Number(value) },
  });
  const some = compare("not-equal", divisor, 0n);
  if (division.operator === "remainder") return some;
  const least = type === "i64" ? -(2n ** 63n) : -(2n ** 31n);
  const join = (operator: "and" | "or", left: Expression, right: Expression): Expression => ({
    kind: "binary",
    type: "bool",
    operator,
    left,
    right,
  });
  const fits = join("or", compare("not-equal", divisor, -1n), compare("not-equal", division.left, least));
  return join("and", some, fits);
}

/** Accesses that a body makes whenever it runs: those of its own statements, not of bodies inside. */
function unconditionalAccesses(body: readonly Statement[]): AccessPlace[] {
  const accesses: AccessPlace[] = [];
  const collect = (expression: Expression): void => {
    operandsOf(expression).forEach(collect);
    if (expression.kind === "load" && expression.mask === undefined) {
      accesses.push({ buffer: expression.buffer, index: expression.index, lanes: lanesOf(expression.type) });
    }
  };
  for (const statement of body) {
    if (statement.kind === "while") break;
    expressionsOf(statement).forEach(collect);
    if (statement.kind === "store" && statement.mask === undefined) {
      accesses.push({ buffer: statement.buffer, index: statement.index, lanes: lanesOf(statement.value.type) });
    }
  }
  return accesses;
}
