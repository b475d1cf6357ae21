/** Messages in protobuf's JSON form, brought to what the binary form gives. */
import type { Place } from "../graph/place.ts";
import { JsonReader } from "./json-reader.ts";
import type { Field, Message, MessageSchema, MessageValue } from "./protobuf.ts";

/** Names of enumerated values, such as `DT_FLOAT`. */
export type EnumNames = Readonly<Record<string, number>>;

/** Reads a message from parsed JSON. @throws {ModelError} `program-malformed` with the JSON path */
export function messageFromJson(
  json: unknown,
  schema: MessageSchema,
  context: { place: Place; enums: EnumNames },
): Message {
  return new JsonMessages(context.enums).message(new JsonReader(json, context.place), schema);
}

class JsonMessages {
  readonly #enums: EnumNames;

  constructor(enums: EnumNames) {
    this.#enums = enums;
  }

  message(json: JsonReader, schema: MessageSchema): Message {
    const result: Record<string, MessageValue> = {};
    for (const field of schema.values()) {
      const value = json.at(field.name);
      if (!value.present) continue;
      if (field.repeated !== true) result[field.name] = this.#value(value, field);
      else if (Array.isArray(value.value)) result[field.name] = value.list().map((item) => this.#value(item, field));
      // A map is an object in JSON, and a list of entries in the binary form.
      else result[field.name] = value.entries().map(([key, item]) => this.#entry(key, item, field));
    }
    return result;
  }

  #entry(key: string, json: JsonReader, field: Field): Message {
    if (typeof field.kind === "string") throw json.wrong("a list");
    const value = [...field.kind().values()].find(({ name }) => name === "value");
    if (value === undefined) throw json.wrong("a list");
    return { key, value: this.#value(json, value) };
  }

  #value(json: JsonReader, field: Field): MessageValue {
    if (typeof field.kind !== "string") return this.message(json, field.kind());
    switch (field.kind) {
      case "string":
        return json.text();
      case "bool":
        return json.boolean();
      case "bytes":
        return bytesOf(json);
      default:
        return this.#number(json);
    }
  }

  #number(json: JsonReader): number {
    const { value } = json;
    if (typeof value === "number") return value;
    if (typeof value !== "string") throw json.wrong("a number");
    if (Object.hasOwn(this.#enums, value)) return this.#enums[value] as number;
    const number = Number(value);
    if (value.trim() === "" || (Number.isNaN(number) && value !== "NaN"))
      throw json.wrong("a number or a name of a type");
    return number;
  }
}

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Base64, or a list of bytes as older converters wrote it.
function bytesOf(json: JsonReader): Uint8Array {
  if (Array.isArray(json.value)) return Uint8Array.from(json.list().map((item) => item.integer() & 255));
  const text = json.text().replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of text) {
    const digit = digits.indexOf(letter);
    if (digit < 0) throw json.wrong("base64");
    bits = ((bits << 6) | digit) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[at++] = (bits >> held) & 255;
  }
  return bytes;
}
