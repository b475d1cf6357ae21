import {
  DiagnosticBag,
  describeToken,
  joinSpans,
  Lexer,
  type NumberToken,
  type Source,
  type TokenStream,
} from "@millrace/ir-text";
import { maximumOrder } from "../limits.ts";
import { checkAssignment } from "./check-assignment.ts";
import type { Access, Assignment, BinaryOperation, Expression, IndexVariable } from "./expression.ts";
import type { NotationDiagnostic } from "./notation-diagnostic.ts";

/** Operators of other languages; they are tokens so that they can be named in a message. */
const foreignOperators = ["^", "**", "@", "%", "&", "&&", "|", "||", "<", ">", "==", "!", ":", "-=", "*=", "/=", "//"];
const lexer = new Lexer({
  punctuation: ["(", ")", "[", "]", ",", "=", "+=", "+", "-", "*", "/", ...foreignOperators],
  lineComments: ["#"],
});

/** Bounds the depth of a tree, which grows by one with each operator, and so the stack of whoever walks it. */
const mostOperators = 1000;
const operand = "a tensor, a number or '('";

/**
 * Reads one assignment in index notation, such as `y(i) = A(i,j) * x(j) + z(i)`.
 *
 *     assignment = access ("=" | "+=") sum
 *     sum        = product { ("+" | "-") product }
 *     product    = factor { ("*" | "/") factor }
 *     factor     = "-" factor | NUMBER | access | "(" sum ")"
 *     access     = NAME [ "(" [ NAME { "," NAME } ] ")" ]
 *
 * `#` begins a comment; line breaks are white space. A string is a source named `<expression>`.
 *
 * @throws {DiagnosticError} with all faults found; codes in {@link NotationCode}.
 *
 * @example
 * ```ts
 * const { output, right } = parseAssignment("y(i) = A(i,j) * x(j)");
 * output.tensor; // => "y"
 * accessesOf(right).map(({ tensor }) => tensor); // => ["A", "x"]
 * ```
 */
export function parseAssignment(text: Source | string): Assignment {
  const source = typeof text === "string" ? { name: "<expression>", text } : text;
  const bag = new DiagnosticBag();
  const assignment = new AssignmentParser(lexer.tokens(source, bag), bag).parse();
  // Names are checked only in a text that was understood whole: half of one gives misleading faults.
  if (assignment !== undefined && !bag.failed) checkAssignment(assignment, bag);
  bag.throwIfFailed();
  return assignment as Assignment;
}

/** Each method reads one rule of the grammar; `undefined` means that a fault was reported. */
class AssignmentParser {
  readonly #tokens: TokenStream;
  readonly #bag: DiagnosticBag;
  #operators = 0;

  constructor(tokens: TokenStream, bag: DiagnosticBag) {
    this.#tokens = tokens;
    this.#bag = bag;
  }

  parse(): Assignment | undefined {
    const tokens = this.#tokens;
    if (!tokens.atKind("identifier")) {
      tokens.unexpected("the name of the tensor to assign to");
      return undefined;
    }
    const output = this.#access();
    const sign = tokens.accept("=") ?? tokens.accept("+=");
    if (sign === undefined) {
      if (!this.#foreignOperator()) tokens.unexpected("'=' or '+=' after the output");
      return undefined;
    }
    const right = this.#sum();
    if (right === undefined || output === undefined) return undefined;
    if (!tokens.atEnd) {
      // After another fault, what is left over is most likely its echo.
      if (this.#bag.failed) return undefined;
      const juxtaposed = tokens.atKind("identifier") || tokens.at("(");
      tokens.unexpected("an operator or the end", juxtaposed ? "write '*' between two factors" : undefined);
      return undefined;
    }
    return { output, operator: sign.text as Assignment["operator"], right, span: joinSpans(output.span, right.span) };
  }

  #sum(): Expression | undefined {
    let left = this.#product();
    while (left !== undefined) {
      const kind = this.#tokens.at("+") ? "add" : this.#tokens.at("-") ? "sub" : undefined;
      if (kind === undefined && !this.#foreignOperator()) return left;
      if (kind !== undefined) this.#tokens.take();
      left = this.#binary(kind ?? "add", left, this.#product());
    }
    return undefined;
  }

  #product(): Expression | undefined {
    let left = this.#factor();
    while (left !== undefined) {
      const kind = this.#tokens.at("*") ? "mul" : this.#tokens.at("/") ? "div" : undefined;
      if (kind === undefined) return left;
      this.#tokens.take();
      left = this.#binary(kind, left, this.#factor());
    }
    return undefined;
  }

  #binary(kind: BinaryOperation["kind"], left: Expression, right: Expression | undefined): Expression | undefined {
    if (right === undefined) return undefined;
    const span = joinSpans(left.span, right.span);
    if (++this.#operators > mostOperators) {
      const message = `this expression has more than ${mostOperators} operators`;
      this.#report({ severity: "error", code: "expression-too-long", message, span });
      return undefined;
    }
    return { kind, left, right, span };
  }

