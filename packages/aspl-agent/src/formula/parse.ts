/** Parses the formulas of task functions: arithmetic over `x[i]`, `s[i]`, `P["name"]`, symbols and a closed vocabulary. */
import { DiagnosticBag, Lexer, type TokenStream } from "@millrace/ir-text";
import { AsplError } from "../errors.ts";

/** A formula. `key` spells it in one way, so that equal subformulas have equal keys. */
export type Formula = { readonly key: string } & (
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "symbol"; readonly name: string }
  | { readonly kind: "part"; readonly of: "x" | "s"; readonly index: number }
  | { readonly kind: "param"; readonly name: string }
  | { readonly kind: "element"; readonly of: Formula; readonly index: number }
  | { readonly kind: "negate"; readonly of: Formula }
  | { readonly kind: "binary"; readonly operator: BinaryOperator; readonly left: Formula; readonly right: Formula }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Formula[] }
);

/** An operator between two formulas; comparisons give 1 or 0. */
export type BinaryOperator = "+" | "-" | "*" | "/" | ">" | "<" | ">=" | "<=";

const lexer = new Lexer({
  punctuation: ["+", "-", "*", "/", ">=", "<=", ">", "<", "(", ")", "[", "]", ","],
  quotes: '"',
});

/** @throws {AsplError} `formula` with the column of the first fault. */
export function parseFormula(text: string): Formula {
  const bag = new DiagnosticBag({ maximum: 1 });
  const tokens = lexer.tokens({ name: "formula", text }, bag);
  const formula = comparison(tokens);
  if (!bag.failed && !tokens.atEnd) tokens.unexpected("the end of the formula");
  const [first] = bag.diagnostics;
  if (first !== undefined || formula === undefined) {
    const column = (first?.span?.start ?? 0) + 1;
    throw new AsplError("formula", `'${text.slice(0, 60)}', column ${column}: ${first?.message ?? "no formula"}`);
  }
  return formula;
}

type Parser = (tokens: TokenStream) => Formula | undefined;

const comparison: Parser = (tokens) => {
  const left = sum(tokens);
  if (left === undefined) return undefined;
  for (const operator of [">=", "<=", ">", "<"] as const) {
    if (tokens.accept(operator)) return join(operator, left, sum(tokens));
  }
  return left;
};

const sum: Parser = (tokens) => chain(tokens, product, ["+", "-"]);
const product: Parser = (tokens) => chain(tokens, unary, ["*", "/"]);

function chain(tokens: TokenStream, part: Parser, operators: readonly BinaryOperator[]): Formula | undefined {
  let left = part(tokens);
  while (left !== undefined) {
    const operator = operators.find((one) => tokens.accept(one));
    if (operator === undefined) break;
    left = join(operator, left, part(tokens));
  }
  return left;
}

function join(operator: BinaryOperator, left: Formula, right: Formula | undefined): Formula | undefined {
  if (right === undefined) return undefined;
  return { kind: "binary", operator, left, right, key: `(${left.key}${operator}${right.key})` };
}

const unary: Parser = (tokens) =>
  tokens.nest(() => {
    if (!tokens.accept("-")) return postfix(tokens);
    const of = unary(tokens);
    return of === undefined ? undefined : { kind: "negate", of, key: `(-${of.key})` };
  });

const postfix: Parser = (tokens) => {
  let of = primary(tokens);
  while (of !== undefined && tokens.accept("[")) {
    const index = tokens.expectInteger("the position of an element")?.value;
    if (index === undefined || tokens.expect("]") === undefined) return undefined;
    of = { kind: "element", of, index, key: `${of.key}[${index}]` };
  }
  return of;
};

const primary: Parser = (tokens) => {
  const token = tokens.peek();
  if (token.kind === "integer" || token.kind === "float") {
    tokens.take();
    return { kind: "number", value: token.value, key: String(token.value) };
  }
  if (tokens.accept("(")) {
    const inner = comparison(tokens);
    return inner === undefined || tokens.expect(")") === undefined ? undefined : inner;
  }
  const word = tokens.expectKind("identifier", "a number, a name or '('");
  return word === undefined ? undefined : named(tokens, word.text);
};

function named(tokens: TokenStream, name: string): Formula | undefined {
  if ((name === "x" || name === "s") && tokens.accept("[")) {
    const index = tokens.expectInteger("the number of a part")?.value;
    if (index === undefined || tokens.expect("]") === undefined) return undefined;
    return { kind: "part", of: name, index, key: `${name}[${index}]` };
  }
  if (name === "P" && tokens.accept("[")) {
    const param = tokens.expectKind("string", "the name of a parameter in quotes")?.value;
    if (param === undefined || tokens.expect("]") === undefined) return undefined;
    return { kind: "param", name: param, key: `P[${JSON.stringify(param)}]` };
  }
  if (!tokens.accept("(")) return { kind: "symbol", name, key: name };
  const args: Formula[] = [];
  do {
    const arg = comparison(tokens);
    if (arg === undefined) return undefined;
    args.push(arg);
  } while (tokens.accept(","));
  if (tokens.expect(")") === undefined) return undefined;
  return { kind: "call", name, args, key: `${name}(${args.map(({ key }) => key).join(",")})` };
}
