/**
 * Reads the text of an einsum program.
 *
 *     program    = { ["program" NAME | input | output | fuse | statement] newline }
 *     input      = "input" NAME ["(" extent { "," extent } ")"] [":" FORMAT]
 *     output     = "output" NAME { "," NAME }
 *     fuse       = "fuse" NAME "{" { [statement] newline } "}"
 *     statement  = NAME [ "(" NAME { "," NAME } ")" ] "=" sum
 *     sum        = product { ("+" | "-") product }
 *     product    = factor { ("*" | "/") factor }
 *     factor     = "-" factor | NUMBER | access | "(" sum ")" | FUNCTION [ "[" NAME { "," NAME } "]" ] "(" sum ["," NUMBER] ")"
 *
 * Functions: relu, leakyrelu, exp, log, sqrt, tanh, erf, sin, cos, rsqrt, sigmoid, max(x, y), sum[j](x), max[j](x), softmax[j](x).
 */
import { DiagnosticBag, Lexer, type Source, type Span, type TokenStream } from "@millrace/ir-text";
import type { UnaryOperation } from "../sam/graph.ts";
import { checkProgram } from "./check-program.ts";
import { insertSums } from "./insert-sums.ts";
import type { EinsumProgram, ProgramExpression, ProgramExtent, ProgramInput, ProgramRegion } from "./program.ts";
import { type Operand, scaled } from "./scalars.ts";

const lexer = new Lexer({
  punctuation: ["(", ")", "[", "]", "{", "}", ",", ":", "=", "+", "-", "*", "/"],
  lineComments: ["#", "//"],
  newlines: true,
  // The tiles of BCSR(4x4).
  adjacentNames: true,
});

const functions: ReadonlySet<string> = new Set([
  "relu",
  "leakyrelu",
  "exp",
  "log",
  "sqrt",
  "tanh",
  "erf",
  "sin",
  "cos",
  "rsqrt",
  "sigmoid",
]);

/**
 * Parses and checks an einsum program.
 *
 * @throws {DiagnosticError} with every fault of the text
 * @example
 * parseProgram("input A(3, 3)\ninput x(3): d\ny(i) = A(i,j) * x(j)").outputs; // => ["y"]
 */
export function parseProgram(text: Source | string): EinsumProgram {
  const source = typeof text === "string" ? { name: "<program>", text } : text;
  const bag = new DiagnosticBag();
  const program = new ProgramParser(lexer.tokens(source, bag)).parse();
  if (!bag.failed) checkProgram(program, bag);
  bag.throwIfFailed();
  return program;
}

interface Draft {
  name: string;
  readonly inputs: ProgramInput[];
  readonly statements: EinsumProgram["statements"][number][];
  readonly outputs: string[];
  readonly regions: ProgramRegion[];
}

/** Each method reads one rule of the grammar; `undefined` means that a fault was reported. */
class ProgramParser {
  readonly #tokens: TokenStream;
  readonly #draft: Draft = { name: "program", inputs: [], statements: [], outputs: [], regions: [] };

  constructor(tokens: TokenStream) {
    this.#tokens = tokens;
  }

  parse(): EinsumProgram {
    const tokens = this.#tokens;
    while (!tokens.atEnd) {
      if (tokens.atKind("newline")) {
        tokens.take();
        continue;
      }
      if (!this.#line()) this.#skipLine();
      else if (!tokens.atEnd && !tokens.atKind("newline")) {
        tokens.unexpected("an operator or the end of the line");
        this.#skipLine();
      }
    }
    const { regions, ...rest } = this.#draft;
    const last = rest.statements.at(-1);
    const outputs = rest.outputs.length === 0 && last !== undefined ? [last.tensor] : rest.outputs;
    return { ...rest, outputs, ...(regions.length === 0 ? {} : { regions }) };
  }

  #skipLine(): void {
    this.#tokens.recover("newline");
    // A bracket that closes nothing stops recovery.
    if (!this.#tokens.atKind("newline") && !this.#tokens.atEnd) this.#tokens.take();
  }

  #line(): boolean {
    const tokens = this.#tokens;
    const after = tokens.peek(1);
    const word = after.kind === "identifier" ? tokens.peek().text : "";
    if (word === "program") return this.#name();
    if (word === "input") return this.#input();
    if (word === "output") return this.#output();
    if (word === "fuse") return this.#fuse();
    return this.#statement();
  }

