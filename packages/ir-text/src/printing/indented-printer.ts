/**
 * Builds text of nested lines.
 *
 * @example
 * ```ts
 * const printer = new IndentedPrinter();
 * printer.block("graph {", "}", () => printer.line("a -> b"));
 * printer.toString(); // => "graph {\n  a -> b\n}\n"
 * ```
 */
export class IndentedPrinter {
  readonly #unit: string;
  readonly #lines: string[] = [];
  #depth = 0;

  /** `unit` is one level of indentation; two spaces unless given. */
  constructor(options: { readonly unit?: string } = {}) {
    this.#unit = options.unit ?? "  ";
  }

  /** Adds a line at the present depth; an empty one stays empty. Line breaks in `text` begin lines at the same depth. */
  line(text = ""): this {
    for (const part of text.split("\n")) {
      this.#lines.push(part === "" ? "" : this.#unit.repeat(this.#depth) + part);
    }
    return this;
  }

  /** Adds what `body` prints, one level deeper. */
  indented(body: () => void): this {
    this.#depth++;
    try {
      body();
    } finally {
      this.#depth--;
    }
    return this;
  }

  /** Adds `open`, the body one level deeper, and `close`: `block("graph {", "}", …)`. */
  block(open: string, close: string, body: () => void): this {
    return this.line(open).indented(body).line(close);
  }

  /** All lines, each ended by a line feed; empty if there are none. */
  toString(): string {
    return this.#lines.length === 0 ? "" : `${this.#lines.join("\n")}\n`;
  }
}
