import type { DiagnosticBag, Span } from "@millrace/ir-text";
import { maximumArity } from "../ports.ts";
import type { DotNode } from "./dot.ts";

/** The attributes of one node, read as what they should be; what is not goes to the bag. */
export class NodeAttributes {
  readonly #node: DotNode;
  readonly #bag: DiagnosticBag;

  constructor(node: DotNode, bag: DiagnosticBag) {
    this.#node = node;
    this.#bag = bag;
  }

  /** Its text; empty if it is not there. */
  text(key: string): string {
    return this.#node.attributes.get(key)?.value ?? "";
  }

  /** Whether it is "true". */
  flag(key: string): boolean {
    return this.text(key) === "true";
  }

  /** Its number, if it is there and is one. */
  number(key: string): number | undefined {
    const text = this.text(key);
    if (text === "") return undefined;
    const value = Number(text);
    if (Number.isFinite(value)) return value;
    this.fault("attribute-malformed", `${key} must be a number, not '${text}'`, { key });
    return undefined;
  }

  /** Its number, which must be an integer from 1 to `most`; 1 with a fault if it is not. `otherwise` is taken where it is missing. */
  count(key: string, most: number = maximumArity, otherwise?: number): number {
    const text = this.text(key);
    const value = text === "" ? otherwise : Number(text);
    if (value !== undefined && Number.isInteger(value) && value >= 1 && value <= most) return value;
    const found = value === undefined ? "but is missing" : `not ${Number.isNaN(value) ? `'${text}'` : value}`;
    this.fault("attribute-malformed", `${key} must be an integer from 1 to ${most}, ${found}`, { key });
    return 1;
  }

  /** One of these words; the first unless given. */
  word<W extends string>(key: string, words: readonly [W, ...W[]]): W {
    const text = this.text(key);
    const found = words.find((word) => word === text);
    if (found === undefined && text !== "") {
      this.fault("attribute-malformed", `${key} must be ${words.join(", ")}, not '${text}'`, { key });
    }
    return found ?? words[0];
  }

  /** Reports a fault at an attribute, or at the node. */
  fault(code: string, message: string, at: { readonly key?: string; readonly help?: string } = {}): void {
    const span: Span = (at.key === undefined ? undefined : this.#node.attributes.get(at.key)?.span) ?? this.#node.span;
    this.#bag.report({ severity: "error", code, message, span, ...(at.help === undefined ? {} : { help: at.help }) });
  }
}
