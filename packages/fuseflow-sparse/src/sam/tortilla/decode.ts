import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { FuseflowError } from "../../errors.ts";
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

/** A decoded file and the layout it has. */
export interface DecodedTortilla {
  readonly version: TortillaVersion;
  /** A `ComalGraph`. */
  readonly message: TortillaMessage;
}

/**
 * Decodes a Comal graph file.
 *
 * Nothing is dropped: a field that the layout does not have, another wire type than its, a length past the end of its message
 * or an integer above 2^53 - 1 is a fault. Without `version` the layouts are tried from the newest on, and the first in which
 * every byte makes sense is taken.
 *
 * @throws {FuseflowError} `tortilla-malformed`, with byte offset and field path, of the version that read furthest.
 */
export function decodeTortilla(bytes: Uint8Array, version?: TortillaVersion): DecodedTortilla {
  let furthest: Fault | undefined;
  for (const candidate of version === undefined ? tortillaVersions : [version]) {
    const decoder = new Decoder(bytes, tortillaSchema(candidate));
    const message = decoder.decode();
    if (message !== undefined) return { version: candidate, message };
    if (furthest === undefined || (decoder.fault?.offset ?? 0) > furthest.offset) furthest = decoder.fault;
  }
  const { offset, path, reason } = furthest ?? { offset: 0, path: "", reason: "no version given" };
  const place = path === "" ? `byte ${offset}` : `byte ${offset}, in ${path}`;
  throw new FuseflowError("tortilla-malformed", `not a Comal graph file: ${place}: ${reason}`);
}

interface Fault {
  readonly offset: number;
  readonly path: string;
  readonly reason: string;
}

class DecodeStop extends Error {}

class Decoder {
  readonly #reader: BinaryReader;
  readonly #schema: TortillaSchema;
  readonly #path: string[] = [];
  fault: Fault | undefined;

  constructor(bytes: Uint8Array, schema: TortillaSchema) {
    this.#reader = new BinaryReader(bytes);
    this.#schema = schema;
  }

  /** The file as a `ComalGraph`, or undefined with `fault` set. */
  decode(): TortillaMessage | undefined {
    try {
      return this.#message("ComalGraph", this.#reader.len);
    } catch (error) {
      // The reader itself throws plain errors where a varint or a length runs past the end.
      if (this.fault === undefined) {
        const reason = error instanceof Error ? error.message : String(error);
        this.fault = { offset: this.#reader.pos, path: this.#path.join("."), reason };
      }
      return undefined;
    }
  }

  #stop(offset: number, reason: string): never {
    this.fault = { offset, path: this.#path.join("."), reason };
    throw new DecodeStop(reason);
  }

  #message(typeName: string, end: number): TortillaMessage {
    const type = this.#schema.get(typeName) as TortillaMessageType;
    const message: Record<string, TortillaValue | TortillaValue[]> = {};
    while (this.#reader.pos < end) {
      const start = this.#reader.pos;
      const [number, wire] = this.#reader.tag();
      const field = type.byNumber.get(number);
      if (field === undefined) this.#stop(start, `${typeName} has no field ${number}`);
      let list: TortillaValue[] | undefined;
      if (field.repeated) {
        list = (message[field.name] as TortillaValue[] | undefined) ?? [];
        message[field.name] = list;
      }
      this.#path.push(list === undefined ? field.name : `${field.name}[${list.length}]`);
      if (list !== undefined && field.type === "uint64" && wire === WireType.LengthDelimited) this.#packed(list, end);
      else {
        const value = this.#value(field, wire, end);
        if (list === undefined) message[field.name] = value;
        else list.push(value);
      }
      if (this.#reader.pos > end)
        this.#stop(start, `the field ends at byte ${this.#reader.pos}, past its message's ${end}`);
      this.#path.pop();
    }
    return message;
  }

  #packed(list: TortillaValue[], end: number): void {
    const stop = this.#length(end);
    while (this.#reader.pos < stop) list.push(this.#integer());
    if (this.#reader.pos !== stop) this.#stop(stop, "the last packed integer runs past its length");
  }

  #value(field: TortillaField, wire: WireType, end: number): TortillaValue {
    const start = this.#reader.pos;
    const expected = wireTypeOf(field.type);
    if (wire !== expected) this.#stop(start, `wire type ${wire} where a ${field.type} has ${expected}`);
    switch (field.type) {
      case "uint64":
        return this.#integer();
      case "bool":
        return this.#integer() !== 0;
      case "double":
        return this.#reader.double();
      case "string": {
        const stop = this.#length(end);
        this.#reader.pos = start;
        const text = this.#reader.string(true);
        return this.#reader.pos === stop ? text : this.#stop(start, "malformed string");
      }
      default:
        break;
    }
    const names = tortillaEnums[field.type];
    if (names === undefined) return this.#message(field.type, this.#length(end));
    const number = this.#integer();
    return names[number] ?? this.#stop(start, `${field.type} has no value ${number} (0 to ${names.length - 1})`);
  }

  #length(end: number): number {
    const start = this.#reader.pos;
    const length = this.#reader.uint32();
    const stop = this.#reader.pos + length;
    if (stop > end) this.#stop(start, `length ${length} reaches byte ${stop}, past its message's end ${end}`);
    return stop;
  }

  #integer(): number {
    const start = this.#reader.pos;
    const value = Number(this.#reader.uint64());
    if (!Number.isSafeInteger(value)) this.#stop(start, `integer ${value} is above 2^53 - 1`);
    return value;
  }
}

function wireTypeOf(type: string): WireType {
  if (type === "uint64" || type === "bool" || type in tortillaEnums) return WireType.Varint;
  return type === "double" ? WireType.Bit64 : WireType.LengthDelimited;
}
