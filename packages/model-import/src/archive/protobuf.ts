/**
 * Reads protobuf messages by a table of their fields; total on any bytes.
 *
 * Unknown fields are skipped, as protobuf asks. Bytes are not copied.
 */
import { ModelError } from "../errors.ts";
import type { Place } from "../graph/place.ts";

/** How a field is stored. Integers beyond 2^53 lose their last bits; no field read here needs them. */
export type FieldKind = "int" | "float" | "double" | "string" | "bytes" | "bool" | "fixed32" | "fixed64";

/** One field: its name, how it is stored or what message it holds, and whether it repeats. */
export interface Field {
  readonly name: string;
  readonly kind: FieldKind | (() => MessageSchema);
  readonly repeated?: boolean;
}

/** Fields by number. */
export type MessageSchema = ReadonlyMap<number, Field>;

/** A message as read: fields by name; repeated ones are lists. */
export interface Message {
  readonly [field: string]: MessageValue | undefined;
}

/** A value of a field. */
export type MessageValue = number | string | boolean | Uint8Array | Message | readonly MessageValue[];

const deepest = 100;
const mostFields = 50_000_000;
const text = new TextDecoder();

/** Reads one message. @throws {ModelError} `protobuf-malformed`, `nesting-too-deep` */
export function readMessage(bytes: Uint8Array, schema: MessageSchema, place: Place): Message {
  return new MessageReader(bytes, place).message(schema, {
    start: 0,
    end: bytes.length,
    path: place.path ?? "",
    depth: 0,
  });
}

interface Extent {
  readonly start: number;
  readonly end: number;
  readonly path: string;
  readonly depth: number;
}

class MessageReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #place: Place;
  #at = 0;
  #fields = 0;

  constructor(bytes: Uint8Array, place: Place) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#place = place;
  }

  message(schema: MessageSchema, extent: Extent): Message {
    if (extent.depth > deepest) {
      throw new ModelError("nesting-too-deep", `messages nest more than ${deepest} deep`, {
        place: { ...this.#place, path: extent.path },
      });
    }
    const result: Record<string, MessageValue> = {};
    this.#at = extent.start;
    while (this.#at < extent.end) {
      if (++this.#fields > mostFields) throw this.#malformed(extent, `has more than ${mostFields} fields`);
      const tag = this.#varint(extent);
      const field = schema.get(Math.floor(tag / 8));
      if (field === undefined) this.#skip(tag % 8, extent);
      else this.#field(result, field, tag % 8, extent);
    }
    return result;
  }

  #field(result: Record<string, MessageValue>, field: Field, wire: number, extent: Extent): void {
    const list = field.repeated ? ((result[field.name] as MessageValue[] | undefined) ?? []) : undefined;
    if (list !== undefined) result[field.name] = list;
    const path = `${extent.path === "" ? "" : `${extent.path}.`}${field.name}${list === undefined ? "" : `[${list.length}]`}`;
    if (wire === 2) {
      const end = this.#length(extent);
      const start = this.#at;
      if (list !== undefined && typeof field.kind === "string" && field.kind !== "string" && field.kind !== "bytes") {
        while (this.#at < end) list.push(this.#scalar(field.kind, { ...extent, end, path }));
        return;
      }
      const value = this.#delimited(field, { start, end, path, depth: extent.depth + 1 });
      this.#at = end;
      if (list === undefined) result[field.name] = value;
      else list.push(value);
      return;
    }
    if (typeof field.kind !== "string" || !fits(field.kind, wire))
      throw this.#malformed({ ...extent, path }, `has wire type ${wire}`);
    const value = this.#scalar(field.kind, { ...extent, path });
    if (list === undefined) result[field.name] = value;
    else list.push(value);
  }

  #delimited(field: Field, extent: Extent): MessageValue {
    if (typeof field.kind !== "string") return this.message(field.kind(), extent);
    const bytes = this.#bytes.subarray(extent.start, extent.end);
    if (field.kind === "bytes") return bytes;
    if (field.kind === "string") return text.decode(bytes);
    return this.#scalar(field.kind, extent);
  }

  #scalar(kind: FieldKind, extent: Extent): MessageValue {
    switch (kind) {
      case "float":
        return this.#view.getFloat32(this.#take(4, extent), true);
      case "double":
        return this.#view.getFloat64(this.#take(8, extent), true);
      case "fixed32":
        return this.#view.getUint32(this.#take(4, extent), true);
      case "fixed64":
        return Number(this.#view.getBigUint64(this.#take(8, extent), true));
      case "bool":
        return this.#varint(extent) !== 0;
      default:
        return this.#varint(extent);
    }
  }

  // A signed 64-bit integer, exact up to 2^53 either way; -1 comes as ten bytes.
  #varint(extent: Extent): number {
    let value = 0;
    for (let shift = 0; shift < 10; shift++) {
      const byte = this.#bytes[this.#take(1, extent)] as number;
      value += (byte & 127) * 2 ** (7 * shift);
      if (byte < 128) return shift === 9 ? this.#wide(this.#at - 10) : value;
    }
    throw this.#malformed(extent, "has a number of more than ten bytes");
  }

  #wide(start: number): number {
    let value = 0n;
    for (let shift = 0; shift < 10; shift++)
      value |= BigInt((this.#bytes[start + shift] as number) & 127) << BigInt(7 * shift);
    return Number(BigInt.asIntN(64, value));
  }

  #length(extent: Extent): number {
    const length = this.#varint(extent);
    if (!(length >= 0 && this.#at + length <= extent.end))
      throw this.#malformed(extent, `claims ${length} bytes more than there are`);
    return this.#at + length;
  }

  #skip(wire: number, extent: Extent): void {
    if (wire === 0) this.#varint(extent);
    else if (wire === 1) this.#take(8, extent);
    else if (wire === 2) this.#at = this.#length(extent);
    else if (wire === 5) this.#take(4, extent);
    else throw this.#malformed(extent, `has wire type ${wire}`);
  }

  #take(length: number, extent: Extent): number {
    const start = this.#at;
    if (start + length > extent.end) throw this.#malformed(extent, "is cut off");
    this.#at += length;
    return start;
  }

  #malformed(extent: Extent, what: string): ModelError {
    const path = extent.path === "" ? `byte ${this.#at}` : `${extent.path} at byte ${this.#at}`;
    return new ModelError("protobuf-malformed", `the message ${what}`, {
      place: { ...this.#place, path },
      help: "the file may be cut off, or be of another format",
    });
  }
}

