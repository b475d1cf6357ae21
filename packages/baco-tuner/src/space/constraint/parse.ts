/**
 * Reads constraints as numexpr and Python read them.
 *
 * From loose to tight: `or`, `and`, `not`, comparison, `|`, `&`, `+ -`, `* / %`, sign and `~`, `**`. So `&` binds
 * tighter than `<`: `(a < 2) & (b > 1)` needs its parentheses.
 */
import { ConstraintFault, type Token, tokenize } from "./token.ts";

type Arithmetic = "+" | "-" | "*" | "/" | "%" | "**";
type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";
/** Operators with two operands; `and` and `or` are those of `&` and `|`. */
export type BinaryOperator = Arithmetic | Comparison | "and" | "or";

/** An expression; every node knows its type and its place. */
export type Expression = { readonly start: number; readonly end: number; readonly type: "number" | "truth" } & (
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "unary"; readonly operator: "-" | "not"; readonly operand: Expression }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
);

/** The result of reading: an expression that is true or false, and what was accepted though others refuse it. */
export interface ParsedConstraint {
  readonly expression: Expression;
  readonly warnings: readonly { readonly message: string; readonly start: number; readonly end: number }[];
}

const deepest = 200;
const comparisons = new Set(["==", "!=", "<", "<=", ">", ">="]);

