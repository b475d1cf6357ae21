/** Reads JSON so that every value knows its place; trailing commas and repeated keys are accepted with a warning. */
import { type Fault, type FaultCode, placeIn } from "../fault.ts";

/** A value of a JSON text: `start` to `end` are its characters, end exclusive. */
export type JsonNode = { readonly start: number; readonly end: number } & (
  | { readonly kind: "object"; readonly members: ReadonlyMap<string, JsonNode> }
  | { readonly kind: "array"; readonly items: readonly JsonNode[] }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "null" }
);

const deepest = 100;

class JsonFault extends Error {
  readonly start: number;
  constructor(message: string, start: number) {
    super(message);
    this.start = start;
  }
}

class Reader {
  readonly #text: string;
  readonly #faults: Fault[];
  #at = 0;
  #depth = 0;

  constructor(text: string, faults: Fault[]) {
    this.#text = text;
    this.#faults = faults;
  }

  whole(): JsonNode {
    if (this.#text.charCodeAt(0) === 0xfeff) this.#at = 1;
    const node = this.#value();
    this.#skipSpace();
    if (this.#at < this.#text.length) throw new JsonFault("expected the end of the text", this.#at);
    return node;
  }

  #value(): JsonNode {
    this.#skipSpace();
    const start = this.#at;
    const first = this.#text[start];
    if (first === "{") return this.#nested(() => this.#object(start));
    if (first === "[") return this.#nested(() => this.#array(start));
    if (first === '"') {
      const value = this.#string();
      return { kind: "string", value, start, end: this.#at };
    }
    return this.#word(start);
  }

  #nested(read: () => JsonNode): JsonNode {
    this.#depth += 1;
    if (this.#depth > deepest) throw new JsonFault(`values are nested deeper than ${deepest}`, this.#at);
    const node = read();
    this.#depth -= 1;
    return node;
  }

  #object(start: number): JsonNode {
    const members = new Map<string, JsonNode>();
    this.#list("}", () => {
      const keyStart = this.#at;
      if (this.#text[keyStart] !== '"') throw new JsonFault("expected a field name in double quotes", keyStart);
      const key = this.#string();
      if (members.has(key))
        this.#warn(`the field ${JSON.stringify(key)} is repeated; the last one counts`, keyStart, this.#at);
      this.#skipSpace();
      if (this.#text[this.#at] !== ":")
        throw new JsonFault(`expected ":" after the field name ${JSON.stringify(key)}`, this.#at);
      this.#at += 1;
      members.set(key, this.#value());
    });
    return { kind: "object", members, start, end: this.#at };
  }

  #array(start: number): JsonNode {
    const items: JsonNode[] = [];
    this.#list("]", () => items.push(this.#value()));
    return { kind: "array", items, start, end: this.#at };
  }

  #list(close: string, item: () => void): void {
    const open = this.#at;
    this.#at += 1;
    this.#skipSpace();
    while (this.#text[this.#at] !== close) {
      item();
      this.#skipSpace();
      if (this.#text[this.#at] === ",") {
        const comma = this.#at;
        this.#at += 1;
        this.#skipSpace();
        if (this.#text[this.#at] === close)
          this.#warn(`a comma before "${close}" is no JSON; it is passed over`, comma, comma + 1);
      } else if (this.#text[this.#at] !== close) {
        const message =
          this.#at < this.#text.length ? `expected "," or "${close}"` : `"${this.#text[open]}" is never closed`;
        throw new JsonFault(message, this.#at < this.#text.length ? this.#at : open);
      }
    }
    this.#at += 1;
  }

  #string(): string {
    const pattern = /"(?:[^"\\\n\r]|\\.)*"/y;
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) throw new JsonFault("a string is not closed on its line", this.#at);
    try {
      const value = JSON.parse(found.replaceAll("\t", "\\t")) as string;
      this.#at += found.length;
      return value;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new JsonFault("a string has a wrong escape or a control character", this.#at);
    }
  }

  #word(start: number): JsonNode {
    const pattern = /[-+\w.]+/y;
    pattern.lastIndex = start;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) {
      const shown = start < this.#text.length ? JSON.stringify(this.#text[start]) : "the end";
      throw new JsonFault(`expected a value, not ${shown}`, start);
    }
    this.#at = start + found.length;
    const end = this.#at;
    if (found === "true" || found === "false") return { kind: "boolean", value: found === "true", start, end };
    if (found === "null") return { kind: "null", start, end };
    if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(found)) {
      return { kind: "number", value: Number(found), start, end };
    }
    throw new JsonFault(`${JSON.stringify(found.slice(0, 40))} is no JSON value`, start);
  }

  #skipSpace(): void {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? "")) this.#at += 1;
  }

  #warn(message: string, start: number, end: number): void {
    const code: FaultCode = "json";
    this.#faults.push({ severity: "warning", code, message, path: "", place: placeIn(this.#text, start, end) });
  }
}

/** Reads a JSON text; `undefined` where it is none, with the fault in `faults`. */
export function readJson(text: string, faults: Fault[]): JsonNode | undefined {
  try {
    return new Reader(text, faults).whole();
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    const place = placeIn(text, error.start, error.start + 1);
    faults.push({ severity: "error", code: "json", message: error.message, path: "", place });
    return undefined;
  }
}

/** A node as plain values. */
export function plainValue(node: JsonNode): unknown {
  if (node.kind === "null") return null;
  if (node.kind === "array") return node.items.map(plainValue);
  if (node.kind !== "object") return node.value;
  return Object.fromEntries([...node.members].map(([key, member]) => [key, plainValue(member)]));
}
