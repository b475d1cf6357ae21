/**
 * Expressions of PyTorch, as the paper's tasks give their functions, as formulas. A closed grammar is read; nothing is
 * executed.
 */
import { DiagnosticBag, Lexer, type TokenStream } from "@millrace/ir-text";
import { AsplError } from "../../errors.ts";

/** What names stand for in the body of a function. */
export interface PythonNames {
  /** Values that were assigned, as formulas. */
  readonly values: ReadonlyMap<string, string>;
  /** Functions that the task's global statements name, as those of formulas. */
  readonly functions: ReadonlyMap<string, string>;
  /** Weights, with the number of their axes. */
  readonly params: ReadonlyMap<string, number>;
}

const lexer = new Lexer({
  punctuation: ["**", "+", "-", "*", "/", "@", ">=", "<=", ">", "<", "(", ")", "[", "]", ",", ".", "="],
  quotes: "'",
});

/** Functions of `torch` and methods of tensors, as those of formulas. */
const torch: Readonly<Record<string, string>> = {
  ...{ exp: "exp", sqrt: "sqrt", log: "log", abs: "abs", tanh: "tanh", sigmoid: "sigmoid", relu: "relu" },
  ...{ max: "max2", maximum: "max2", min: "min2", minimum: "min2" },
};
const pairs = new Set(["max2", "min2"]);

/** @throws {AsplError} `task` with what is not read, and its column. */
export function pythonFormula(text: string, names: PythonNames): string {
  // Texts are in single or in double quotes; the lexer knows one kind.
  const source = { name: "function", text: text.replaceAll('"', "'") };
  const bag = new DiagnosticBag({ maximum: 1 });
  const tokens = lexer.tokens(source, bag);
  const formula = new PythonReader(tokens, names, text).comparison();
  if (!bag.failed && !tokens.atEnd) tokens.unexpected("the end of the expression");
  const [fault] = bag.diagnostics;
  if (fault !== undefined) refuse(text, fault.span?.start ?? 0, fault.message);
  return formula;
}

function refuse(text: string, at: number, message: string): never {
  throw new AsplError("task", `'${text.slice(0, 80)}', column ${at + 1}: ${message}`);
}

class PythonReader {
  readonly #tokens: TokenStream;
  readonly #names: PythonNames;
  readonly #text: string;

  constructor(tokens: TokenStream, names: PythonNames, text: string) {
    this.#tokens = tokens;
    this.#names = names;
    this.#text = text;
  }

  comparison(): string {
    const left = this.#sum();
    for (const operator of [">=", "<=", ">", "<"]) {
      if (this.#tokens.accept(operator)) return `${left}${operator}${this.#sum()}`;
    }
    return left;
  }

  #sum(): string {
    let left = this.#product();
    for (;;) {
      if (this.#tokens.accept("+")) left = `(${left}+${this.#product()})`;
      else if (this.#tokens.accept("-")) left = `(${left}-${this.#product()})`;
      else return left;
    }
  }

  #product(): string {
    let left = this.#unary();
    for (;;) {
      if (this.#tokens.accept("*")) left = `(${left}*${this.#unary()})`;
      else if (this.#tokens.accept("/")) left = `(${left}/${this.#unary()})`;
      else if (this.#tokens.accept("@")) left = this.#applied(left, this.#unary());
      else return left;
    }
  }

  /** A row times a weight: a matrix, or a row of its own. */
  #applied(row: string, weight: string): string {
    const name = /^P\["(\w+)"\]$/.exec(weight)?.[1];
    const axes = name === undefined ? undefined : this.#names.params.get(name);
    if (axes === 1) return `dot(${row},${weight})`;
    if (axes === 2) return `vecmat(${row},${weight})`;
    return this.#refuse("@ is read before a weight of one or two axes alone");
  }

  #unary(): string {
    const nested = this.#tokens.nest(() => {
      if (this.#tokens.accept("-")) return `(-${this.#unary()})`;
      return this.#postfix();
    });
    return nested ?? this.#refuse("this is nested too deep");
  }

  #postfix(): string {
    let of = this.#primary();
    for (;;) {
      if (this.#tokens.accept("[")) of = `${of}[${this.#integer("]")}]`;
      else if (this.#tokens.accept(".")) of = this.#method(of);
      else return of;
    }
  }

  /** `.T`; a mean that is spread over its row again; `.unsqueeze(-1)`, as numbers are spread anyway. */
  #method(of: string): string {
    const name = this.#word("a method");
    if (name === "T") return `transpose(${of})`;
    if (name === "unsqueeze") {
      this.#call("(-1)");
      return of;
    }
    if (name === "mean") {
      this.#call("(dim=-1,keepdim=True).expand(");
      this.#symbol();
      this.#expect(")");
      return `meanFill(${of})`;
    }
    const known = torch[name];
    if (known === undefined || pairs.has(known)) return this.#refuse(`.${name} is not read`);
    this.#call("()");
    return `${known}(${of})`;
  }

  #primary(): string {
    const token = this.#tokens.peek();
    if (token.kind === "integer" || token.kind === "float") {
      this.#tokens.take();
      return numberText(Number(token.value));
    }
    if (this.#tokens.accept("(")) {
      const inner = this.comparison();
      this.#expect(")");
      return `(${inner})`;
    }
    const name = this.#word("a number, a name or '('");
    if (name === "input" || name === "state") {
      this.#expect("[");
      return `${name === "input" ? "x" : "s"}[${this.#integer("]")}]`;
    }
    if (name === "input_data") return this.#param();
    if (name === "torch") return this.#torch();
    if (name === "ctx") {
      this.#expect("[");
      const symbol = this.#word("a symbol");
      this.#expect("]");
      return symbol;
    }
    const value = this.#names.values.get(name);
    if (value !== undefined) return value;
    const called = this.#names.functions.get(name);
    if (called !== undefined) return `${called}(${this.#arguments(1)})`;
    if (name.endsWith("_value")) return name.slice(0, -"_value".length);
    return this.#refuse(`'${name}' is not known`);
  }