class Parser {
  readonly warnings: { message: string; start: number; end: number }[] = [];
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#tokens = tokenize(text);
  }

  whole(): Expression {
    const expression = this.#or();
    const rest = this.#next;
    if (rest.kind !== "end") throw new ConstraintFault(`expected an operator or the end, not ${quote(rest)}`, rest);
    return this.#mustBe("truth", expression, "the constraint");
  }

  get #next(): Token {
    return this.#tokens[this.#at]!;
  }

  #take(...texts: readonly string[]): Token | undefined {
    const token = this.#next;
    if (token.kind === "number" || token.kind === "end" || !texts.includes(token.text)) return undefined;
    this.#at += 1;
    return token;
  }

  #or(): Expression {
    let left = this.#and();
    for (let word = this.#take("or", "||"); word; word = this.#take("or", "||")) {
      this.#foreign(word, "|");
      left = this.#join("or", left, this.#and());
    }
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    for (let word = this.#take("and", "&&"); word; word = this.#take("and", "&&")) {
      this.#foreign(word, "&");
      left = this.#join("and", left, this.#not());
    }
    return left;
  }

  #not(): Expression {
    const word = this.#take("not");
    if (word === undefined) return this.#comparison();
    this.#foreign(word, "~");
    const operand = this.#nested(() => this.#mustBe("truth", this.#not(), "the operand of not"));
    return { kind: "unary", operator: "not", operand, type: "truth", start: word.start, end: operand.end };
  }

  #comparison(): Expression {
    const left = this.#bitOr();
    const word = this.#take(...comparisons);
    if (word === undefined) return left;
    const expression = this.#compare(word.text as BinaryOperator, left, this.#bitOr());
    if (!comparisons.has(this.#next.text)) return expression;
    throw new ConstraintFault(
      "comparisons cannot be chained",
      this.#next,
      "write (a < b) & (b < c); & and | bind tighter than comparisons, so each comparison needs parentheses",
    );
  }

  #compare(operator: BinaryOperator, left: Expression, right: Expression): Expression {
    const help = "& and | bind tighter than comparisons: put each comparison in parentheses";
    if (left.type !== right.type)
      throw new ConstraintFault(`${operator} compares a number with a truth value`, right, help);
    if (left.type === "truth" && operator !== "==" && operator !== "!=") {
      throw new ConstraintFault(`${operator} compares numbers, not truth values`, left, help);
    }
    return { kind: "binary", operator, left, right, type: "truth", start: left.start, end: right.end };
  }

  #bitOr(): Expression {
    let left = this.#bitAnd();
    while (this.#take("|")) left = this.#join("or", left, this.#bitAnd());
    return left;
  }

  #bitAnd(): Expression {
    let left = this.#sum();
    while (this.#take("&")) left = this.#join("and", left, this.#sum());
    return left;
  }

  #join(operator: "and" | "or", left: Expression, right: Expression): Expression {
    const name = operator === "and" ? "&" : "|";
    this.#mustBe("truth", left, `the left side of ${name}`);
    this.#mustBe("truth", right, `the right side of ${name}`);
    return { kind: "binary", operator, left, right, type: "truth", start: left.start, end: right.end };
  }

  #sum(): Expression {
    let left = this.#product();
    for (let word = this.#take("+", "-"); word; word = this.#take("+", "-")) {
      left = this.#arithmetic(word, left, this.#product());
    }
    return left;
  }

  #product(): Expression {
    let left = this.#signed();
    for (let word = this.#take("*", "/", "%", "//"); word; word = this.#take("*", "/", "%", "//")) {
      if (word.text === "//") throw new ConstraintFault("// is no operator here", word, "write (a - a % b) / b");
      left = this.#arithmetic(word, left, this.#signed());
    }
    return left;
  }

  #arithmetic(word: Token, left: Expression, right: Expression): Expression {
    this.#mustBe("number", left, `the left side of ${word.text}`);
    this.#mustBe("number", right, `the right side of ${word.text}`);
    const operator = word.text as BinaryOperator;
    return { kind: "binary", operator, left, right, type: "number", start: left.start, end: right.end };
  }

  #signed(): Expression {
    const word = this.#take("-", "+", "~", "!");
    if (word === undefined) return this.#power();
    const operand = this.#nested(() => this.#signed());
    const logical = word.text === "~" || word.text === "!";
    this.#mustBe(logical ? "truth" : "number", operand, `the operand of ${word.text}`);
    if (word.text === "+") return operand;
    const operator = logical ? "not" : "-";
    return { kind: "unary", operator, operand, type: operand.type, start: word.start, end: operand.end };
  }

  #power(): Expression {
    const left = this.#atom();
    const word = this.#take("**");
    return word === undefined ? left : this.#nested(() => this.#arithmetic(word, left, this.#signed()));
  }

  #atom(): Expression {
    const token = this.#next;
    this.#at += 1;
    const { start, end } = token;
    if (token.kind === "number") return { kind: "number", value: Number(token.text), type: "number", start, end };
    if (token.kind === "name") {
      if (this.#next.text !== "(") return { kind: "name", name: token.text, type: "number", start, end };
      throw new ConstraintFault(`${quote(token)} is called, but there are no functions in constraints`, token);
    }
    if (token.text !== "(") throw new ConstraintFault(`expected a number, a name or "(", not ${quote(token)}`, token);
    const inner = this.#nested(() => this.#or());
    if (this.#take(")") === undefined) {
      throw new ConstraintFault(`expected ")", not ${quote(this.#next)}: the parenthesis opens here`, token);
    }
    return inner;
  }

  #nested<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > deepest) throw new ConstraintFault(`the constraint is nested deeper than ${deepest}`, this.#next);
    const result = read();
    this.#depth -= 1;
    return result;
  }

  #mustBe(type: "number" | "truth", expression: Expression, what: string): Expression {
    if (expression.type === type) return expression;
    const [is, want] = type === "truth" ? ["a number", "true or false"] : ["true or false", "a number"];
    throw new ConstraintFault(`${what} is ${is}; expected ${want}`, expression);
  }

  #foreign(word: Token, instead: string): void {
    const message = `${word.text} is accepted here; other tuners want ${instead} with parentheses around each side`;
    this.warnings.push({ message, start: word.start, end: word.end });
  }
}

function quote(token: Token): string {
  return token.kind === "end" ? "the end" : JSON.stringify(token.text);
}

/** Reads one constraint. @throws {ConstraintFault} at the first fault. */
export function parseConstraint(text: string): ParsedConstraint {
  const parser = new Parser(text);
  return { expression: parser.whole(), warnings: parser.warnings };
}

/** The parts that must all hold: the operands of the outermost `&`. */
export function conjuncts(expression: Expression): Expression[] {
  if (expression.kind !== "binary" || expression.operator !== "and") return [expression];
  return [...conjuncts(expression.left), ...conjuncts(expression.right)];
}

/** Calls `visit` on every node of an expression, operands first. */
export function walkExpression(expression: Expression, visit: (node: Expression) => void): void {
  if (expression.kind === "unary") walkExpression(expression.operand, visit);
  if (expression.kind === "binary") {
    walkExpression(expression.left, visit);
    walkExpression(expression.right, visit);
  }
  visit(expression);
}
