/** The value of a formula at one point of the loops, given which operands are there. */
import type { NestBuilder, Value } from "@millrace/loop-ir";
import { type Presence, presenceOf } from "../iteration/sequence.ts";
import type { Formula } from "../iteration/statement.ts";

/** An operand at the present point. */
export interface PointOperand {
  readonly presence: Presence<Value>;
  /** Whether its value may be loaded even where it is not there: it is then not used. */
  readonly readable: boolean;
  readonly load: () => Value;
}

/** Whether every operand is added or subtracted on its own, so that each alone makes the formula. */
export function isSumOf(formula: Formula, operands: readonly number[]): boolean {
  switch (formula.kind) {
    case "add":
    case "subtract":
      return isSumOf(formula.left, operands) && isSumOf(formula.right, operands);
    case "negate":
      return isSumOf(formula.operand, operands);
    default:
      return countOf(formula, operands) === 1;
  }
}

function countOf(formula: Formula, operands: readonly number[]): number {
  switch (formula.kind) {
    case "literal":
      return 0;
    case "operand":
      return operands.includes(formula.operand) ? 1 : 0;
    case "negate":
      return countOf(formula.operand, operands);
    default:
      return countOf(formula.left, operands) + countOf(formula.right, operands);
  }
}

/**
 * The value of a formula; absent operands take no part in sums and take products with them.
 *
 * What is absent is -0 where it is added and 0 where it is subtracted: that leaves every other number as it is, zeros of
 * either sign among them.
 */
export function formulaValue(
  b: NestBuilder,
  formula: Formula,
  operand: (operand: number) => PointOperand,
): Value | undefined {
  return new FormulaWriter(b, operand).write(formula, added);
}

/** The zero that stands for a part that is not there; in a divisor operands are the number 0, and signs follow. */
type Absent = { readonly zero: 0 | -0; readonly divisor: boolean };

const added: Absent = { zero: -0, divisor: false };
const subtracted: Absent = { zero: 0, divisor: false };
const divisor: Absent = { zero: 0, divisor: true };

class FormulaWriter {
  readonly #b: NestBuilder;
  readonly #operand: (operand: number) => PointOperand;

  constructor(b: NestBuilder, operand: (operand: number) => PointOperand) {
    this.#b = b;
    this.#operand = operand;
  }

  /** The value of a part, `absent` where it may not be there; undefined where it never is. */
  write(node: Formula, absent: Absent): Value | undefined {
    const b = this.#b;
    switch (node.kind) {
      case "literal":
        return b.f64(node.value);
      case "operand":
        return this.#operandValue(node.operand, absent);
      case "negate": {
        const value = this.write(node.operand, negated(absent));
        return value === undefined ? undefined : b.unary("negate", value);
      }
      case "add":
      case "subtract":
        return this.#sum(node, absent);
      default:
        return this.#product(node, absent);
    }
  }

  #operandValue(at: number, absent: Absent): Value | undefined {
    const b = this.#b;
    const { presence, readable, load } = this.#operand(at);
    if (presence === false) return undefined;
    if (presence === true) return load();
    if (readable) return b.select(presence, load(), absent.zero);
    const value = b.local("value", b.f64(absent.zero));
    b.if(presence, () => b.set(value, load()));
    return value;
  }

  #sum(node: Extract<Formula, { readonly left: Formula }>, absent: Absent): Value | undefined {
    const b = this.#b;
    const plus = node.kind === "add";
    const left = this.write(node.left, absent.divisor ? divisor : added);
    const right = this.write(node.right, absent.divisor ? divisor : plus ? added : subtracted);
    if (right === undefined) return this.#orAbsent(node.left, left, absent);
    if (left === undefined) {
      const value = plus ? right : b.unary("negate", right);
      return this.#orAbsent(node.right, value, absent);
    }
    return this.#orAbsent(node, plus ? b.add(left, right) : b.subtract(left, right), absent);
  }

  /** A sum of absent parts is -0; where something else is expected of it, that is put in its place. */
  #orAbsent(node: Formula, value: Value | undefined, absent: Absent): Value | undefined {
    const presence = this.#presence(node);
    if (value === undefined || absent !== subtracted || typeof presence === "boolean") return value;
    return this.#b.select(presence, value, 0);
  }

  #product(node: Extract<Formula, { readonly left: Formula }>, absent: Absent): Value | undefined {
    const b = this.#b;
    const divides = node.kind === "divide";
    const left = this.write(node.left, added);
    const right = this.write(node.right, divides ? divisor : added) ?? (divides ? b.f64(0) : undefined);
    const presence = this.#presence(node);
    if (presence === false || left === undefined || right === undefined) return undefined;
    const value = divides ? b.divide(left, right) : b.multiply(left, right);
    // An infinite factor must not reach the sum through an operand that is not there.
    return presence === true ? value : b.select(presence, value, absent.zero);
  }

  #presence(node: Formula): Presence<Value> {
    const b = this.#b;
    return presenceOf<Value>(node, (at) => this.#operand(at).presence, {
      and: (left, right) => b.and(left, right),
      or: (left, right) => b.or(left, right),
    });
  }
}

function negated(absent: Absent): Absent {
  if (absent.divisor) return absent;
  return absent === added ? subtracted : added;
}
