/** Graphs that `print(exported_program)` and `GraphModule.print_readable()` show, with ATen operators. */
import {
  DiagnosticBag,
  DiagnosticError,
  type Source,
  type Span,
  type Token,
  type TokenStream,
} from "@millrace/ir-text";
import { GraphBuilder } from "../../graph/graph-builder.ts";
import type { Attribute, ModelGraph } from "../../graph/model-graph.ts";
import { readSignature, type Signature } from "./aten-signature.ts";
import { InPlaceNames } from "./in-place.ts";
import { isInPlace, loweringOf, lowerTorchCall } from "./lower.ts";
import { parsePrintedType } from "./printed-type.ts";
import { byParameter, parseArguments, parseLiteral, pythonLexer } from "./python-lexer.ts";
import { placeOf, reported } from "./text-place.ts";
import { isValue, TorchCall } from "./torch-call.ts";

/** Whether a text is such a graph. */
export function isAtenText(text: string): boolean {
  return /^\s*(ExportedProgram:\s*)?class \w+\(torch\.nn\.Module\):/m.test(text) && text.includes("torch.ops.");
}

/** @throws {DiagnosticError} every fault of the text; {@link ModelError} what the graph itself lacks. */
export function readAtenText(source: Source): ModelGraph {
  return new AtenReader(source).read();
}

interface Statement {
  readonly name: Token;
  readonly type: string | undefined;
}

class AtenReader {
  readonly #bag = new DiagnosticBag();
  readonly #tokens: TokenStream;
  readonly #builder: GraphBuilder;
  readonly #arguments: { name: string; span: Span }[] = [];
  readonly #names = new InPlaceNames();
  /** Calls with several results, whose results are named by later lines `x = call[i]`. */
  readonly #pending = new Map<string, { parts: () => void; results: (string | undefined)[] }>();
  #returned: { name: string; span: Span }[] = [];

