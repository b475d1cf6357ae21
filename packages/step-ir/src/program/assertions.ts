/** What a program asserts about its symbols, applied to extents and types. */
import type { Extent } from "../extent/extent.ts";
import { substitute } from "../extent/substitute.ts";
import type { Dimension } from "../stream/dimension.ts";
import type { ElementType } from "../stream/element-type.ts";
import type { Shape } from "../stream/shape.ts";
import type { StreamType } from "./operator.ts";

/** Extents by the text of the symbol or total that each replaces. */
export class Assertions {
  readonly #replacements = new Map<string, Extent>();
  // What extents become; forgotten when something new is asserted.
  readonly #settled = new Map<Extent, Extent>();

  get replacements(): ReadonlyMap<string, Extent> {
    return this.#replacements;
  }

  add(text: string, extent: Extent): void {
    this.#replacements.set(text, extent);
    this.#settled.clear();
  }

  /** The extent with asserted symbols replaced until none is left. */
  settle(extent: Extent): Extent {
    if (this.#replacements.size === 0 || extent.value !== undefined) return extent;
    const known = this.#settled.get(extent);
    if (known !== undefined) return known;
    let settled = extent;
    for (let round = 0; round <= this.#replacements.size; round++) {
      const next = substitute(settled, this.#replacements);
      if (next === settled) break;
      settled = next;
    }
    this.#settled.set(extent, settled);
    return settled;
  }

  /** The type with asserted symbols replaced. */
  settleType(type: StreamType): StreamType {
    if (this.#replacements.size === 0) return type;
    return { shape: this.#inShape(type.shape), element: this.#inElement(type.element) };
  }

  #inShape(shape: Shape): Shape {
    return shape.map(({ extent, total }): Dimension => {
      const settled = this.settle(extent);
      // A ragged dimension that has one known extent is regular.
      if (total === undefined || settled.value !== undefined) return { extent: settled };
      return { extent: settled, total: this.settle(total) };
    });
  }

  #inElement(element: ElementType): ElementType {
    switch (element.kind) {
      case "tile":
        return { ...element, rows: this.settle(element.rows), columns: this.settle(element.columns) };
      case "selector":
        return element;
      case "buffer":
        return {
          ...element,
          element: this.#inElement(element.element) as typeof element.element,
          shape: this.#inShape(element.shape),
        };
      case "tuple":
        return { ...element, parts: element.parts.map((part) => this.#inElement(part)) };
    }
  }
}
