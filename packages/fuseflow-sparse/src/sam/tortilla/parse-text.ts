import { DiagnosticBag, Lexer, nearest, type Source, type Token, type TokenStream } from "@millrace/ir-text";
import type { TortillaMessage, TortillaValue } from "./message.ts";
import {
  type TortillaField,
  type TortillaMessageType,
  type TortillaSchema,
  type TortillaVersion,
  tortillaEnums,
  tortillaSchema,
  tortillaVersions,
} from "./schema.ts";

const lexer = new Lexer({
  punctuation: ["{", "}", "<", ">", ":", ",", ";", "[", "]", "-"],
  lineComments: ["#"],
  quotes: "\"'",
  escapes: "quote-only",
});

/**
 * Reads a `ComalGraph` from protobuf's text form. Without `version` the layouts are tried from the newest on; if none fits,
 * the faults of the one with the fewest are reported.
 *
 * @throws {DiagnosticError} with all faults.
 */
export function parseTortillaText(
  source: Source,
  version?: TortillaVersion,
): { readonly version: TortillaVersion; readonly message: TortillaMessage } {
  let best: DiagnosticBag | undefined;
  for (const candidate of version === undefined ? tortillaVersions : [version]) {
    const bag = new DiagnosticBag();
    const message = new TextReader(source, tortillaSchema(candidate), bag).read(candidate);
    if (!bag.failed) return { version: candidate, message };
    if (best === undefined || bag.diagnostics.length < best.diagnostics.length) best = bag;
  }
  best?.throwIfFailed();
  throw new RangeError("no version of the schema to try");
}

class TextReader {
  readonly #tokens: TokenStream;
  readonly #schema: TortillaSchema;
  readonly #bag: DiagnosticBag;
  #version = "";

  constructor(source: Source, schema: TortillaSchema, bag: DiagnosticBag) {
    this.#tokens = lexer.tokens(source, bag);
    this.#schema = schema;
    this.#bag = bag;
  }

  read(version: string): TortillaMessage {
    this.#version = version;
    const message = this.#fields("ComalGraph");
    if (!this.#tokens.atEnd && !this.#bag.failed) this.#tokens.unexpected("a field of ComalGraph");
    return message;
  }

  #fields(typeName: string): TortillaMessage {
    const type = this.#schema.get(typeName) as TortillaMessageType;
    const message: Record<string, TortillaValue | TortillaValue[]> = {};
    while (!this.#tokens.atEnd && !this.#tokens.at("}") && !this.#bag.full) {
      const name = this.#tokens.expectKind("identifier", `a field of ${typeName}`);
      if (name === undefined) {
        this.#tokens.take();
        continue;
      }
      const field = type.byName.get(name.text);
      if (field === undefined) this.#unknownField(name, type);
      else this.#field(field, message);
      if (!this.#tokens.accept(",")) this.#tokens.accept(";");
    }
    return message;
  }

  #field(field: TortillaField, message: Record<string, TortillaValue | TortillaValue[]>): void {
    const colon = this.#tokens.accept(":");
    if (field.repeated && this.#tokens.accept("[")) {
      while (!this.#tokens.at("]") && !this.#tokens.atEnd) {
        this.#store(field, message);
        if (!this.#tokens.accept(",")) break;
      }
      this.#tokens.expect("]", "to end the list");
      return;
    }
    if (colon === undefined && !this.#tokens.at("{")) this.#tokens.unexpected("':' or '{'");
    this.#store(field, message);
  }

  #store(field: TortillaField, message: Record<string, TortillaValue | TortillaValue[]>): void {
    const at = this.#tokens.peek();
    const value = this.#value(field);
    if (value === undefined) return;
    const present = message[field.name];
    if (field.repeated && present !== undefined) (present as TortillaValue[]).push(value);
    else if (present === undefined) message[field.name] = field.repeated ? [value] : value;
    else this.#fault("field-repeated", `${field.name} is given twice`, at);
  }

  #value(field: TortillaField): TortillaValue | undefined {
    if (this.#schema.has(field.type)) return this.#nested(field);
    if (field.type === "string") return this.#string();
    const negative = this.#tokens.accept("-") !== undefined;
    const token = this.#tokens.take();
    const names = tortillaEnums[field.type];
    if (names !== undefined) return this.#enum(field.type, names, token);
    if (field.type === "bool" && (token.text === "true" || token.text === "false")) return token.text === "true";
    if (field.type === "uint64" && token.kind === "integer" && !negative && Number.isSafeInteger(token.value)) {
      return token.value;
    }
    if (field.type === "double") {
      const special = { inf: Number.POSITIVE_INFINITY, nan: Number.NaN }[token.text];
      const value = token.kind === "integer" || token.kind === "float" ? token.value : special;
      if (value !== undefined) return negative ? -value : value;
    }
    const wanted = { bool: "true or false", uint64: "an integer from 0 to 2^53 - 1", double: "a number" }[field.type];
    this.#fault("field-value", `${field.name} must be ${wanted}, not '${negative ? "-" : ""}${token.text}'`, token);
    return undefined;
  }

  #nested(field: TortillaField): TortillaValue | undefined {
    if (this.#tokens.expect("{", `to begin ${field.name}`) === undefined) {
      this.#tokens.take();
      return undefined;
    }
    const message = this.#tokens.nest(() => this.#fields(field.type));
    this.#tokens.expect("}", `to end ${field.name}`);
    return message;
  }

  #enum(type: string, names: readonly string[], token: Token): string | undefined {
    if (token.kind === "integer" && names[token.value] !== undefined) return names[token.value];
    if (names.includes(token.text)) return token.text;
    const close = nearest(token.text, names);
    const help = close === undefined ? `one of ${names.join(", ")}` : `did you mean ${close}?`;
    this.#fault("field-value", `${type} has no value '${token.text}'`, token, help);
    return undefined;
  }

  #string(): string | undefined {
    const parts: string[] = [];
    do {
      const token = this.#tokens.expectKind("string", "a string");
      if (token === undefined) return undefined;
      parts.push(resolveEscapes(token.value));
    } while (this.#tokens.atKind("string"));
    return parts.join("");
  }

  #unknownField(name: Token, type: TortillaMessageType): void {
    const close = nearest(name.text, type.byName.keys());
    const help =
      close === undefined ? `its fields are ${[...type.byName.keys()].join(", ")}` : `did you mean '${close}'?`;
    this.#fault("field-unknown", `${type.name} of schema ${this.#version} has no field '${name.text}'`, name, help);
    if (this.#tokens.accept(":") && !this.#tokens.at("{")) {
      this.#tokens.accept("-");
      this.#tokens.take();
    } else if (this.#tokens.accept("{")) {
      this.#tokens.recover("}");
      this.#tokens.accept("}");
    }
  }

  #fault(code: string, message: string, at: Token, help?: string): void {
    this.#bag.report({ severity: "error", code, message, span: at.span, ...(help === undefined ? {} : { help }) });
  }
}

const simple: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, a: 7, b: 8, f: 12, v: 11, "\\": 92, "?": 63 };

/** Resolves the escapes of the text form; octal and hexadecimal ones are bytes of UTF-8. */
function resolveEscapes(text: string): string {
  if (!text.includes("\\")) return text;
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (const part of text.matchAll(/\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|([\s\S]))|[^\\]+|\\$/g)) {
    const [whole, octal, hexadecimal, letter] = part;
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 0xff);
    else if (hexadecimal !== undefined) bytes.push(Number.parseInt(hexadecimal, 16));
    else if (letter !== undefined && simple[letter] !== undefined) bytes.push(simple[letter]);
    else bytes.push(...encoder.encode(whole));
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}