  constructor(source: Source) {
    this.#tokens = pythonLexer.tokens(source, this.#bag);
    const name = source.name.replace(/^.*[\\/]/, "").replace(/\..*$/, "");
    this.#builder = new GraphBuilder(name, {
      format: "aten-text",
      file: source.name,
      version: "",
      producer: "PyTorch",
    });
  }

  read(): ModelGraph {
    this.#header();
    while (!this.#tokens.atEnd && this.#returned.length === 0 && !this.#bag.full) this.#statement();
    for (const { parts } of this.#pending.values()) parts();
    const signature = readSignature(this.#tokens);
    if (this.#bag.failed) throw new DiagnosticError(this.#bag.diagnostics);
    this.#inputs(signature);
    const user = this.#returned.filter(({ name }) => !signature.notOutputs.has(name));
    for (const { name, span } of user) this.#builder.output(name, name, placeOf(span, name));
    for (const [symbol, range] of signature.ranges) {
      this.#watch(symbol);
      this.#builder.symbol({ name: symbol, ...range, hint: undefined, equalTo: [] });
    }
    return this.#builder.finish();
  }

  #watch(symbol: string): void {
    if (this.#builder.symbolOf(symbol) !== undefined) return;
    this.#builder.symbol({ name: symbol, minimum: undefined, maximum: undefined, hint: undefined, equalTo: [] });
  }

  // def forward(self, a: "f32[2]", …):
  #header(): void {
    const tokens = this.#tokens;
    while (!tokens.atEnd && tokens.peek().text !== "def") tokens.take();
    tokens.take();
    tokens.expectKind("identifier", "the name of the function");
    tokens.expect("(", "before the arguments");
    while (!tokens.atEnd && !tokens.accept(")")) {
      const name = tokens.expectKind("identifier", "an argument");
      if (name === undefined) return;
      const type = tokens.accept(":") ? this.#type() : undefined;
      if (name.text !== "self") {
        this.#arguments.push({ name: name.text, span: name.span });
        this.#declare(name.text, type, name.span);
      }
      if (!tokens.at(")") && tokens.expect(",", "between the arguments") === undefined) return;
    }
    while (!tokens.atEnd && !tokens.atKind("newline")) tokens.take();
  }

  #type(): string | undefined {
    const token = this.#tokens.take();
    return token.kind === "string" ? token.value : undefined;
  }

  #declare(name: string, type: string | undefined, span: Span): void {
    if (type === undefined) return;
    const value = parsePrintedType(type, (symbol) => this.#watch(symbol));
    if (value !== undefined) this.#builder.value(name, value);
    else {
      const message = `${JSON.stringify(type)} is no type that is modelled`;
      this.#bag.report({ severity: "error", code: "type-unknown", message, span, help: "types look like f32[34, 8]" });
    }
  }

  #statement(): void {
    const tokens = this.#tokens;
    if (tokens.accept("\n") || tokens.atKind("newline")) {
      if (tokens.atKind("newline")) tokens.take();
      return;
    }
    const first = tokens.peek();
    if (first.text === "return") {
      tokens.take();
      this.#returned = this.#results();
    } else if (first.kind === "identifier") {
      tokens.take();
      const type = tokens.accept(":") ? this.#type() : undefined;
      if (tokens.expect("=", `after ${first.text}`) !== undefined) this.#assignment({ name: first, type });
    } else tokens.unexpected("an assignment or the return");
    while (!tokens.atEnd && !tokens.atKind("newline")) tokens.take();
  }

  #assignment({ name, type }: Statement): void {
    const tokens = this.#tokens;
    this.#declare(name.text, type, name.span);
    const callee = tokens.expectKind("identifier", "a call");
    if (callee === undefined) return;
    if (tokens.accept("[")) {
      const index = tokens.expectInteger("the number of a result");
      const pending = this.#pending.get(callee.text);
      if (pending === undefined || index === undefined)
        tokens.unexpected("a call with several results before the brackets");
      else pending.results[index.value] = name.text;
      return;
    }
    if (tokens.expect("(", "after the operator") === undefined) return;
    const given = parseArguments(tokens, (word) => (this.#builder.has(word) ? word : undefined));
    if (given === undefined) return;
    this.#call(callee, name, given, type !== undefined);
  }

  #call(callee: Token, name: Token, given: NonNullable<ReturnType<typeof parseArguments>>, typed: boolean): void {
    const target = callee.text.replace(/^torch\.ops\./, "");
    const place = placeOf(name.span, name.text);
    const parts = byParameter(loweringOf(target)?.parameters ?? [], given) ?? new Map<string, Attribute>();
    const first = given.positional[0];
    for (const [key, argument] of parts) parts.set(key, this.#names.resolve(argument, place));
    const lower = (outputs: readonly string[]) => {
      const call = new TorchCall(this.#builder, { target, arguments: parts, outputs, place });
      reported(this.#bag, callee.span, () => lowerTorchCall(call));
    };
    if (!this.#builder.has(name.text)) this.#builder.value(name.text, this.#builder.valueOf(name.text));
    const size = this.#builder.valueOf(name.text).size;
    if (size !== undefined) {
      this.#builder.node({ op: "size-value", inputs: [], attributes: { size }, outputs: [name.text], place });
    } else if (typed) lower([name.text]);
    else {
      const results: (string | undefined)[] = [];
      const parts = () => lower(results.length === 0 ? [name.text] : Array.from(results, (result) => result ?? ""));
      this.#pending.set(name.text, { parts, results });
    }
    if (isValue(first) && typed)
      this.#names.note({ target, inPlace: isInPlace(target), place }, first.value, name.text);
  }

  #results(): { name: string; span: Span }[] {
    const start = this.#tokens.peek().span;
    const literal = parseLiteral(this.#tokens, (word) => (this.#builder.has(word) ? word : undefined));
    const items = Array.isArray(literal) ? (literal as readonly Attribute[]) : [literal ?? null];
    return items.flatMap((item) => (isValue(item) ? [{ name: item.value, span: start }] : []));
  }

  #inputs(signature: Signature): void {
    for (const { name, span } of this.#arguments) {
      const target = signature.params.get(name);
      const place = placeOf(span, target ?? name);
      if (target === undefined) this.#builder.input(name, name, place);
      else this.#builder.param(name, { name: target, weight: undefined }, place);
    }
  }
}
