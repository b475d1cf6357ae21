/** Walks a model against the flow of its values. */
import type { Dtype, ModelGraph, Node, Size } from "@millrace/model-import";

/** Operators that give the same elements in another shape. */
const reshaping = new Set(["identity", "reshape", "expand", "expand-like", "unsqueeze", "squeeze", "flatten"]);

/** Rows of a table by their ids. */
export interface GatheredRows {
  readonly table: string;
  readonly indices: string;
  readonly node: Node;
}

/** A model, and who makes each of its values. */
export class GraphWalk {
  readonly graph: ModelGraph;
  readonly #producers = new Map<string, Node>();

  constructor(graph: ModelGraph) {
    this.graph = graph;
    for (const node of graph.nodes) for (const output of node.outputs) this.#producers.set(output, node);
  }

  /** The node that makes a value, if it is one of these operators. */
  producer(value: string | null | undefined, ...ops: readonly string[]): Node | undefined {
    const node = typeof value === "string" ? this.#producers.get(value) : undefined;
    return node === undefined || (ops.length > 0 && !ops.includes(node.op)) ? undefined : node;
  }

  /** The value whose elements these are, and the nodes that gave them another shape. */
  through(value: string): { readonly value: string; readonly nodes: readonly Node[] } {
    const nodes: Node[] = [];
    let held = value;
    for (let node = this.producer(held); node !== undefined && reshaping.has(node.op); node = this.producer(held)) {
      const [input] = node.inputs;
      if (typeof input !== "string") break;
      nodes.push(node);
      held = input;
    }
    return { value: held, nodes };
  }

  shape(value: string): readonly Size[] | undefined {
    return this.graph.values.get(value)?.shape ?? this.graph.params.get(value)?.weight?.shape;
  }

  dtype(value: string): Dtype | undefined {
    return this.graph.values.get(value)?.dtype ?? this.graph.params.get(value)?.weight?.dtype;
  }

  /** The number that every element of a value is. */
  uniform(value: string): number | undefined {
    const filled = this.producer(this.through(value).value, "full", "full-like")?.attributes.value;
    return typeof filled === "number" ? filled : undefined;
  }

  /** Whether a value is rows of a matrix looked up by a list of ids. */
  gathered(value: string): GatheredRows | undefined {
    const node = this.producer(value, "gather", "embedding", "index");
    const [table, indices] = node?.inputs ?? [];
    if (node === undefined || node.inputs.length !== 2 || typeof table !== "string" || typeof indices !== "string")
      return undefined;
    if (node.op === "gather" && node.attributes.axis !== 0) return undefined;
    const ids = this.dtype(indices);
    const whole = ids === undefined || ids === "i64" || ids === "i32";
    return whole && this.shape(table)?.length === 2 && this.shape(indices)?.length === 1
      ? { table, indices, node }
      : undefined;
  }
}
