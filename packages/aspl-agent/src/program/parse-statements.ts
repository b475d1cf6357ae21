/**
 * Reads the paper's Python-like syntax as a closed grammar: assignments of `step.Op(…).apply(…)`, of a list of functions
 * and of the one comprehension over zipped functions and streams, comments, and `return`. Nothing is evaluated, and
 * everything else is a syntax error.
 */
import { DiagnosticBag, joinSpans, Lexer, type Source, type Token, type TokenStream } from "@millrace/ir-text";
import type { Call, Comprehension, NameUse, Setting, Statement } from "./statement.ts";

const lexer = new Lexer({
  punctuation: ["=", "(", ")", "[", "]", ",", ".", ":"],
  lineComments: ["#"],
  newlines: true,
});

/** The statements of a text; the first fault goes to `bag`. */
export function parseStatements(source: Source, bag: DiagnosticBag): readonly Statement[] {
  const parser = new Parser(lexer.tokens(source, bag));
  const statements: Statement[] = [];
  while (!bag.failed && parser.more()) {
    const statement = parser.statement();
    if (statement === undefined) break;
    statements.push(statement);
    if (statement.kind === "return") {
      parser.expectEnd();
      break;
    }
  }
  return statements;
}

/** A bag for one fault: later ones would only follow from it. */
export function oneFault(): DiagnosticBag {
  return new DiagnosticBag({ maximum: 1 });
}

class Parser {
  readonly #tokens: TokenStream;
  #started = false;

  constructor(tokens: TokenStream) {
    this.#tokens = tokens;
  }

