/**
 * Fills the fusion table of a region in a loop order.
 *
 * Columns come in the order in which results are computed: what an operation needs, then its views, then its result. What a
 * column needs of loops it does not have follows from where it is used: loops around it repeat its references; loops inside
 * of it repeat what it has come to.
 *
 * Source: Lacouture et al., "FuseFlow" (arXiv 2511.04768), section 6. A repeat is guided by the view or result that has the
 * loop; the published tables name the other operand even where that one is repeated itself.
 */
import type { FusedRegion } from "../fuse/expand.ts";
import { type CombineNode, type FusedNode, type LeafNode, operandsOf } from "../fuse/fused-node.ts";
import type { StoredTensor } from "../region/netlist.ts";
import type { FusionColumn, FusionJoin, FusionTable, ValueCell } from "./fusion-table.ts";
import { LoopsKnown } from "./loops-known.ts";
import { fusedOperation, type Guide, keptInside, repeatsOf, resultCells, variablesAt, viewCells } from "./row-cells.ts";

/** Loops that a node lacks, where it is used. */
interface Use {
  /** Loops that it is computed in. */
  readonly around: ReadonlyMap<string, Guide>;
  /** Loops inside of it. */
  readonly inside: ReadonlyMap<string, Guide>;
  /** The result that it is computed for. */
  readonly consumer: string | null;
}

/** A column while the table is filled; guides are nodes until every column has a number. */
interface Draft {
  readonly node: FusedNode;
  /** Operation of a combination of several operands, the first being 0. */
  readonly step: number;
  readonly use: Use;
  readonly name: string;
  readonly again: number | null;
  /** Columns of the operands of the operation. */
  readonly operands: readonly number[];
}

/** The fusion table of `region` with its loops in `order`; `tensors` says what is known of stored views. */
export function fusionTable(
  region: FusedRegion,
  order: readonly string[],
  tensors: ReadonlyMap<string, StoredTensor>,
): FusionTable {
  const known = new LoopsKnown(tensors, order);
  for (const variable of order) {
    for (const { node } of region.outputs) if (node.variables.includes(variable)) known.enter(node, variable);
  }
  const filler = new TableFiller(order, known);
  for (const { node } of region.outputs) filler.visit(node, { around: new Map(), inside: new Map(), consumer: null });
  return { region: region.name, rows: order, ...filler.finish() };
}

class TableFiller {
  readonly #order: readonly string[];
  readonly #known: LoopsKnown;
  readonly #drafts: Draft[] = [];
  /** Column that computes a node. */
  readonly #columns = new Map<FusedNode, number>();
  readonly #joins: FusionJoin[] = [];

  constructor(order: readonly string[], known: LoopsKnown) {
    this.#order = order;
    this.#known = known;
  }

  /** Adds the columns that a use of a node needs; gives the number of its own. */
  visit(node: FusedNode, use: Use): number {
    if (node.kind === "leaf") {
      const found = this.#drafts.findIndex((draft) => draft.again === null && sameView(draft, node, use));
      return this.#add(node, 0, { use, name: node.tensor, again: found < 0 ? null : found, operands: [] });
    }
    const computed = this.#columns.get(node);
    if (computed !== undefined) {
      const { name } = this.#drafts[computed]!;
      return this.#add(node, 0, { use, name, again: computed, operands: [] });
    }
    if (this.#passesOn(node)) {
      const column = this.visit(operandsOf(node)[0]!, use);
      this.#columns.set(node, this.#drafts[column]!.again ?? column);
      return column;
    }
    const inner = fusedOperation(node);
    if (inner.kind === "combine") return this.#addCombination(node, inner, use);
    const operands = operandsOf(inner).map((operand) => this.visit(operand, this.#useOf(operand, inner, use)));
    return this.#addResult(node, 0, { use, operands });
  }

  /** Whether a node only asks for every coordinate, where they are all there. */
  #passesOn(node: FusedNode): boolean {
    if (node.kind !== "map" || node.operation !== "scalar-add" || node.constant !== 0) return false;
    return !node.variables.some((variable) => this.#known.filled(node, variable));
  }

  #addCombination(node: FusedNode, inner: CombineNode, use: Use): number {
    const { operands, results } = inner;
    let before = -1;
    for (const step of results.keys()) {
      const fresh = step === 0 ? operands.slice(0, 2) : [operands[step + 1]!];
      const columns = new Map<number, number>();
      for (const views of [false, true]) {
        for (const [at, operand] of fresh.entries()) {
          if ((operand.kind === "leaf") === views)
            columns.set(at, this.visit(operand, this.#useOf(operand, inner, use)));
        }
      }
      const own = fresh.map((_, at) => columns.get(at)!);
      const last = step === results.length - 1;
      before = this.#addResult(last ? node : inner, step, { use, operands: step === 0 ? own : [before, ...own] });
    }
    return before;
  }

  #addResult(
    node: FusedNode,
    step: number,
    { use, operands }: { readonly use: Use; readonly operands: readonly number[] },
  ): number {
    const column = this.#add(node, step, { use, name: nameOf(node, step, use.consumer), again: null, operands });
    const inner = fusedOperation(node);
    if (inner.kind !== "combine" || step === inner.results.length - 1) this.#join(inner, column);
    return column;
  }

  #add(node: FusedNode, step: number, rest: Pick<Draft, "use" | "name" | "again" | "operands">): number {
    const column = this.#drafts.length;
    this.#columns.set(node, rest.again ?? column);
    this.#drafts.push({ node, step, ...rest });
    return column;
  }

  /** The loops that an operand lacks: it is computed in those that come before its last one, and in all if it is a view. */
  #useOf(operand: FusedNode, node: FusedNode, { around }: Use): Use {
    const place = (variable: string): number => this.#order.indexOf(variable);
    const last = Math.max(-1, ...operand.variables.map(place));
    const loops = new Map<string, Guide>(around);
    for (const variable of node.variables) loops.set(variable, { node, operand });
    const lacking = [...loops].filter(([variable]) => !operand.variables.includes(variable));
    const outside = ([variable]: [string, Guide]): boolean => operand.kind === "leaf" || place(variable) < last;
    return {
      around: new Map(lacking.filter(outside)),
      inside: new Map(lacking.filter((loop) => !outside(loop))),
      consumer: node.tensor,
    };
  }

