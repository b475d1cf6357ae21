/**
 * The syntax of Graphviz's DOT language, as far as a dataflow graph needs it: directed graphs, nodes, chains of edges,
 * attribute lists, defaults, and subgraphs as mere grouping. Undirected graphs, HTML strings and subgraphs as ends of edges
 * are refused with a message.
 *
 * Source: graphviz.org/doc/info/lang.html.
 */
import { type DiagnosticBag, Lexer, type Source, type Span, type Token, type TokenStream } from "@millrace/ir-text";

/** An attribute's value and where it stands. */
export interface DotAttribute {
  readonly value: string;
  readonly span: Span;
}

export type DotAttributes = ReadonlyMap<string, DotAttribute>;

/** A node statement; statements of one node are merged. */
export interface DotNode {
  readonly id: string;
  readonly attributes: DotAttributes;
  /** Its name, where it is first stated. */
  readonly span: Span;
}

/** One arrow. */
export interface DotEdge {
  readonly from: DotAttribute;
  readonly to: DotAttribute;
  readonly attributes: DotAttributes;
  /** The ends and the arrow. */
  readonly span: Span;
}

/** A parsed file. */
export interface DotGraph {
  readonly name: string;
  readonly attributes: DotAttributes;
  readonly nodes: ReadonlyMap<string, DotNode>;
  readonly edges: readonly DotEdge[];
}

