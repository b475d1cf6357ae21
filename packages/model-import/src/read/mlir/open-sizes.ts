/** Sizes that a text leaves open as `?`: symbols, of which operations say that they are equal to others. */
import type { ModelGraph } from "../../graph/model-graph.ts";
import { type Size, type SizeSymbol, symbolsOfSize } from "../../graph/size.ts";

/** Symbols and what stands for them: the first symbol of those that are equal, or the number that they are. */
export class OpenSizes {
  readonly #standing = new Map<string, Size>();
  readonly #age = new Map<string, number>();

  /** The size of an axis that the text leaves open; symbols of inputs are made first, so that theirs stand for the others. */
  open(symbol: string): SizeSymbol {
    this.#age.set(symbol, this.#age.size);
    return { name: symbol, minimum: 0, maximum: undefined, hint: undefined, equalTo: [] };
  }

  /** What stands for a size now. */
  standing(size: Size): Size {
    let held = size;
    while (typeof held !== "number" && "symbol" in held) {
      const next = this.#standing.get(held.symbol);
      if (next === undefined) return held;
      held = next;
    }
    return held;
  }

  /** Makes two sizes equal; false if they are different numbers. */
  unify(a: Size, b: Size): boolean {
    const [left, right] = [this.standing(a), this.standing(b)];
    if (typeof left === "number" && typeof right === "number") return left === right;
    const [kept, other] = this.#rank(left) <= this.#rank(right) ? [left, right] : [right, left];
    if (typeof other !== "number" && "symbol" in other && kept !== other) {
      const same = typeof kept !== "number" && "symbol" in kept && kept.symbol === other.symbol;
      if (!same) this.#standing.set(other.symbol, kept);
    }
    return true;
  }

  #rank(size: Size): number {
    if (typeof size === "number") return -1;
    return "symbol" in size ? (this.#age.get(size.symbol) ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
  }

  /** The graph with what stands for its sizes, and with no other symbols. */
  applied(graph: ModelGraph): ModelGraph {
    const values = new Map(
      [...graph.values].map(([name, value]) => [
        name,
        value.shape === undefined ? value : { ...value, shape: value.shape.map((size) => this.standing(size)) },
      ]),
    );
    const used = new Set([...values.values()].flatMap(({ shape }) => (shape ?? []).flatMap(symbolsOfSize)));
    return { ...graph, values, symbols: new Map([...graph.symbols].filter(([name]) => used.has(name))) };
  }
}
