/**
 * Checked access to a YAML document: every refusal points at the text it is about.
 */
import { type Diagnostic, DiagnosticError, nearest, type Source, type Span } from "@millrace/ir-text";
import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair } from "yaml";
import { readYaml, yamlKey, yamlRange, yamlSpan } from "../files/yaml-text.ts";
import { alternatives } from "../terminal/wording.ts";

/**
 * The root of a YAML text.
 *
 * @throws {DiagnosticError} for text that is no YAML
 */
export function parseYaml(source: Source): YamlShape {
  const read = readYaml(source, { code: CODE, what: "a configuration" });
  if ("faults" in read) throw new DiagnosticError(read.faults);
  const root = read.document.contents as Node | null;
  return new YamlShape({ source, document: read.document }, root, "the configuration", { start: 0, end: 0 });
}

const CODE = "dram-configuration";

interface Place {
  readonly source: Source;
  readonly document: Document;
}

/** A value of a document, with the name it goes by and its place. */
export class YamlShape {
  /** Name in messages: `MemorySystem.DRAM.impl`. */
  readonly name: string;
  readonly #place: Place;
  readonly #node: Node | null;
  // Where an absent value is missed: at its key, or at what should hold it.
  readonly #range: { readonly start: number; readonly end: number };

  constructor(place: Place, node: Node | null, name: string, around: { readonly start: number; readonly end: number }) {
    this.#place = place;
    this.#node = isAlias(node) ? ((node.resolve(place.document) as Node | undefined) ?? null) : node;
    this.name = name;
    this.#range = yamlRange(node) ?? around;
  }

  /** Whether there is nothing: no key, or a key without a value. */
  get absent(): boolean {
    return this.#node === null || (isScalar(this.#node) && this.#node.value === null);
  }

  /** Where the value is written. */
  get span(): Span {
    return yamlSpan(this.#place.source, this.#range.start, this.#range.end);
  }

  /** @throws {DiagnosticError} always, pointing at the value */
  refuse(message: string, help?: string): never {
    throw fault(message, this.span, help);
  }

  /** The value under `key`, absent where there is none. */
  member(key: string): YamlShape {
    const name = this.name === "the configuration" ? key : `${this.name}.${key}`;
    for (const pair of this.#pairs()) {
      if (yamlKey(pair) === key)
        return new YamlShape(this.#place, pair.value as Node | null, name, keyRange(pair, this.#range));
    }
    return new YamlShape(this.#place, null, name, this.#range);
  }

  /** Keys and their values. */
  members(): { readonly key: string; readonly value: YamlShape }[] {
    return this.#pairs().map((pair) => ({ key: yamlKey(pair), value: this.member(yamlKey(pair)) }));
  }

  /** @throws {DiagnosticError} naming each key that is none of `known` */
  allowOnly(known: readonly string[]): this {
    const unknown = this.#pairs().filter((pair) => !known.includes(yamlKey(pair)));
    if (unknown.length > 0) {
      throw new DiagnosticError(
        unknown.map((pair) => {
          const { start, end } = keyRange(pair, this.#range);
          const similar = nearest(yamlKey(pair), known);
          const help = similar === undefined ? `${this.name} has ${alternatives(known)}` : `did you mean ${similar}?`;
          return diagnostic(`unknown key ${yamlKey(pair)}`, yamlSpan(this.#place.source, start, end), help);
        }),
      );
    }
    return this;
  }

  /** The elements of a list; none where the value is absent. */
  items(): YamlShape[] {
    if (this.absent) return [];
    if (!isSeq(this.#node)) this.refuse(`${this.name} must be a list`);
    return this.#node.items.map(
      (item, at) => new YamlShape(this.#place, item as Node, `${this.name}[${at}]`, this.#range),
    );
  }

  /** A text; numbers are taken as they are written. */
  text(): string {
    if (!isScalar(this.#node) || this.absent) this.refuse(`${this.name} is missing: expected a name`);
    const { value } = this.#node;
    if (typeof value !== "string" && typeof value !== "number") this.refuse(`${this.name} must be a name`);
    return String(value);
  }

  /** One of the words; `what` names them in the message. */
  oneOf<Word extends string>(words: readonly Word[], what: string): Word {
    const text = this.text();
    const word = words.find((each) => each === text);
    if (word !== undefined) return word;
    const similar = nearest(text, words);
    this.refuse(
      `${this.name} must be ${what}, not "${text}"`,
      similar === undefined ? `known: ${words.join(", ")}` : `did you mean ${similar}?`,
    );
  }

  /** An integer between bounds. */
  integer(least: number, most: number): number {
    const value = isScalar(this.#node) ? this.#node.value : undefined;
    if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
    this.refuse(`${this.name} must be an integer from ${least} to ${most}`);
  }

  /** A number between bounds. */
  number(least: number, most: number): number {
    const value = isScalar(this.#node) ? this.#node.value : undefined;
    if (typeof value === "number" && value >= least && value <= most) return value;
    this.refuse(`${this.name} must be a number from ${least} to ${most}`);
  }

  /** `true` or `false`. */
  flag(): boolean {
    const value = isScalar(this.#node) ? this.#node.value : undefined;
    if (typeof value === "boolean") return value;
    this.refuse(`${this.name} must be true or false`);
  }

  #pairs(): Pair[] {
    if (this.absent) return [];
    if (!isMap(this.#node)) this.refuse(`${this.name} must be a mapping of keys to values`);
    return this.#node.items as Pair[];
  }
}

function keyRange(
  { key }: Pair,
  around: { readonly start: number; readonly end: number },
): { readonly start: number; readonly end: number } {
  return yamlRange(key as Node | null) ?? around;
}

function diagnostic(message: string, span: Span, help?: string): Diagnostic {
  return { severity: "error", code: CODE, message, span, ...(help === undefined ? {} : { help }) };
}

function fault(message: string, span: Span, help?: string): DiagnosticError {
  return new DiagnosticError([diagnostic(message, span, help)]);
}
