/** Reads size expressions: sympy's printed and structural forms, as torch.export writes them. */
import { DiagnosticBag, DiagnosticError, Lexer, type Source, type TokenStream } from "@millrace/ir-text";
import { combineSizes, type Size, type SizeOperator } from "./size.ts";

const lexer = new Lexer({ punctuation: ["(", ")", ",", "+", "-", "*", "//", "%", "=", ".", "/"], quotes: "'\"" });

const functions: Readonly<Record<string, SizeOperator>> = {
  Add: "add",
  Mul: "multiply",
  FloorDiv: "floor-divide",
  CleanDiv: "floor-divide",
  IntTrueDiv: "floor-divide",
  Mod: "mod",
  PythonMod: "mod",
  Max: "max",
  Min: "min",
  max: "max",
  min: "min",
};

/**
 * A size from its text: `s29`, `2*s0 + 1`, `(s0//4)`, or sympy's `Add(Symbol('s0', integer=True), Integer(1))`.
 *
 * @throws {DiagnosticError} with the column of the first thing that is not a size.
 *
 * @example
 * ```ts
 * printSize(parseSize("Mul(Integer(2), Symbol('s0', positive=True))")); // => "2*s0"
 * ```
 */
export function parseSize(input: string | Source): Size {
  const source = typeof input === "string" ? { name: "size", text: input } : input;
  const bag = new DiagnosticBag();
  const tokens = lexer.tokens(source, bag);
  const size = parseSum(tokens);
  if (!tokens.atEnd) tokens.unexpected("the end of the size");
  if (size === undefined || bag.failed) throw new DiagnosticError(bag.diagnostics);
  return size;
}

function parseSum(tokens: TokenStream): Size | undefined {
  return tokens.nest(() => {
    const terms: Size[] = [];
    let negative = tokens.accept("-") !== undefined;
    for (;;) {
      const term = parseProduct(tokens);
      if (term === undefined) return undefined;
      terms.push(negative ? combineSizes("multiply", [-1, term]) : term);
      if (tokens.accept("+")) negative = false;
      else if (tokens.accept("-")) negative = true;
      else break;
    }
    return terms.length === 1 ? terms[0] : combineSizes("add", terms);
  });
}

function parseProduct(tokens: TokenStream): Size | undefined {
  let left = parseAtom(tokens);
  for (;;) {
    const operator: SizeOperator | undefined = tokens.accept("*")
      ? "multiply"
      : tokens.accept("//")
        ? "floor-divide"
        : tokens.accept("%")
          ? "mod"
          : undefined;
    if (operator === undefined || left === undefined) return left;
    const right = parseAtom(tokens);
    if (right === undefined) return undefined;
    left = combineSizes(operator, [left, right]);
  }
}

function parseAtom(tokens: TokenStream): Size | undefined {
  const first = tokens.peek();
  if (tokens.accept("-")) {
    const operand = parseAtom(tokens);
    return operand === undefined ? undefined : combineSizes("multiply", [-1, operand]);
  }
  if (first.kind === "integer") {
    tokens.take();
    return first.value;
  }
  if (tokens.accept("(")) {
    const inner = parseSum(tokens);
    tokens.expect(")", "after the size");
    return inner;
  }
  if (first.kind !== "identifier") {
    tokens.unexpected("a size");
    return undefined;
  }
  tokens.take();
  return tokens.accept("(") ? parseCall(tokens, first.text) : { symbol: first.text };
}

function parseCall(tokens: TokenStream, name: string): Size | undefined {
  if (name === "Symbol") {
    const symbol = tokens.expectKind("string", "the name of the symbol");
    while (tokens.accept(",")) {
      tokens.expectKind("identifier", "an assumption");
      tokens.expect("=", "after the assumption");
      tokens.take();
    }
    tokens.expect(")", "after the symbol");
    return symbol === undefined ? undefined : { symbol: symbol.value };
  }
  const operands: Size[] = [];
  do {
    const operand = parseSum(tokens);
    if (operand === undefined) return undefined;
    operands.push(operand);
  } while (tokens.accept(","));
  tokens.expect(")", "after the operands");
  if (name === "Integer" || name === "TruncToInt" || name === "ToFloat") return operands[0];
  if (name === "Pow" && typeof operands[1] === "number" && operands[1] >= 0 && operands[1] <= 8) {
    return combineSizes("multiply", [1, ...Array.from({ length: operands[1] }, () => operands[0] as Size)]);
  }
  const operator = Object.hasOwn(functions, name) ? functions[name] : undefined;
  // What these packages cannot compute stays a symbol of its own: it is compared by name and bound by the inputs.
  if (operator === undefined) return { symbol: `${name}(${operands.length})` };
  return combineSizes(operator, operands);
}