  #name(): boolean {
    this.#tokens.take();
    this.#draft.name = this.#tokens.take().text;
    return true;
  }

  #input(): boolean {
    const tokens = this.#tokens;
    tokens.take();
    const name = tokens.take();
    const shape: ProgramExtent[] = [];
    if (tokens.accept("(") !== undefined) {
      do {
        const extent = tokens.atKind("identifier") ? tokens.take().text : tokens.expectInteger("an extent")?.value;
        if (extent === undefined) return false;
        shape.push(extent);
      } while (tokens.accept(",") !== undefined);
      if (tokens.expect(")", "to close the extents") === undefined) return false;
    }
    let format = "s".repeat(shape.length);
    if (tokens.accept(":") !== undefined) {
      const written = this.#format();
      if (written === undefined) return false;
      format = written;
    }
    this.#draft.inputs.push({ name: name.text, shape, format, span: tokens.spanFrom(name) });
    return true;
  }

  /** A format: letters such as `ds`, a name such as `BCSR(4x4)`, or any other text of one in quotes. */
  #format(): string | undefined {
    const tokens = this.#tokens;
    const quoted = tokens.atKind("string") ? tokens.take() : undefined;
    if (quoted?.kind === "string") return quoted.value;
    const name = tokens.expectKind("identifier", "a format such as ds or BCSR(4x4)");
    if (name === undefined || tokens.accept("(") === undefined) return name?.text;
    let extents = "";
    while (tokens.atKind("integer") || tokens.atKind("identifier")) extents += tokens.take().text;
    return tokens.expect(")", "to close a format such as BCSR(4x4)") && `${name.text}(${extents})`;
  }

  #output(): boolean {
    const tokens = this.#tokens;
    tokens.take();
    do {
      const name = tokens.expectKind("identifier", "the name of a result");
      if (name === undefined) return false;
      this.#draft.outputs.push(name.text);
    } while (tokens.accept(",") !== undefined);
    return true;
  }

  #fuse(): boolean {
    const tokens = this.#tokens;
    tokens.take();
    const name = tokens.take();
    if (tokens.expect("{", "to open the region") === undefined) return false;
    const first = this.#draft.statements.length;
    for (;;) {
      if (tokens.atKind("newline")) tokens.take();
      else if (tokens.accept("}") !== undefined) break;
      else if (tokens.atEnd) return tokens.expect("}", "to close the region") !== undefined;
      else if (!this.#statement()) this.#skipLine();
    }
    const tensors = this.#draft.statements.slice(first).map(({ tensor }) => tensor);
    this.#draft.regions.push({ name: name.text, tensors });
    return true;
  }

  #statement(): boolean {
    const tokens = this.#tokens;
    const name = tokens.expectKind("identifier", "a statement, 'input', 'output' or 'fuse'");
    if (name === undefined) return false;
    const indices = this.#indices();
    if (indices === undefined || tokens.expect("=", "after the result") === undefined) return false;
    const right = this.#sum();
    if (right === undefined) return false;
    const span = tokens.spanFrom(name);
    if (right.kind === "number") {
      tokens.unexpected("a tensor in the expression");
      return false;
    }
    const expression = insertSums(right, new Set(indices));
    this.#draft.statements.push({ tensor: name.text, indices, expression, span });
    return true;
  }

  #indices(): readonly string[] | undefined {
    const tokens = this.#tokens;
    if (tokens.accept("(") === undefined) return [];
    return this.#names(")");
  }

  #names(close: string): readonly string[] | undefined {
    const tokens = this.#tokens;
    const names: string[] = [];
    if (tokens.accept(close) !== undefined) return names;
    do {
      const name = tokens.expectKind("identifier", "an index variable");
      if (name === undefined) return undefined;
      names.push(name.text);
    } while (tokens.accept(",") !== undefined);
    return tokens.expect(close, "to close the indices") === undefined ? undefined : names;
  }

  #sum(): Operand | undefined {
    let left = this.#product();
    while (left !== undefined) {
      const operation = this.#tokens.at("+") ? "add" : this.#tokens.at("-") ? "sub" : undefined;
      if (operation === undefined) return left;
      this.#tokens.take();
      const right = this.#product();
      left = right === undefined ? undefined : scaled(operation, left, right);
    }
    return undefined;
  }

  #product(): Operand | undefined {
    let left = this.#factor();
    while (left !== undefined) {
      const operation = this.#tokens.at("*") ? "mul" : this.#tokens.at("/") ? "div" : undefined;
      if (operation === undefined) return left;
      this.#tokens.take();
      const right = this.#factor();
      left = right === undefined ? undefined : scaled(operation, left, right);
    }
    return undefined;
  }

  #factor(): Operand | undefined {
    const tokens = this.#tokens;
    return tokens.nest(() => {
      const token = tokens.peek();
      if (token.kind === "integer" || token.kind === "float") {
        tokens.take();
        return { kind: "number", value: token.value };
      }
      if (tokens.accept("-") !== undefined) {
        const operand = this.#factor();
        return operand && scaled("mul", { kind: "number", value: -1 }, operand);
      }
      if (tokens.accept("(") !== undefined) {
        const inner = this.#sum();
        return inner && tokens.expect(")", "to close the parenthesis") ? inner : undefined;
      }
      const name = tokens.expectKind("identifier", "a tensor, a number, a function or '('");
      return name && this.#named(name.text, name.span);
    });
  }

  #named(name: string, span: Span): Operand | undefined {
    const tokens = this.#tokens;
    if (tokens.accept("[") !== undefined) return this.#reduction(name);
    if (functions.has(name) && tokens.at("(")) return this.#function(name as UnaryOperation);
    if (name === "max" && tokens.at("(")) return this.#maximum();
    void span;
    const indices = this.#indices();
    return indices && { kind: "access", tensor: name, indices };
  }

  #reduction(name: string): Operand | undefined {
    const tokens = this.#tokens;
    const over = this.#names("]");
    if (over === undefined) return undefined;
    const operand = this.#argument();
    if (operand === undefined) return undefined;
    if (name === "sum") return { kind: "reduction", operation: "add", over, operand };
    if (name === "max") return { kind: "reduction", operation: "max", over, operand };
    const [variable] = over;
    if (name === "softmax" && variable !== undefined && over.length === 1)
      return { kind: "softmax", over: variable, operand };
    tokens.unexpected("sum[..], max[..] or softmax[..] before the argument");
    return undefined;
  }

  #argument(): ProgramExpression | undefined {
    const tokens = this.#tokens;
    if (tokens.expect("(", "before the argument") === undefined) return undefined;
    const operand = this.#sum();
    if (operand === undefined) return undefined;
    if (operand.kind === "number") {
      tokens.unexpected("an argument with a tensor");
      return undefined;
    }
    return tokens.expect(")", "after the argument") === undefined ? undefined : operand;
  }

  #function(operation: UnaryOperation): Operand | undefined {
    const operand = this.#argument();
    return operand && { kind: "unary", operation, operand };
  }

  #maximum(): Operand | undefined {
    const tokens = this.#tokens;
    tokens.take();
    const left = this.#sum();
    if (left === undefined || tokens.expect(",", "between the two arguments") === undefined) return undefined;
    const right = this.#sum();
    if (right === undefined || tokens.expect(")", "after the arguments") === undefined) return undefined;
    return scaled("max", left, right);
  }
}