  #join(node: FusedNode, result: number): void {
    for (const row of this.#order.filter((variable) => node.variables.includes(variable))) {
      const kind = node.kind !== "combine" || node.meeting === "any" ? "union" : joinKind(node, row);
      const members = operandsOf(node).filter((operand) => operand.variables.includes(row));
      const driver = node.kind === "combine" && kind === "follow" ? node.operands[node.pattern]! : members[0]!;
      const ordered = [driver, ...members.filter((member) => member !== driver)];
      const streams = new Map(ordered.map((member) => [this.#source(member, row), this.#columns.get(member)!]));
      const filled = this.#known.filled(node, row);
      if (streams.size > 1 || filled) this.#joins.push({ row, kind, result, members: [...streams.values()], filled });
    }
  }

  /** Where a node's coordinates of a loop come from; two operands with one source need no join. */
  #source(node: FusedNode, row: string): string {
    const made = node.kind === "reduce" && keptInside(node, this.#order).includes(row);
    const operand = operandsOf(fusedOperation(node)).findLast((each) => each.variables.includes(row));
    return made || operand === undefined ? `${this.#columns.get(node)}` : this.#source(operand, row);
  }

  finish(): Pick<FusionTable, "columns" | "joins"> {
    const scope = { order: this.#order, columnOf: (node: FusedNode) => this.#columns.get(node)! };
    const columns = this.#drafts.map((draft): FusionColumn => {
      const { node, step, name, again, use } = draft;
      const column = { name, variables: variablesAt(node, step), again, repeats: repeatsOf(use.inside, scope) };
      if (again !== null) return { ...column, kind: "again", cells: [], value: null };
      if (node.kind === "leaf")
        return { ...column, kind: "view", cells: viewCells(node, use.around, scope), value: { kind: "read" } };
      return { ...column, kind: "result", cells: resultCells({ node, step }, scope), value: this.#value(draft) };
    });
    return { columns, joins: this.#joins };
  }

  #value({ node, operands }: Draft): ValueCell {
    const inner = fusedOperation(node);
    const operation = inner.kind === "leaf" || inner.kind === "reduce" ? null : inner.operation;
    if (node.kind !== "reduce") return { kind: "operation", operation: operation ?? "", operands };
    const order = keptInside(node, this.#order).length;
    return { kind: "sum", operation: node.operation, order, over: node.over, of: { operation, operands } };
  }
}

/** Whether a view is one that is there already: the same levels under the same loops. */
function sameView({ node, use }: Draft, leaf: LeafNode, { around }: Use): boolean {
  if (node.kind !== "leaf" || node.tensor !== leaf.tensor) return false;
  if (node.indices.join() !== leaf.indices.join()) return false;
  return [...use.around.keys()].sort().join() === [...around.keys()].sort().join();
}

/** Name of a result: its tensor's, with the operation where it is computed on the way to that. */
function nameOf(node: FusedNode, step: number, consumer: string | null): string {
  if (node.kind === "combine" && step < node.results.length - 1) {
    const result = node.results[step]!;
    return result === node.tensor ? `${result}.${node.operation}` : result;
  }
  if (consumer !== node.tensor || node.kind === "leaf") return node.tensor;
  return `${node.tensor}.${node.kind === "reduce" ? (node.operation === "max" ? "max" : "sum") : node.operation}`;
}

function joinKind({ meeting, pattern, operands }: CombineNode, row: string): FusionJoin["kind"] {
  return meeting === "pattern" && operands[pattern]!.variables.includes(row) ? "follow" : "intersect";
}
