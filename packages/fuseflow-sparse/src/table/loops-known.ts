/** What is known of the loops of a fused expression before it is lowered: which fibres hold every coordinate. */
import type { CombineNode, FusedNode, ReduceNode } from "../fuse/fused-node.ts";
import type { StoredTensor } from "../region/netlist.ts";

interface Known {
  readonly complete: boolean;
  readonly nonempty: boolean;
}

/** Follows completeness loop by loop, outermost first, as lowering does. */
export class LoopsKnown {
  readonly #tensors: ReadonlyMap<string, StoredTensor>;
  readonly #order: readonly string[];
  /** Views that may lack whole fibres, because a join added coordinates further out. */
  readonly #lacking = new Set<FusedNode>();
  readonly #filled = new Map<FusedNode, Set<string>>();

  constructor(tensors: ReadonlyMap<string, StoredTensor>, order: readonly string[]) {
    this.#tensors = tensors;
    this.#order = order;
  }

  /** Enters one loop of an output; to be called in loop order. */
  enter(node: FusedNode, variable: string): void {
    this.#known(node, variable);
  }

  /** Whether every coordinate had to be added where `node` meets this loop. */
  filled(node: FusedNode, variable: string): boolean {
    return this.#filled.get(node)?.has(variable) ?? false;
  }

  #known(node: FusedNode, variable: string): Known {
    switch (node.kind) {
      case "leaf":
        return this.#leaf(node, variable);
      case "reduce":
        return this.#reduced(node, variable);
      case "map": {
        const inner = this.#known(node.operand, variable);
        return node.whole ? this.#fill(node, variable, inner) : inner;
      }
      case "combine":
        return this.#combined(node, variable);
    }
  }

  #leaf(node: Extract<FusedNode, { kind: "leaf" }>, variable: string): Known {
    const stored = this.#tensors.get(node.tensor);
    const level = stored?.modeOrder.findIndex((mode) => node.indices[mode] === variable) ?? -1;
    if (stored === undefined || level < 0 || this.#lacking.has(node)) return { complete: false, nonempty: false };
    return { complete: stored.complete[level]!, nonempty: stored.nonempty[level]! };
  }

  #reduced({ operand, over }: ReduceNode, variable: string): Known {
    const place = (each: string): number => this.#order.indexOf(each);
    const around = over.filter((each) => place(each) < place(variable));
    const outer = around.map((each) => this.#known(operand, each));
    const own = this.#known(operand, variable);
    const nonempty = outer.every((each) => each.nonempty);
    return { complete: nonempty && own.complete, nonempty: nonempty && own.nonempty };
  }

  #combined(node: CombineNode, variable: string): Known {
    const parts = node.operands.filter((operand) => operand.variables.includes(variable));
    const known = parts.map((operand) => this.#known(operand, variable));
    if (node.meeting === "any") {
      const all = { complete: known.some((k) => k.complete), nonempty: known.some((k) => k.nonempty) };
      for (const [at, part] of parts.entries()) if (parts.length > 1 && !known[at]!.complete) this.#lacks(part);
      return parts.length < node.operands.length ? this.#fill(node, variable, all) : all;
    }
    const driver = node.operands[node.pattern]!;
    if (node.meeting === "pattern" && driver.variables.includes(variable)) {
      for (const [at, part] of parts.entries()) if (part !== driver && !known[at]!.complete) this.#lacks(part);
      return known[parts.indexOf(driver)]!;
    }
    const partial = known.filter(({ complete }) => !complete);
    return { complete: partial.length === 0, nonempty: partial.length < 2 && known.every((k) => k.nonempty) };
  }

  #fill(node: FusedNode, variable: string, inner: Known): Known {
    if (inner.complete) return inner;
    this.#filled.set(node, (this.#filled.get(node) ?? new Set()).add(variable));
    this.#lacks(node);
    return { complete: true, nonempty: true };
  }

  #lacks(node: FusedNode): void {
    if (node.kind === "leaf") this.#lacking.add(node);
    else if (node.kind === "combine") for (const operand of node.operands) this.#lacks(operand);
    else this.#lacks(node.operand);
  }
}
