/**
 * Which ports an edge of a DOT graph joins. Custard's edges name the index or the tensor that they carry, not the port; an
 * edge may also name its ports itself (`from_port`, `to_port`), as those that we write do.
 *
 * An edge that fits no port keeps a port named `?…` after its comment, which no block has: validation then names the edge.
 */
import type { SamBlock, StreamKind } from "../graph.ts";
import { portsOf } from "../ports.ts";

/** What an edge says about itself. */
export interface EdgeHint {
  readonly kind: StreamKind;
  /** The comment, such as `in-B`; empty if there is none. */
  readonly comment: string;
  /** The comment without `in-`, `out-`, `inner-`, `outer-`: an index or a tensor. */
  readonly name: string;
  /** The node at the other end. */
  readonly other: string;
}

/** Index or tensor that a comment names. */
export function nameInComment(comment: string): string {
  // One hand-written graph says `in_j-C` for index j of tensor C.
  const indexed = /^in_(\w+)-\w+$/.exec(comment);
  return indexed?.[1] ?? comment.replace(/^(?:in|out|inner|outer|final)[-_]/, "");
}

/** The ports of one block, handed out edge by edge in file order. */
export class PortFinder {
  readonly #block: SamBlock;
  readonly #taken = new Set<string>();
  /** Operands of a join in order of appearance; a tensor that is joined with itself is there twice. */
  readonly #operands: { readonly name: string; readonly ports: Set<string>; readonly sources: Set<string> }[] = [];
  #ways = 0;

  constructor(block: SamBlock) {
    this.#block = block;
  }

  /** The input that an edge leads into. */
  input(edge: EdgeHint): string {
    const port = this.#input(edge);
    const name = port === undefined || this.#taken.has(port) ? this.#unknown(edge) : port;
    this.#taken.add(name);
    return name;
  }

  /** The output that an edge comes from; all inputs of the block must have been found before. */
  output(edge: EdgeHint): string {
    const block = this.#block;
    switch (block.type) {
      case "intersect":
      case "union": {
        if (edge.kind === "crd") return "crd";
        const operand = this.#operands.findIndex(({ name }) => name === edge.name);
        return operand < 0 ? this.#unknown(edge) : `ref${operand}`;
      }
      case "spacc":
        return this.#indexed(block.indices, edge) ?? this.#unknown(edge);
      case "crdhold":
      case "crddrop":
      case "split":
      case "mask":
        return this.#paired(block, edge) ?? this.#unknown(edge);
      case "broadcast":
      case "fork":
        return `out${this.#ways++}`;
      default:
        return portsOf(block).outputs.find(({ kinds }) => kinds.includes(edge.kind))?.name ?? this.#unknown(edge);
    }
  }

  #input(edge: EdgeHint): string | undefined {
    const block = this.#block;
    switch (block.type) {
      case "intersect":
      case "union":
        return this.#operand(edge);
      case "spacc":
        return this.#indexed(block.indices, edge);
      case "crdhold":
      case "crddrop":
      case "mask":
        return this.#paired(block, edge);
      default: {
        const free = portsOf(block).inputs.filter(({ name }) => !this.#taken.has(name));
        return (free.find(({ kinds }) => kinds[0] === edge.kind) ?? free.find(({ kinds }) => kinds.includes(edge.kind)))
          ?.name;
      }
    }
  }

  /** The operand of the same name that lacks this kind of stream, best one that comes from the same node. */
  #operand({ kind, name, other }: EdgeHint): string {
    const slot = kind === "crd" ? "crd" : "ref";
    const key = name || other;
    const open = this.#operands.filter((operand) => operand.name === key && !operand.ports.has(slot));
    let operand = open.find(({ sources }) => sources.has(other)) ?? open[0];
    if (operand === undefined) {
      operand = { name: key, ports: new Set(), sources: new Set() };
      this.#operands.push(operand);
    }
    operand.ports.add(slot);
    operand.sources.add(other);
    return `${slot}${this.#operands.indexOf(operand)}`;
  }

  #indexed(indices: readonly string[], { kind, name }: EdgeHint): string | undefined {
    if (kind === "val") return "val";
    const position = indices.indexOf(name);
    return position < 0 ? undefined : `crd${position}`;
  }

  #paired(pair: { readonly outer: string; readonly inner: string }, edge: EdgeHint): string | undefined {
    if (edge.kind === "val") return "inner";
    if (edge.kind === "ref") return "ref";
    if (edge.name === pair.outer) return "outer";
    if (edge.name === pair.inner) return "inner";
    return /^(?:outer|inner)(?=[-_])/.exec(edge.comment)?.[0];
  }

  #unknown({ comment, kind }: EdgeHint): string {
    let name = `?${comment || kind}`;
    while (this.#taken.has(name)) name += "'";
    return name;
  }
}