  #param(): string {
    this.#expect("[");
    const name = this.#tokens.expectKind("string", "the name of a weight in quotes")?.value;
    this.#expect("]");
    if (name === undefined || !this.#names.params.has(name)) return this.#refuse(`there is no weight '${name ?? ""}'`);
    return `P["${name}"]`;
  }

  #torch(): string {
    this.#expect(".");
    const name = this.#word("a function of torch");
    if (name === "einsum") {
      this.#expect("(");
      const rule = this.#tokens.expectKind("string", "the rule of the product in quotes")?.value.replaceAll(" ", "");
      this.#expect(",");
      const left = this.comparison();
      this.#expect(",");
      const right = this.comparison();
      this.#expect(")");
      return /^(\w),(\w)->\1\2$/.test(rule ?? "")
        ? `outer(${left},${right})`
        : this.#refuse(`of einsum, outer products ('i,j->ij') are read, not '${rule ?? ""}'`);
    }
    const known = torch[name] ?? this.#refuse(`torch.${name} is not read`);
    return `${known}(${this.#arguments(pairs.has(known) ? 2 : 1)})`;
  }

  #arguments(count: number): string {
    this.#expect("(");
    const given = [this.comparison()];
    while (given.length < count) {
      this.#expect(",");
      given.push(this.comparison());
    }
    this.#expect(")");
    return given.join(",");
  }

  #symbol(): void {
    if (!this.#word("a size").endsWith("_value")) this.#refuse("expected a size such as D_value");
  }

  /** Exactly these tokens. */
  #call(text: string): void {
    for (const part of text.match(/\w+|[^\w]/g) ?? []) {
      const token = this.#tokens.peek();
      if (token.text !== part) this.#refuse(`expected ${text}`);
      this.#tokens.take();
    }
  }

  #integer(close: string): number {
    const value = this.#tokens.expectInteger("a position")?.value ?? 0;
    this.#expect(close);
    return value;
  }

  #word(what: string): string {
    return this.#tokens.expectKind("identifier", what)?.text ?? this.#refuse(`expected ${what}`);
  }

  #expect(text: string): void {
    if (!this.#tokens.accept(text)) this.#refuse(`expected '${text}'`);
  }

  #refuse(message: string): never {
    return refuse(this.#text, this.#tokens.peek().span.start, message);
  }
}

/** A number as formulas spell it, without an exponent. */
function numberText(value: number): string {
  const text = String(value);
  return text.includes("e") ? value.toFixed(20).replace(/0+$/, "") : text;
}
