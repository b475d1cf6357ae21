/**
 * Programs as text.
 *
 *     program softmax
 *     symbol B
 *     tensor out f32[64, 1]
 *     %x = source {shape = [B, ~L], element = f32[1, 64]}
 *     %e = map %x {fn = exp}
 *     %s = accum %e {fn = add, rank = 1}
 *     %o = output %s
 *
 * One statement per line; inside braces lines may break. A node of several outputs is read as `%node:0`, `%node:1`, ….
 * `assert NAME = EXTENT` states that two extents are always the same, `close %placeholder = %stream` closes a cycle.
 */
import { DiagnosticBag, nearest, type Source, type Span, type TokenStream } from "@millrace/ir-text";
import { StepError } from "../errors.ts";
import { closeFeedback } from "../ops/boundary/placeholder.ts";
import { operators } from "../ops/registry.ts";
import { Program, type Stream } from "../program/program.ts";
import type { ScalarType } from "../stream/element-type.ts";
import { stepLexer } from "./lexer.ts";
import { parseAttributes } from "./parse-attributes.ts";
import { parseExtent } from "./parse-extent.ts";

/**
 * Reads a program.
 *
 * @throws {DiagnosticError} with every fault of the text, and every rule that its nodes break, in its place.
 */
export function parseProgram(source: Source): Program {
  const bag = new DiagnosticBag();
  const parser = new ProgramParser(stepLexer.tokens(source, bag), bag);
  const program = parser.parse();
  bag.throwIfFailed();
  return program;
}

class ProgramParser {
  readonly #tokens: TokenStream;
  readonly #bag: DiagnosticBag;
  #program = new Program("program");
  /** Names of nodes with a fault: what reads them is not faulted again. */
  readonly #failed = new Set<string>();
  readonly #placeholders = new Map<string, Span>();

  constructor(tokens: TokenStream, bag: DiagnosticBag) {
    this.#tokens = tokens;
    this.#bag = bag;
  }

  parse(): Program {
    const tokens = this.#tokens;
    this.#skipLines();
    if (tokens.accept("program") === undefined) tokens.unexpected("'program' and a name");
    else this.#program = new Program(tokens.expectKind("identifier", "the name of the program")?.text ?? "program");
    for (;;) {
      // What is left of a faulty line says nothing.
      while (!tokens.atEnd && !tokens.atKind("newline")) tokens.take();
      this.#skipLines();
      if (tokens.atEnd || this.#bag.full) break;
      const faults = this.#bag.diagnostics.length;
      this.#statement();
      if (this.#bag.diagnostics.length > faults || tokens.atEnd || tokens.atKind("newline")) continue;
      tokens.unexpected("the end of the line");
    }
    for (const [id, span] of this.#placeholders) {
      if (this.#program.feedback.has(id) || this.#failed.has(id)) continue;
      const message = `placeholder %${id} is never closed`;
      this.#fault("program-invalid", message, span, `add a line: close %${id} = %STREAM`);
    }
    return this.#program;
  }

  #statement(): void {
    const tokens = this.#tokens;
    if (tokens.at("%")) this.#node();
    else if (tokens.at("symbol")) this.#symbols();
    else if (tokens.at("tensor")) this.#tensor();
    else if (tokens.at("assert")) this.#assertion();
    else if (tokens.at("close")) this.#close();
    else tokens.unexpected("'%', 'symbol', 'tensor', 'assert' or 'close'");
  }

  #symbols(): void {
    const tokens = this.#tokens;
    tokens.take();
    do {
      const name = tokens.expectKind("identifier", "the name of a symbol");
      if (name === undefined) return;
      this.#guard(name.span, () => this.#program.symbol(name.text));
    } while (tokens.accept(",") !== undefined);
  }

  #tensor(): void {
    const tokens = this.#tokens;
    const first = tokens.take();
    const name = tokens.expectKind("identifier", "the name of a tensor");
    if (name === undefined) return;
    const scalar = tokens.expectWord(["f16", "bf16", "f32", "u32", "u64", "bool"], "a type of numbers");
    if (scalar === undefined || tokens.expect("[", "before the rows of the tensor") === undefined) return;
    const rows = tokens.expectInteger("the rows of the tensor");
    if (rows === undefined || tokens.expect(",", "between rows and columns") === undefined) return;
    const columns = tokens.expectInteger("the columns of the tensor");
    if (columns === undefined || tokens.expect("]", "to close the tensor") === undefined) return;
    const type = { scalar: scalar as ScalarType, rows: rows.value, columns: columns.value };
    this.#guard(tokens.spanFrom(first), () => this.#program.tensor(name.text, type));
  }

