/** Collects the parts of a graph while a file is read, and checks that they fit together. */
import { ModelError } from "../errors.ts";
import type { ModelGraph, ModelSource, Node, Param, Value } from "./model-graph.ts";
import { orderNodes } from "./order-nodes.ts";
import type { Place } from "./place.ts";
import type { SizeSymbol } from "./size.ts";

/** A node as a reader states it; what is left out is empty. */
export type NodeParts = Pick<Node, "op" | "inputs" | "outputs" | "place"> &
  Partial<Pick<Node, "name" | "attributes" | "regions">>;

/** Nothing is known of the value yet. */
export const unknownValue: Value = { dtype: undefined, shape: undefined, layout: "strided" };

/** A graph under construction. */
export class GraphBuilder {
  readonly #name: string;
  readonly #source: ModelSource;
  readonly #inputs: string[] = [];
  readonly #inputSet = new Set<string>();
  readonly #inputNames: string[] = [];
  readonly #outputs: { value: string; name: string; place: Place }[] = [];
  readonly #params = new Map<string, Param>();
  readonly #nodes: Node[] = [];
  readonly #values = new Map<string, Value>();
  readonly #symbols = new Map<string, SizeSymbol>();
  readonly #nodeNames = new Set<string>();
  readonly #counts = new Map<string, number>();

  constructor(name: string, source: ModelSource) {
    this.#name = name;
    this.#source = source;
  }

  get source(): ModelSource {
    return this.#source;
  }

  has(value: string): boolean {
    return this.#values.has(value);
  }

  valueOf(name: string): Value {
    return this.#values.get(name) ?? unknownValue;
  }

  paramOf(name: string): Param | undefined {
    return this.#params.get(name);
  }

  /** The input that the caller knows by this name. */
  inputCalled(callerName: string): string | undefined {
    const index = this.#inputNames.indexOf(callerName);
    return index < 0 ? undefined : this.#inputs[index];
  }

  /** States what is known of a value, whether or not something defines it yet. */
  value(name: string, value: Value): void {
    this.#values.set(name, value);
  }

  /** @throws {ModelError} `value-duplicate` */
  input(name: string, callerName: string, place: Place): void {
    this.#define(name, place);
    this.#inputs.push(name);
    this.#inputSet.add(name);
    this.#inputNames.push(callerName);
  }

  /** @throws {ModelError} `value-duplicate` */
  param(name: string, param: Param, place: Place): void {
    this.#define(name, place);
    this.#params.set(name, param);
  }

  output(value: string, name: string, place: Place): void {
    this.#outputs.push({ value, name, place });
  }

  symbol(symbol: SizeSymbol): void {
    this.#symbols.set(symbol.name, symbol);
  }

  symbolOf(name: string): SizeSymbol | undefined {
    return this.#symbols.get(name);
  }

  /** A name that no value and no node has. */
  fresh(prefix: string): string {
    for (;;) {
      const count = this.#counts.get(prefix) ?? 0;
      this.#counts.set(prefix, count + 1);
      const name = `${prefix}.${count}`;
      if (!this.#values.has(name) && !this.#nodeNames.has(name)) {
        this.#values.set(name, unknownValue);
        return name;
      }
    }
  }

  /** Adds a node to the graph itself. */
  node(parts: NodeParts): Node {
    const node = this.detached(parts);
    this.#nodes.push(node);
    return node;
  }

  /** Makes a node that a region will hold. @throws {ModelError} `value-duplicate` for two nodes of one name. */
  detached(parts: NodeParts): Node {
    const wanted = parts.name ?? parts.outputs.find((output) => output !== "") ?? parts.op;
    let name = wanted;
    for (let count = 1; this.#nodeNames.has(name); count++) name = `${wanted}#${count}`;
    this.#nodeNames.add(name);
    for (const output of parts.outputs) {
      if (output !== "" && !this.#values.has(output)) this.#values.set(output, unknownValue);
    }
    return { attributes: {}, regions: [], ...parts, name };
  }

  /**
   * The graph.
   *
   * @throws {ModelError} `value-undefined`, `value-duplicate`, `graph-cyclic`
   */
  finish(): ModelGraph {
    const defined = new Set([...this.#inputs, ...this.#params.keys()]);
    const nodes = orderNodes(this.#nodes, defined);
    for (const node of nodes) for (const output of node.outputs) defined.add(output);
    for (const { value, name, place } of this.#outputs) {
      if (defined.has(value)) continue;
      throw new ModelError("value-undefined", `output ${name} is ${value}, which nothing defines`, {
        place,
        help: "the file lacks a node or an input",
      });
    }
    return {
      name: this.#name,
      source: this.#source,
      inputs: this.#inputs,
      inputNames: this.#inputNames,
      outputs: this.#outputs.map(({ value }) => value),
      outputNames: this.#outputs.map(({ name }) => name),
      params: this.#params,
      nodes,
      values: this.#values,
      symbols: this.#symbols,
      tags: [],
    };
  }

  #define(name: string, place: Place): void {
    if (this.#params.has(name) || this.#inputSet.has(name)) {
      throw new ModelError("value-duplicate", `${name} is defined twice`, { place, help: "rename one of them" });
    }
    if (!this.#values.has(name)) this.#values.set(name, unknownValue);
  }
}
