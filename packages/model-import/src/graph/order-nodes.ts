/** Brings nodes into an order in which every value is defined before it is used; keeps the given order where it can. */
import { nearest } from "@millrace/ir-text";
import { ModelError } from "../errors.ts";
import type { Node, Region } from "./model-graph.ts";

/** The values a node reads: its inputs, what its regions use from around them, and sizes in its attributes. */
export function usesOf(node: Node): string[] {
  const uses = node.inputs.filter((name): name is string => name !== null);
  for (const attribute of Object.values(node.attributes)) collectValues(attribute, uses);
  for (const region of node.regions) uses.push(...freeValues(region));
  return uses;
}

/** The values a region uses that are defined neither by itself nor by its inputs. */
function freeValues(region: Region): string[] {
  const own = new Set(region.inputs);
  for (const node of region.nodes) for (const output of node.outputs) own.add(output);
  const used = [...region.outputs, ...region.nodes.flatMap(usesOf)];
  return used.filter((name) => !own.has(name));
}

function collectValues(attribute: unknown, into: string[]): void {
  if (Array.isArray(attribute)) for (const item of attribute) collectValues(item, into);
  else if (typeof attribute === "object" && attribute !== null && "value" in attribute)
    into.push(String(attribute.value));
}

/**
 * The nodes in order of definition.
 *
 * @throws {ModelError} `value-undefined`, `value-duplicate`, `graph-cyclic`
 */
export function orderNodes(nodes: readonly Node[], defined: Iterable<string>): Node[] {
  const producers = producersOf(nodes, new Set(defined));
  const known = new Set(defined);
  const state = new Map<Node, "open" | "done">();
  const ordered: Node[] = [];
  for (const root of nodes) {
    const stack: { node: Node; waiting: Iterator<string> }[] = [];
    const enter = (node: Node) => {
      state.set(node, "open");
      stack.push({ node, waiting: usesOf(node)[Symbol.iterator]() });
    };
    if (state.get(root) === undefined) enter(root);
    while (stack.length > 0) {
      const top = stack[stack.length - 1] as (typeof stack)[number];
      const next = top.waiting.next();
      if (next.done === true) {
        state.set(top.node, "done");
        ordered.push(top.node);
        stack.pop();
        continue;
      }
      if (known.has(next.value)) continue;
      const producer = producers.get(next.value);
      if (producer === undefined) throw undefinedValue(top.node, next.value, [...known, ...producers.keys()]);
      if (state.get(producer) === "open")
        throw cycle(
          stack.map(({ node }) => node),
          producer,
        );
      if (state.get(producer) === undefined) enter(producer);
    }
  }
  return ordered;
}

function producersOf(nodes: readonly Node[], defined: ReadonlySet<string>): Map<string, Node> {
  const producers = new Map<string, Node>();
  for (const node of nodes) {
    for (const output of node.outputs) {
      if (output === "") continue;
      const other = producers.get(output);
      if (other === undefined && !defined.has(output)) {
        producers.set(output, node);
        continue;
      }
      const before = other === undefined ? "an input or a parameter" : `node ${other.name}`;
      throw new ModelError("value-duplicate", `defines ${output}, which ${before} defines already`, {
        place: node.place,
        help: "every value has one definition; rename one of them",
      });
    }
  }
  return producers;
}

function undefinedValue(node: Node, name: string, candidates: readonly string[]): ModelError {
  const similar = nearest(name, candidates);
  return new ModelError("value-undefined", `uses ${name}, which nothing defines`, {
    place: node.place,
    help: similar === undefined ? "the file lacks a node or an input" : `did you mean ${similar}?`,
  });
}

function cycle(open: readonly Node[], from: Node): ModelError {
  const names = open.slice(open.indexOf(from)).map(({ name }) => name);
  const shown = names.length > 8 ? [...names.slice(0, 7), `… ${names.length - 7} more`] : names;
  return new ModelError("graph-cyclic", `nodes wait for each other: ${[...shown, from.name].join(" <- ")}`, {
    place: from.place,
    help: "a model is acyclic outside its loops; cut the cycle",
  });
}