  #assertion(): void {
    const tokens = this.#tokens;
    const first = tokens.take();
    const context = { bag: this.#bag, symbols: this.#program.symbols };
    const left = parseExtent(tokens, context);
    if (left === undefined || tokens.expect("=", "between the two extents") === undefined) return;
    const right = parseExtent(tokens, context);
    if (right !== undefined) this.#guard(tokens.spanFrom(first), () => this.#program.assertSame(left, right));
  }

  #close(): void {
    const tokens = this.#tokens;
    const first = tokens.take();
    const promised = this.#stream();
    if (tokens.expect("=", "after the placeholder") === undefined) return;
    const given = this.#stream();
    if (promised !== undefined && given !== undefined) {
      if (!this.#guard(tokens.spanFrom(first), () => closeFeedback(promised, given))) this.#failed.add(promised.node);
    }
  }

  #node(): void {
    const tokens = this.#tokens;
    tokens.take();
    const name = tokens.expectKind("identifier", "the name of a node");
    if (name === undefined) return;
    const clean = this.#nodeBody(name.text, name.span);
    if (!clean && this.#program.node(name.text) === undefined) this.#failed.add(name.text);
  }

  #nodeBody(id: string, nameSpan: Span): boolean {
    const tokens = this.#tokens;
    if (tokens.expect("=", "after the name of the node") === undefined) return false;
    const word = tokens.expectKind("identifier", "an operator");
    if (word === undefined) return false;
    const operator = operators.get(word.text);
    if (operator === undefined) {
      const close = nearest(word.text, operators.keys());
      const help =
        close === undefined ? `operators are: ${[...operators.keys()].join(", ")}` : `did you mean '${close}'?`;
      this.#fault("operator-unknown", `there is no operator '${word.text}'`, word.span, help);
      return false;
    }
    const inputs: (Stream | undefined)[] = [];
    if (tokens.at("%")) {
      do inputs.push(this.#stream());
      while (tokens.accept(",") !== undefined);
    }
    const context = { bag: this.#bag, symbols: this.#program.symbols };
    const attributes = tokens.at("{") ? parseAttributes(tokens, operator, context) : {};
    if (attributes === undefined || inputs.includes(undefined)) return false;
    const given = inputs as Stream[];
    const place = { node: nameSpan, operator: word.span };
    if (operator.name === "placeholder") this.#placeholders.set(id, nameSpan);
    return this.#guard(place, () => this.#program.add(operator, { id, inputs: given, attributes }));
  }

  /** stream := "%" name (":" port)? */
  #stream(): Stream | undefined {
    const tokens = this.#tokens;
    const first = tokens.expect("%", "before the name of a stream");
    const name = first === undefined ? undefined : tokens.expectKind("identifier", "the name of a node");
    if (first === undefined || name === undefined) return undefined;
    const port = tokens.accept(":") === undefined ? undefined : tokens.expectInteger("the number of an output");
    if (this.#failed.has(name.text)) return undefined;
    const node = this.#program.node(name.text);
    const span = tokens.spanFrom(first);
    if (node === undefined) {
      const close = nearest(
        name.text,
        this.#program.nodes.map(({ id }) => id),
      );
      const help =
        close === undefined
          ? "streams are defined before they are used; a cycle is closed with a placeholder"
          : `did you mean '%${close}'?`;
      this.#fault("stream-unknown", `there is no stream '%${name.text}'`, span, help);
      return undefined;
    }
    const count = node.outputs.length;
    const stream = node.outputs[port?.value ?? 0];
    if (stream !== undefined && (port !== undefined || count === 1)) return stream;
    const has =
      count === 0 ? "no outputs" : count === 1 ? "one output" : `outputs %${name.text}:0 to %${name.text}:${count - 1}`;
    this.#fault("stream-unknown", `%${name.text} has ${has}`, span);
    return undefined;
  }

  /** Runs what may break a rule; a broken one becomes a diagnostic. Whether none was broken. */
  #guard(span: Span | { readonly node: Span; readonly operator: Span }, action: () => unknown): boolean {
    try {
      action();
      return true;
    } catch (error) {
      if (!(error instanceof StepError)) throw error;
      const place = "node" in span ? (error.code === "node-id" ? span.node : span.operator) : span;
      const { hint } = error.place;
      // The hint stands on a line of its own.
      const message =
        hint === undefined ? error.message : error.message.replace(` Hint: ${hint}.`, "").replace(`; ${hint}`, "");
      this.#fault(error.code, message, place, hint);
      return false;
    }
  }

  #fault(code: string, message: string, span: Span, help?: string): void {
    this.#bag.report({ severity: "error", code, message, span, ...(help === undefined ? {} : { help }) });
  }

  #skipLines(): void {
    while (this.#tokens.atKind("newline")) this.#tokens.take();
  }
}
