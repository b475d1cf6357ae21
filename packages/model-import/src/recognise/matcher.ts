/** Walks a graph against the flow of data: who makes a value, who uses it, what a constant is. */
import type { ModelGraph, Node, Tag, Value } from "../graph/model-graph.ts";
import { usesOf } from "../graph/order-nodes.ts";

/** Recognises one pattern; gives a tag for each place where it stands. */
export type Recogniser = (matcher: Matcher) => Tag[];

/** Operators that move elements about without changing them; patterns look through them. */
const transparent = new Set([
  "identity",
  "cast",
  "reshape",
  "expand",
  "expand-like",
  "reshape-like",
  "unsqueeze",
  "squeeze",
  "matrix-at",
  "flatten",
]);

/** A graph prepared for matching. */
export class Matcher {
  readonly graph: ModelGraph;
  readonly #producers = new Map<string, Node>();
  readonly #uses = new Map<string, Node[]>();

  constructor(graph: ModelGraph) {
    this.graph = graph;
    for (const node of graph.nodes) {
      for (const output of node.outputs) this.#producers.set(output, node);
      for (const use of new Set(usesOf(node))) {
        const list = this.#uses.get(use);
        if (list === undefined) this.#uses.set(use, [node]);
        else list.push(node);
      }
    }
  }

  /** The node that makes a value, if it is one of the given operators. */
  producer(value: string | null | undefined, ...ops: readonly string[]): Node | undefined {
    const node = value === null || value === undefined ? undefined : this.#producers.get(value);
    return node === undefined || (ops.length > 0 && !ops.includes(node.op)) ? undefined : node;
  }

  users(value: string): readonly Node[] {
    return this.#uses.get(value) ?? [];
  }

  valueOf(name: string): Value | undefined {
    return this.graph.values.get(name);
  }

  /** The value behind reshapes, casts and the like, and the nodes passed. */
  through(value: string): { readonly value: string; readonly nodes: readonly Node[] } {
    const nodes: Node[] = [];
    let held = value;
    for (let node = this.producer(held); node !== undefined && transparent.has(node.op); node = this.producer(held)) {
      const [input] = node.inputs;
      if (input === null || input === undefined) break;
      nodes.push(node);
      held = input;
    }
    return { value: held, nodes };
  }

  /** The number that a scalar constant is, looking through reshapes and casts. */
  constant(value: string | null | undefined): number | undefined {
    if (value === null || value === undefined) return undefined;
    const node = this.producer(this.through(value).value, "full");
    return node !== undefined && typeof node.attributes.value === "number" ? node.attributes.value : undefined;
  }

  /** The number that every element of a constant is, looking through reshapes and casts. */
  uniform(value: string): number | undefined {
    const behind = this.through(value).value;
    const filled = this.producer(behind, "full", "full-like")?.attributes.value;
    return typeof filled === "number" ? filled : this.graph.params.get(behind)?.uniform;
  }

  /** Whether a value is a weight of the model. */
  isParam(value: string): boolean {
    return this.graph.params.has(this.through(value).value);
  }

  /** Both ways round: which operand of a commutative node satisfies `test`, and the other one. */
  either(node: Node, test: (value: string) => boolean): { readonly hit: string; readonly other: string } | undefined {
    const [a, b] = node.inputs;
    if (typeof a !== "string" || typeof b !== "string") return undefined;
    if (test(b)) return { hit: b, other: a };
    return test(a) ? { hit: a, other: b } : undefined;
  }
}

/** A tag over nodes in graph order. */
export function tagOf(
  matcher: Matcher,
  pattern: string,
  parts: { readonly nodes: readonly Node[]; readonly roles: Tag["roles"]; readonly attributes?: Tag["attributes"] },
): Tag {
  const names = new Set(parts.nodes.map(({ name }) => name));
  const nodes = matcher.graph.nodes.filter(({ name }) => names.has(name)).map(({ name }) => name);
  return { pattern, nodes, roles: parts.roles, attributes: parts.attributes ?? {} };
}

/** A result that must be there. */
export function resultOf(node: Node): string {
  return node.outputs[0] ?? "";
}

/** An operand that must be there. */
export function operandOf(node: Node, index: number): string {
  return node.inputs[index] ?? "";
}