  #factor(): Expression | undefined {
    return this.#tokens.nest(() => {
      const token = this.#tokens.peek();
      if (token.kind === "identifier") return this.#access();
      if (token.kind === "integer" || token.kind === "float") return this.#literal(token);
      if (this.#tokens.at("-")) return this.#negation();
      if (this.#tokens.at("(")) return this.#parenthesised();
      this.#tokens.unexpected(operand);
      return undefined;
    });
  }

  #literal(number: NumberToken): Expression | undefined {
    const { value, span } = number;
    this.#tokens.take();
    if (Number.isFinite(value)) return { kind: "literal", value, span };
    const message = `${describeToken(number)} is beyond the largest double, ${Number.MAX_VALUE}`;
    this.#report({ severity: "error", code: "number-out-of-range", message, span });
    return undefined;
  }

  #negation(): Expression | undefined {
    const minus = this.#tokens.take();
    const negated = this.#factor();
    return negated && { kind: "neg", operand: negated, span: joinSpans(minus.span, negated.span) };
  }

  /** The node spans its parentheses, so that carets below a larger expression cover it whole. */
  #parenthesised(): Expression | undefined {
    const open = this.#tokens.take();
    const inner = this.#sum();
    if (inner === undefined || this.#tokens.expect(")", "to close the parenthesis") === undefined) return undefined;
    return { ...inner, span: this.#tokens.spanFrom(open) };
  }

  #access(): Access | undefined {
    const tokens = this.#tokens;
    const name = tokens.take();
    if (tokens.at("[")) tokens.unexpected(`'(' after '${name.text}'`, `write ${name.text}(...)`);
    const open = tokens.accept("(") ?? tokens.accept("[");
    const indices: IndexVariable[] = [];
    if (open === undefined) return { kind: "access", tensor: name.text, indices, span: name.span };
    const complete = tokens.at(")") || this.#indices(indices);
    if (!complete) tokens.recover(")", "]");
    if (tokens.expect(open.text === "(" ? ")" : "]", "to close the indices") === undefined) return undefined;
    const span = tokens.spanFrom(name);
    if (indices.length > maximumOrder) {
      const message = `${describeToken(name)} has ${indices.length} indices, more than ${maximumOrder}`;
      this.#report({ severity: "error", code: "order-too-large", message, span });
      return undefined;
    }
    return { kind: "access", tensor: name.text, indices, span };
  }

  #indices(indices: IndexVariable[]): boolean {
    do {
      const index = this.#tokens.expectKind("identifier", "an index variable");
      if (index === undefined) return false;
      indices.push({ name: index.text, span: index.span });
      if (this.#tokens.at("(")) {
        this.#tokens.unexpected("',' or ')'", "functions of tensors are not part of index notation");
        return false;
      }
    } while (this.#tokens.accept(",") !== undefined);
    return true;
  }

  /** Takes an operator of another language and reports it. */
  #foreignOperator(): boolean {
    const token = this.#tokens.peek();
    if (token.kind !== "punctuation" || !foreignOperators.includes(token.text)) return false;
    this.#tokens.take();
    const help = "the operators are + - * / on the right, with = or += after the output";
    const message = `unknown operator '${token.text}'`;
    this.#report({ severity: "error", code: "operator-unknown", message, span: token.span, help });
    return true;
  }

  #report(diagnostic: NotationDiagnostic): void {
    this.#bag.report(diagnostic);
  }
}