const lexer = new Lexer({
  punctuation: ["{", "}", "[", "]", "=", ";", ",", ":", "->", "--", "-", "+", "<", ">"],
  identifier: /[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*/,
  lineComments: ["//", "#"],
  blockComments: [["/*", "*/"]],
  escapes: "quote-only",
  multilineStrings: true,
});

/** Parses DOT text; faults go to `bag`. */
export function parseDot(source: Source, bag: DiagnosticBag): DotGraph {
  return new DotParser(lexer.tokens(source, bag), bag).graph();
}

interface Scope {
  readonly node: ReadonlyMap<string, DotAttribute>;
  readonly edge: ReadonlyMap<string, DotAttribute>;
}

class DotParser {
  readonly #tokens: TokenStream;
  readonly #bag: DiagnosticBag;
  readonly #nodes = new Map<string, { id: string; attributes: Map<string, DotAttribute>; span: Span }>();
  readonly #edges: DotEdge[] = [];
  readonly #attributes = new Map<string, DotAttribute>();

  constructor(tokens: TokenStream, bag: DiagnosticBag) {
    this.#tokens = tokens;
    this.#bag = bag;
  }

  graph(): DotGraph {
    this.#acceptWord("strict");
    let name = "";
    if (this.#atWord("graph")) this.#fault("dot-undirected", "an undirected graph; a dataflow graph is a digraph");
    else if (!this.#acceptWord("digraph")) this.#tokens.unexpected("'digraph'");
    else {
      if (!this.#tokens.at("{")) name = this.#id("a name or '{'")?.value ?? "";
      if (this.#tokens.expect("{", "to begin the graph") !== undefined) {
        this.#statements({ node: new Map(), edge: new Map() }, true);
        this.#tokens.expect("}", "to end the graph");
        if (!this.#tokens.atEnd && !this.#bag.failed)
          this.#tokens.unexpected("the end of the file: one graph to a file");
      }
    }
    return { name, attributes: this.#attributes, nodes: this.#nodes, edges: this.#edges };
  }

  #statements(outer: Scope, top: boolean): void {
    let scope = outer;
    while (!this.#tokens.at("}") && !this.#tokens.atEnd && !this.#bag.full) {
      if (this.#tokens.accept(";") ?? this.#tokens.accept(",")) continue;
      const before = this.#tokens.peek();
      scope = this.#statement(scope, top) ?? scope;
      if (this.#tokens.peek() === before) this.#tokens.take();
    }
  }

  /** Parses one statement; returns the scope that holds after it if it sets defaults. */
  #statement(scope: Scope, top: boolean): Scope | undefined {
    const first = this.#tokens.peek();
    if (this.#atWord("subgraph") || this.#tokens.at("{")) {
      this.#subgraph(scope);
      return undefined;
    }
    for (const what of ["graph", "node", "edge"] as const) {
      if (!this.#atWord(what) || !["[", ";", "}"].includes(this.#tokens.peek(1).text)) continue;
      this.#tokens.take();
      const attributes = this.#attributeLists();
      if (what !== "graph") return { ...scope, [what]: new Map([...scope[what], ...attributes]) };
      if (top) for (const [key, value] of attributes) this.#attributes.set(key, value);
      return undefined;
    }
    const id = this.#id("a statement: a node, an edge or an attribute");
    if (id === undefined) {
      this.#tokens.recover(";", "}");
      return undefined;
    }
    if (this.#tokens.accept("=")) {
      const value = this.#id("an attribute's value");
      if (value !== undefined && top) this.#attributes.set(id.value, value);
      return undefined;
    }
    this.#nodePort();
    if (this.#tokens.at("->") || this.#tokens.at("--")) this.#edgeStatement({ id, first, scope });
    else this.#nodeStatement({ id, scope });
    return undefined;
  }

  #nodeStatement({ id, scope }: { id: DotAttribute; scope: Scope }): void {
    const attributes = this.#attributeLists();
    const { span } = id;
    const known = this.#nodes.get(id.value);
    if (known === undefined) {
      this.#nodes.set(id.value, { id: id.value, attributes: new Map([...scope.node, ...attributes]), span });
    } else for (const [key, value] of attributes) known.attributes.set(key, value);
  }

  #edgeStatement({ id, first, scope }: { id: DotAttribute; first: Token; scope: Scope }): void {
    const ends = [id];
    while (this.#tokens.at("->") || this.#tokens.at("--")) {
      if (this.#tokens.at("--")) this.#fault("dot-undirected", "an edge without direction; write '->'");
      this.#tokens.take();
      if (this.#atWord("subgraph") || this.#tokens.at("{")) {
        this.#fault("dot-subgraph-edge", "an edge to a whole subgraph; write one edge for each of its nodes");
        this.#subgraph(scope);
        return;
      }
      const next = this.#id("the node that the edge leads to");
      if (next === undefined) {
        this.#tokens.recover(";", "}");
        return;
      }
      this.#nodePort();
      ends.push(next);
    }
    const span = this.#tokens.spanFrom(first);
    const attributes = new Map([...scope.edge, ...this.#attributeLists()]);
    for (const [position, to] of ends.entries()) {
      const from = ends[position - 1];
      if (from !== undefined) this.#edges.push({ from, to, attributes, span });
    }
  }

  #subgraph(scope: Scope): void {
    if (this.#acceptWord("subgraph") && !this.#tokens.at("{")) this.#id("a name or '{'");
    if (this.#tokens.expect("{", "to begin the subgraph") === undefined) return;
    this.#tokens.nest(() => this.#statements(scope, false));
    this.#tokens.expect("}", "to end the subgraph");
    if (this.#tokens.at("->"))
      this.#fault("dot-subgraph-edge", "an edge from a whole subgraph; write one edge for each of its nodes");
  }

  #attributeLists(): Map<string, DotAttribute> {
    const attributes = new Map<string, DotAttribute>();
    while (this.#tokens.accept("[")) {
      while (!this.#tokens.at("]") && !this.#tokens.atEnd) {
        const key = this.#id("an attribute's name");
        if (key === undefined) {
          this.#tokens.recover("]");
          break;
        }
        // A name alone is an attribute that is true.
        const value = this.#tokens.accept("=") ? this.#id("an attribute's value") : { value: "true", span: key.span };
        if (value !== undefined) attributes.set(key.value, value);
        else this.#tokens.recover("]", ",", ";");
        if (!this.#tokens.accept(",")) this.#tokens.accept(";");
      }
      this.#tokens.expect("]", "to end the attribute list");
    }
    return attributes;
  }

  /** `:port` or `:port:compass` behind a node: where the drawn line ends, which means nothing here. */
  #nodePort(): void {
    while (this.#tokens.accept(":")) this.#id("a port");
  }

  /** A name, a number, or strings joined by '+'. */
  #id(what: string): DotAttribute | undefined {
    const first = this.#tokens.peek();
    if (first.text === "<" && first.kind === "punctuation") {
      this.#fault("dot-html", "an HTML string; only plain and quoted strings are read");
      this.#tokens.recover("]", ";", "}");
      return undefined;
    }
    const negative = this.#tokens.at("-") && ["integer", "float"].includes(this.#tokens.peek(1).kind);
    if (negative) this.#tokens.take();
    const token = this.#tokens.peek();
    if (token.kind === "identifier" || token.kind === "integer" || token.kind === "float") {
      this.#tokens.take();
      return { value: `${negative ? "-" : ""}${token.text}`, span: this.#tokens.spanFrom(first) };
    }
    if (token.kind !== "string") {
      this.#tokens.unexpected(what);
      return undefined;
    }
    this.#tokens.take();
    let { value } = token;
    while (this.#tokens.accept("+")) value += this.#tokens.expectKind("string", "a string to join")?.value ?? "";
    return { value: value.replaceAll(/\\\r?\n/g, ""), span: this.#tokens.spanFrom(first) };
  }

  #atWord(word: string): boolean {
    const token = this.#tokens.peek();
    return token.kind === "identifier" && token.text.toLowerCase() === word;
  }

  #acceptWord(word: string): boolean {
    if (!this.#atWord(word)) return false;
    this.#tokens.take();
    return true;
  }

  #fault(code: string, message: string): void {
    this.#bag.report({ severity: "error", code, message, span: this.#tokens.peek().span });
  }
}
