/** Printed `torch.fx` graphs and their rows as JSON. */
import { DiagnosticBag, DiagnosticError, type Source, type TokenStream } from "@millrace/ir-text";
import { JsonReader } from "../../archive/json-reader.ts";
import { parseJson } from "../../archive/parse-json.ts";
import { GraphBuilder } from "../../graph/graph-builder.ts";
import type { Attribute, ModelGraph } from "../../graph/model-graph.ts";
import { lowerFxRow } from "./fx-graph.ts";
import { readModuleTree } from "./fx-modules.ts";
import type { FxHints, FxRow } from "./fx-rows.ts";
import { type ParsedArguments, parseArguments, parseLiteral, pythonLexer } from "./python-lexer.ts";

const none: ParsedArguments = { positional: [], named: new Map() };

/** Whether a text is a printed graph of torch.fx. */
export function isFxText(text: string): boolean {
  return (
    /^(\s*\w+\(\s*\n[\s\S]*?\n\)\s*)?\s*graph\(.*\):/.test(text) &&
    /= (placeholder|get_attr|call_\w+)\[target=/.test(text)
  );
}

/** @throws {DiagnosticError} every fault of the text */
export function readFxText(source: Source, hints: FxHints): ModelGraph {
  const bag = new DiagnosticBag();
  // What follows the graph is the same program as Python.
  const program = source.text.replace(/^# python\s*$[\s\S]*/m, "");
  // In front of it may be its modules, as Python prints them; their lines stay, so that places are those of the file.
  const tree = readModuleTree(program);
  const text = [...new Array<string>(tree.lines).fill(""), ...program.split("\n").slice(tree.lines)].join("\n");
  const told = { ...hints, modules: { ...tree.modules, ...hints.modules } };
  const graphSource = { ...source, text };
  const tokens = pythonLexer.tokens(graphSource, bag);
  const builder = builderFor(source.name, "fx-text");
  while (!tokens.atEnd && !bag.full) {
    const row = readRow(tokens, graphSource);
    if (row !== undefined) lowerFxRow(builder, row, bag, told);
    while (!tokens.atEnd && !tokens.atKind("newline")) tokens.take();
    if (!tokens.atEnd) tokens.take();
  }
  bag.throwIfFailed();
  return builder.finish();
}

function builderFor(file: string, format: "fx-text" | "fx-json"): GraphBuilder {
  const name = file.replace(/^.*[\\/]/, "").replace(/\..*$/, "");
  return new GraphBuilder(name, { format, file, version: "", producer: "torch.fx" });
}

// %name : [num_users=k] = opcode[target=t](args = (…), kwargs = {…}), or return …
function readRow(tokens: TokenStream, source: Source): FxRow | undefined {
  const first = tokens.peek();
  if (first.text === "return") {
    tokens.take();
    const result = parseLiteral(tokens, (word) => word);
    const items: Attribute[] = [result ?? null];
    while (tokens.accept(",")) items.push(parseLiteral(tokens, (word) => word) ?? null);
    const positional: Attribute[] = items.length === 1 ? items : [items];
    return {
      opcode: "output",
      name: "output",
      target: "output",
      given: { positional, named: new Map() },
      span: first.span,
    };
  }
  if (!tokens.accept("%")) return undefined;
  const name = tokens.expectKind("identifier", "the name of a value");
  while (!tokens.atEnd && !tokens.atKind("newline") && !tokens.at("]")) tokens.take();
  tokens.accept("]");
  tokens.expect("=", "before the instruction");
  const opcode = tokens.expectKind("identifier", "an instruction");
  if (name === undefined || opcode === undefined || tokens.expect("[", "before the target") === undefined)
    return undefined;
  tokens.take();
  tokens.expect("=", "before the target");
  const target = tokens.expectKind("identifier", "a target");
  if (target === undefined || tokens.expect("]", "after the target") === undefined) return undefined;
  const row = { opcode: opcode.text, name: name.text, target: target.text, span: name.span };
  const takesArguments = opcode.text.startsWith("call_") && tokens.accept("(") !== undefined;
  if (!takesArguments) return { ...row, given: none };
  const given = readCall(tokens, source, target.text);
  return given === undefined ? undefined : { ...row, given };
}

function readCall(tokens: TokenStream, source: Source, target: string): ParsedArguments | undefined {
  tokens.expectWord(["args"], "the arguments");
  tokens.expect("=", "after args");
  tokens.expect("(", "before the arguments");
  const equation = target.endsWith("einsum") ? readEquation(tokens, source) : undefined;
  const positional = parseArguments(tokens, () => undefined);
  if (positional === undefined) return undefined;
  const named = new Map(positional.named);
  if (tokens.accept(",")) {
    tokens.expectWord(["kwargs"], "the named arguments");
    tokens.expect("=", "after kwargs");
    readNamed(tokens, named);
  }
  return { positional: equation === undefined ? positional.positional : [equation, ...positional.positional], named };
}

// The equation is printed without quotes: everything up to the first value.
function readEquation(tokens: TokenStream, source: Source): string {
  const start = tokens.peek().span.start;
  let end = start;
  while (!tokens.at("%") && !tokens.atEnd && !tokens.atKind("newline")) end = tokens.take().span.end;
  return source.text.slice(start, end).replace(/,\s*$/, "");
}

function readNamed(tokens: TokenStream, named: Map<string, Attribute>): void {
  tokens.expect("{", "before the named arguments");
  while (!tokens.atEnd && !tokens.atKind("newline") && !tokens.accept("}")) {
    const key = tokens.take();
    tokens.expect(":", "after the name");
    const item = parseLiteral(tokens, () => undefined);
    if (item === undefined) return;
    named.set(key.kind === "string" ? key.value : key.text, item);
    if (!tokens.at("}") && tokens.expect(",", "between the arguments") === undefined) return;
  }
}

/** Whether JSON is the rows of a traced graph. */
export function isFxJson(json: unknown): boolean {
  return (
    Array.isArray(json) && json.length > 0 && typeof json[0] === "object" && json[0] !== null && "opcode" in json[0]
  );
}

/** @throws {ModelError} `program-malformed`, {@link DiagnosticError} faults inside the printed arguments */
export function readFxJson(bytes: Uint8Array, file: string, hints: FxHints): ModelGraph {
  const place = { file };
  const builder = builderFor(file, "fx-json");
  const bag = new DiagnosticBag();
  for (const json of new JsonReader(parseJson(bytes, place), place).list()) {
    const text = `${json.at("args").text()}\n${json.at("kwargs").text()}`;
    const source: Source = { name: `${file}${json.path}`, text };
    const tokens = pythonLexer.tokens(source, bag);
    const span = { source, start: 0, end: text.length };
    const known = (word: string) => (builder.has(word) ? word : undefined);
    tokens.expect("(", "before the arguments");
    const positional = parseArguments(tokens, known);
    if (positional === undefined) continue;
    const named = new Map<string, Attribute>();
    if (tokens.atKind("newline")) tokens.take();
    readNamed(tokens, named);
    const row = { opcode: json.at("opcode").text(), name: json.at("name").text(), target: json.at("target").text() };
    lowerFxRow(builder, { ...row, given: { positional: positional.positional, named }, span }, bag, hints);
  }
  if (bag.failed) throw new DiagnosticError(bag.diagnostics);
  return builder.finish();
}