function fits(kind: FieldKind, wire: number): boolean {
  if (kind === "float" || kind === "fixed32") return wire === 5;
  if (kind === "double" || kind === "fixed64") return wire === 1;
  return wire === 0 && kind !== "string" && kind !== "bytes";
}

/** A table of fields from `number name kind`, with `*` behind the kind of a repeated field. */
export function schema(lines: string, messages: Readonly<Record<string, () => MessageSchema>> = {}): MessageSchema {
  return new Map(
    lines
      .trim()
      .split(/\s*;\s*/)
      .filter((line) => line !== "")
      .map((line): [number, Field] => {
        const [number = "", name = "", kind = ""] = line.split(" ");
        const plain = kind.replace("*", "");
        return [Number(number), { name, kind: messages[plain] ?? (plain as FieldKind), repeated: kind.endsWith("*") }];
      }),
  );
}

/** A field that holds a message. */
export function messageOf(message: Message, field: string): Message | undefined {
  const value = message[field];
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof Uint8Array)
    ? (value as Message)
    : undefined;
}

/** A repeated field that holds messages. */
export function messagesOf(message: Message, field: string): readonly Message[] {
  return (message[field] as readonly Message[] | undefined) ?? [];
}

/** A repeated field of numbers. */
export function numbersOf(message: Message, field: string): readonly number[] {
  return (message[field] as readonly number[] | undefined) ?? [];
}

/** A repeated field of strings. */
export function stringsOf(message: Message, field: string): readonly string[] {
  return (message[field] as readonly string[] | undefined) ?? [];
}

/** A field that holds a number; 0 if it is left out, as in protobuf. */
export function numberOf(message: Message, field: string): number {
  return Number(message[field] ?? 0);
}

/** A field that holds a string; empty if it is left out. */
export function stringOf(message: Message, field: string): string {
  return String(message[field] ?? "");
}
