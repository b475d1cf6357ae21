/** Messages in protobuf's text form (`.pbtxt`), brought to what the binary form gives. */
import { DiagnosticBag, nearest, type Source } from "@millrace/ir-text";
import type { EnumNames } from "./json-message.ts";
import type { Field, Message, MessageSchema, MessageValue } from "./protobuf.ts";

const deepest = 100;

/** Reads a message from text. @throws {DiagnosticError} with every fault */
export function messageFromText(source: Source, schema: MessageSchema, enums: EnumNames): Message {
  const bag = new DiagnosticBag();
  const message = new TextMessages(source, bag, enums).message(schema, "", 0);
  bag.throwIfFailed();
  return message;
}

class Fault extends Error {}

class TextMessages {
  readonly #source: Source;
  readonly #text: string;
  readonly #bag: DiagnosticBag;
  readonly #enums: EnumNames;
  #at = 0;

  constructor(source: Source, bag: DiagnosticBag, enums: EnumNames) {
    this.#source = source;
    this.#text = source.text;
    this.#bag = bag;
    this.#enums = enums;
  }

  message(schema: MessageSchema, close: string, depth: number): Message {
    const result: Record<string, MessageValue> = {};
    const fields = new Map([...schema.values()].map((field) => [field.name, field]));
    try {
      if (depth > deepest) this.#fail(`messages nest more than ${deepest} deep`);
      for (;;) {
        this.#space();
        if (this.#at >= this.#text.length) {
          if (close !== "") this.#fail(`expected ${close} before the end of the text`);
          return result;
        }
        if (close !== "" && this.#accept(close)) return result;
        this.#field(result, fields, depth);
      }
    } catch (error) {
      if (!(error instanceof Fault) || depth > 0) throw error;
      return result;
    }
  }

  #field(result: Record<string, MessageValue>, fields: ReadonlyMap<string, Field>, depth: number): void {
    const start = this.#at;
    const name = this.#word();
    if (name === "") this.#fail("expected the name of a field");
    const field = fields.get(name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()));
    const colon = this.#accept(":");
    this.#space();
    const list = this.#accept("[");
    if (field === undefined) {
      const known = [...fields.keys()].map((key) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
      const close = nearest(name, known);
      // Fields of newer versions are skipped, unless they look like a slip of the pen.
      if (close !== undefined && !known.includes(name))
        this.#warn(start, `unknown field ${name}`, `did you mean ${close}?`);
    }
    do {
      const value = this.#value(field, colon, depth);
      if (field === undefined) continue;
      if (field.repeated) {
        const held = (result[field.name] as MessageValue[] | undefined) ?? [];
        held.push(value);
        result[field.name] = held;
      } else result[field.name] = value;
    } while (list && this.#accept(","));
    if (list && !this.#accept("]")) this.#fail("expected ] after the values");
    this.#accept(",");
    this.#accept(";");
  }

  #value(field: Field | undefined, colon: boolean, depth: number): MessageValue {
    this.#space();
    const open = this.#text[this.#at];
    if (open === "{" || open === "<") {
      this.#at++;
      const inner = field === undefined || typeof field.kind === "string" ? new Map() : field.kind();
      return this.message(inner, open === "{" ? "}" : ">", depth + 1);
    }
    if (!colon) this.#fail("expected : or { after the name of the field");
    if (open === '"' || open === "'") {
      const bytes = this.#strings();
      return field?.kind === "string" ? new TextDecoder().decode(bytes) : bytes;
    }
    const word = this.#word();
    if (word === "") this.#fail("expected a value");
    return field?.kind === "bool" ? word === "true" || word === "1" : this.#number(word);
  }

  #number(word: string): number {
    if (Object.hasOwn(this.#enums, word)) return this.#enums[word] as number;
    if (word === "true" || word === "false") return Number(word === "true");
    const known = /^[+-]?(inf|nan)/i.exec(word);
    if (known !== null)
      return known[1]?.toLowerCase() === "nan" ? Number.NaN : word.startsWith("-") ? -Infinity : Infinity;
    const number = Number(word.replace(/[fF]$/, ""));
    // Names of enumerations that are not read stand for nothing here.
    return Number.isNaN(number) ? 0 : number;
  }

  // One or more quoted strings, joined; \ooo and \xhh are bytes.
  #strings(): Uint8Array {
    const bytes: number[] = [];
    for (
      let quote = this.#text[this.#at];
      quote === '"' || quote === "'";
      this.#space(), quote = this.#text[this.#at]
    ) {
      const start = this.#at++;
      while (this.#text[this.#at] !== quote) {
        const letter = this.#text[this.#at];
        if (letter === undefined || letter === "\n") {
          this.#at = start;
          this.#fail("this string does not end in its line");
        }
        if (letter === "\\") bytes.push(this.#escape());
        else {
          const point = this.#text.codePointAt(this.#at) ?? 0;
          bytes.push(...(point < 128 ? [point] : new TextEncoder().encode(String.fromCodePoint(point))));
          this.#at += point > 0xffff ? 2 : 1;
        }
      }
      this.#at++;
    }
    return Uint8Array.from(bytes);
  }

  #escape(): number {
    const rest = this.#text.slice(this.#at + 1, this.#at + 5);
    const coded = /^(?:([0-7]{1,3})|[xX]([0-9a-fA-F]{1,2}))/.exec(rest);
    this.#at += 1 + (coded?.[0].length ?? 1);
    if (coded?.[1] !== undefined) return Number.parseInt(coded[1], 8) & 255;
    if (coded?.[2] !== undefined) return Number.parseInt(coded[2], 16);
    const index = "abfnrtv".indexOf(rest[0] ?? "");
    return index < 0 ? (rest.charCodeAt(0) || 0) & 255 : ([7, 8, 12, 10, 13, 9, 11][index] as number);
  }

  #word(): string {
    this.#space();
    const pattern = /[A-Za-z0-9_.+-]*/y;
    pattern.lastIndex = this.#at;
    const [word = ""] = pattern.exec(this.#text) ?? [];
    this.#at += word.length;
    return word;
  }

  #accept(mark: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }

  #space(): void {
    const pattern = /(?:\s|#[^\n]*)*/y;
    pattern.lastIndex = this.#at;
    this.#at += pattern.exec(this.#text)?.[0].length ?? 0;
  }

  #warn(start: number, message: string, help: string): void {
    this.#bag.report({
      severity: "warning",
      code: "field-unknown",
      message,
      help,
      span: { source: this.#source, start, end: this.#at },
    });
  }

  #fail(message: string): never {
    const end = Math.min(this.#text.length, this.#at + 1);
    this.#bag.report({
      severity: "error",
      code: "syntax",
      message,
      span: { source: this.#source, start: Math.min(this.#at, end), end },
    });
    throw new Fault(message);
  }
}
