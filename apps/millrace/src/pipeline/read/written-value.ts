/** A value as it is written in a pipeline or behind `--set`: what it is, where it stands, and how it is refused. */
import { type DiagnosticBag, nearest, type Source, type Span } from "@millrace/ir-text";
import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair } from "yaml";
import { yamlKey, yamlRange, yamlSpan } from "../../files/yaml-text.ts";

/** Code of every diagnostic about a pipeline. */
export const PIPELINE_FAULT = "pipeline";

/** Reports a fault at a place; gives nothing, for the reader to go on with. */
export function report(bag: DiagnosticBag, span: Span, message: string, help?: string): undefined {
  const about = help === undefined ? {} : { help };
  bag.report({ severity: "error", code: PIPELINE_FAULT, message, span, ...about });
  return undefined;
}

/** The text that values are written in. */
export interface WrittenText {
  readonly source: Source;
  readonly document: Document;
  /** Where faults are collected. */
  readonly bag: DiagnosticBag;
  /** Folder that file names are written from. */
  readonly folder: string;
}

/** A key of a mapping and what stands under it. */
export interface WrittenMember {
  readonly key: string;
  readonly span: Span;
  readonly value: WrittenValue;
}

/** A value of a text. Nothing throws: faults are reported, and reading goes on. */
export class WrittenValue {
  readonly #text: WrittenText;
  readonly #node: Node | null;
  readonly #around: Span;

  /** `around` is where an absent value is missed. */
  constructor(text: WrittenText, node: Node | null, around: Span) {
    this.#text = text;
    this.#node = isAlias(node) ? ((node.resolve(text.document) as Node | undefined) ?? null) : node;
    this.#around = around;
  }

  get span(): Span {
    const range = yamlRange(this.#node);
    return range === undefined ? this.#around : yamlSpan(this.#text.source, range.start, range.end);
  }

  /** Folder that file names in this value are written from. */
  get folder(): string {
    return this.#text.folder;
  }

  /** What kind of value it is, as messages say it. */
  get kind(): string {
    if (isMap(this.#node)) return "a mapping";
    if (isSeq(this.#node)) return "a list";
    const { scalar } = this;
    if (scalar === null) return "nothing";
    return typeof scalar === "string" ? `"${scalar.length > 40 ? `${scalar.slice(0, 40)}…` : scalar}"` : String(scalar);
  }

  /** The value of a scalar; null for nothing and undefined for what is no scalar. */
  get scalar(): string | number | boolean | null | undefined {
    if (this.#node === null) return null;
    if (!isScalar(this.#node)) return undefined;
    const { value } = this.#node;
    if (value === undefined || value === null) return null;
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : String(value);
  }

  /** A name or a number as text; undefined for anything else. */
  get text(): string | undefined {
    const { scalar } = this;
    return typeof scalar === "string" || typeof scalar === "number" ? String(scalar) : undefined;
  }

  /** Keys and values of a mapping, a key that comes twice reported and left out; undefined for what is no mapping. */
  get members(): readonly WrittenMember[] | undefined {
    if (!isMap(this.#node)) return undefined;
    const seen = new Map<string, WrittenMember>();
    for (const pair of this.#node.items as Pair[]) {
      const range = yamlRange(pair.key as Node | null);
      const span = range === undefined ? this.span : yamlSpan(this.#text.source, range.start, range.end);
      const key = yamlKey(pair);
      const first = seen.get(key);
      if (first !== undefined) {
        const notes = [{ message: "written first", span: first.span }];
        this.#text.bag.report({
          severity: "error",
          code: PIPELINE_FAULT,
          message: `${key} is written twice`,
          span,
          notes,
        });
        continue;
      }
      seen.set(key, { key, span, value: new WrittenValue(this.#text, pair.value as Node | null, span) });
    }
    return [...seen.values()];
  }

  /** The elements of a list; undefined for what is no list. */
  get items(): readonly WrittenValue[] | undefined {
    if (!isSeq(this.#node)) return undefined;
    return this.#node.items.map((item) => new WrittenValue(this.#text, item as Node | null, this.span));
  }

  /** Reports a fault of this value, or at `span`. */
  refuse(message: string, help?: string, span: Span = this.span): undefined {
    return report(this.#text.bag, span, message, help);
  }
}

/** `did you mean NAME?`, or `otherwise` where nothing is near. */
export function meant(word: string, known: readonly string[], otherwise: string): string {
  const similar = nearest(word, known);
  return similar === undefined ? otherwise : `did you mean ${similar}?`;
}