  /** Skips empty lines and a leading `def name(a, b):`; whether a statement follows. */
  more(): boolean {
    this.#skipLines();
    if (!this.#started && this.#tokens.at("def")) {
      while (!this.#tokens.atEnd && !this.#tokens.atKind("newline")) this.#tokens.take();
      this.#skipLines();
    }
    this.#started = true;
    return !this.#tokens.atEnd;
  }

  expectEnd(): void {
    this.#skipLines();
    if (!this.#tokens.atEnd) this.#tokens.unexpected("nothing after 'return'");
  }

  statement(): Statement | undefined {
    const first = this.#tokens.peek();
    const statement = this.#tokens.accept("return") ? this.#return(first) : this.#assignment();
    if (statement === undefined) return undefined;
    if (!this.#tokens.atEnd && !this.#tokens.atKind("newline")) {
      this.#tokens.unexpected("the end of the line");
      return undefined;
    }
    return statement;
  }

  #skipLines(): void {
    while (this.#tokens.atKind("newline")) this.#tokens.take();
  }

  #return(first: Token): Statement | undefined {
    const wrapped = this.#tokens.accept("(") ?? this.#tokens.accept("[");
    const values = this.#names("a value to return", wrapped !== undefined);
    if (values === undefined) return undefined;
    if (wrapped !== undefined && this.#tokens.expect(wrapped.text === "(" ? ")" : "]") === undefined) return undefined;
    return { kind: "return", values, span: this.#tokens.spanFrom(first) };
  }

  #assignment(): Statement | undefined {
    const wrapped = this.#tokens.accept("(");
    const targets = this.#names("a name, 'step' or 'return'", wrapped !== undefined);
    if (targets === undefined) return undefined;
    if (wrapped !== undefined && this.#tokens.expect(")") === undefined) return undefined;
    if (this.#tokens.expect("=", "after the name of a new value") === undefined) return undefined;
    const [target] = targets as [NameUse];
    if (this.#tokens.at("[") && targets.length === 1) return this.#list(target);
    const call = this.#call();
    return call === undefined ? undefined : { kind: "call", targets, call };
  }

  #list(target: NameUse): Statement | undefined {
    const open = this.#tokens.take();
    this.#skipLines();
    if (!this.#tokens.at("step")) {
      const names = this.#names("the name of a function", true);
      if (names === undefined || this.#tokens.expect("]", "to close the list") === undefined) return undefined;
      return { kind: "functions", target, names };
    }
    const each = this.#comprehension(open);
    return each === undefined ? undefined : { kind: "each", target, each };
  }

  /** `[step.Map(fn=f).apply(x) for f, x in zip(functions, streams)]`, with the open bracket taken. */
  #comprehension(open: Token): Comprehension | undefined {
    const call = this.#call();
    if (call === undefined || this.#skipTo("for") === undefined) return undefined;
    const variables = this.#names("the names that the loop gives", false);
    if (variables === undefined || this.#skipTo("in") === undefined || this.#skipTo("zip") === undefined)
      return undefined;
    if (this.#tokens.expect("(") === undefined) return undefined;
    const first = this.#zipped();
    if (first === undefined || this.#tokens.expect(",") === undefined) return undefined;
    const second = this.#zipped();
    if (second === undefined || this.#tokens.expect(")") === undefined) return undefined;
    if (this.#skipTo("]") === undefined) return undefined;
    return this.#paired({ call, variables, zipped: [first, second], span: this.#tokens.spanFrom(open) });
  }

  #skipTo(word: string): Token | undefined {
    this.#skipLines();
    const token = this.#tokens.expect(word);
    return token;
  }

  #zipped(): readonly NameUse[] | NameUse | undefined {
    if (!this.#tokens.accept("[")) return this.#name("a list of functions or of streams");
    const names = this.#names("the name of a function", true);
    return names === undefined || this.#tokens.expect("]") === undefined ? undefined : names;
  }

  /** Which of the zipped lists are the functions: the one whose variable stands at `fn=`. */
  #paired(parts: {
    readonly call: Call;
    readonly variables: readonly NameUse[];
    readonly zipped: readonly (readonly NameUse[] | NameUse)[];
    readonly span: Comprehension["span"];
  }): Comprehension | undefined {
    const { call, variables, zipped, span } = parts;
    const fn = call.settings.get("fn");
    const at = variables.findIndex(({ name }) => fn?.kind === "name" && name === fn.name);
    const streams = zipped[1 - at];
    const argument = call.args.length === 1 && call.args[0]?.name === variables[1 - at]?.name;
    if (
      call.operator !== "Map" ||
      variables.length !== 2 ||
      at < 0 ||
      !argument ||
      streams === undefined ||
      "length" in streams
    ) {
      this.#tokens.unexpected(
        "a comprehension of the form [step.Map(fn=f).apply(x) for f, x in zip([functions], streams)] before this",
      );
      return undefined;
    }
    return { fns: zipped[at]!, list: streams, span };
  }

  #call(): Call | undefined {
    const tokens = this.#tokens;
    const start = tokens.peek();
    if (tokens.expect("step", "to begin a call of an operator") === undefined) return undefined;
    if (tokens.expect(".") === undefined) return undefined;
    const operator = tokens.expectKind("identifier", "the name of an operator");
    if (operator === undefined || tokens.expect("(", "for the settings of the operator") === undefined)
      return undefined;
    const settings = this.#settings();
    if (settings === undefined) return undefined;
    if (tokens.expect(".", "for '.apply(…)'") === undefined || tokens.expect("apply") === undefined) return undefined;
    if (tokens.expect("(", "for the values the operator takes") === undefined) return undefined;
    this.#skipLines();
    const wrapped = tokens.accept("(");
    const args = this.#names("the name of a value", true);
    if (args === undefined) return undefined;
    if (wrapped !== undefined && tokens.expect(")", "to close the pair") === undefined) return undefined;
    this.#skipLines();
    if (tokens.expect(")", "to close 'apply'") === undefined) return undefined;
    return { operator: operator.text, span: joinSpans(start.span, operator.span), settings, args };
  }

  #settings(): Map<string, Setting> | undefined {
    const settings = new Map<string, Setting>();
    this.#skipLines();
    while (!this.#tokens.accept(")")) {
      if (settings.size > 0 && this.#tokens.expect(",") === undefined) return undefined;
      this.#skipLines();
      const name = this.#tokens.expectKind("identifier", "the name of a setting");
      if (name === undefined || this.#tokens.expect("=", "after the name of a setting") === undefined) return undefined;
      const setting = this.#setting();
      if (setting === undefined) return undefined;
      settings.set(name.text, setting);
      this.#skipLines();
    }
    return settings;
  }

  #setting(): Setting | undefined {
    const tokens = this.#tokens;
    const start = tokens.peek();
    if (start.kind === "identifier") {
      tokens.take();
      return { kind: "name", name: start.text, span: start.span };
    }
    const open = tokens.accept("(") ?? tokens.accept("[");
    const numbers: number[] = [];
    do {
      if (open !== undefined && numbers.length > 0 && !tokens.atKind("integer")) break;
      const number = tokens.expectInteger("a name or a whole number")?.value;
      if (number === undefined) return undefined;
      numbers.push(number);
    } while (open !== undefined && tokens.accept(","));
    if (open !== undefined && tokens.expect(open.text === "(" ? ")" : "]") === undefined) return undefined;
    return { kind: "numbers", numbers, span: tokens.spanFrom(start) };
  }

  /** Names with commas between them; a trailing comma is allowed inside brackets. */
  #names(what: string, bracketed: boolean): NameUse[] | undefined {
    const names: NameUse[] = [];
    do {
      if (bracketed) this.#skipLines();
      if (bracketed && names.length > 0 && !this.#tokens.atKind("identifier")) break;
      const name = this.#name(what);
      if (name === undefined) return undefined;
      names.push(name);
    } while (this.#tokens.accept(","));
    if (bracketed) this.#skipLines();
    return names;
  }

  #name(what: string): NameUse | undefined {
    const token = this.#tokens.expectKind("identifier", what);
    return token === undefined ? undefined : { name: token.text, span: token.span };
  }
}
