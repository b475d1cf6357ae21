import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { FuseflowError } from "../../errors.ts";
import { type TortillaMessage, type TortillaValue, valuesOf } from "./message.ts";
import {
  type TortillaField,
  type TortillaMessageType,
  type TortillaSchema,
  type TortillaVersion,
  tortillaEnums,
  tortillaSchema,
} from "./schema.ts";

/**
 * Encodes a `ComalGraph` canonically: fields in the order of their numbers, defaults left out, integers packed.
 *
 * @throws {FuseflowError} `tortilla-unsupported` if the layout of `version` cannot hold a field or an enum value.
 */
export function encodeTortilla(message: TortillaMessage, version: TortillaVersion = "newest"): Uint8Array {
  const writer = new BinaryWriter();
  writeMessage(writer, message, { schema: tortillaSchema(version), version, type: "ComalGraph" });
  return writer.finish();
}

interface Context {
  readonly schema: TortillaSchema;
  readonly version: TortillaVersion;
  readonly type: string;
}

function writeMessage(writer: BinaryWriter, message: TortillaMessage, context: Context): void {
  const type = context.schema.get(context.type) as TortillaMessageType;
  for (const name of Object.keys(message)) {
    if (message[name] === undefined || type.byName.has(name)) continue;
    const reason = `version ${context.version} of the schema has no field '${name}' in ${context.type}`;
    throw new FuseflowError("tortilla-unsupported", reason);
  }
  for (const field of type.byNumber.values()) {
    const values = valuesOf(message, field.name);
    if (values.length > 0) writeField(writer, field, { values, context });
  }
}

interface FieldValues {
  readonly values: readonly TortillaValue[];
  readonly context: Context;
}

function writeField(writer: BinaryWriter, field: TortillaField, { values, context }: FieldValues): void {
  if (field.repeated && field.type === "uint64") {
    writer.tag(field.number, WireType.LengthDelimited).fork();
    for (const value of values) writer.uint64(value as number);
    writer.join();
    return;
  }
  for (const value of values) {
    if (!field.repeated && (value === 0 || value === false || value === "")) continue;
    writeValue(writer, field, { value, context });
  }
}

function writeValue(
  writer: BinaryWriter,
  field: TortillaField,
  item: { value: TortillaValue; context: Context },
): void {
  const { value, context } = item;
  const names = tortillaEnums[field.type];
  if (names !== undefined) {
    const number = names.indexOf(String(value));
    if (number < 0) throw new FuseflowError("tortilla-unsupported", `${field.type} has no value '${String(value)}'`);
    if (number > 0 || field.repeated) writer.tag(field.number, WireType.Varint).uint64(number);
    return;
  }
  switch (field.type) {
    case "uint64":
      writer.tag(field.number, WireType.Varint).uint64(value as number);
      return;
    case "bool":
      writer.tag(field.number, WireType.Varint).bool(value as boolean);
      return;
    case "double":
      writer.tag(field.number, WireType.Bit64).double(value as number);
      return;
    case "string":
      writer.tag(field.number, WireType.LengthDelimited).string(value as string);
      return;
    default:
      writer.tag(field.number, WireType.LengthDelimited).fork();
      writeMessage(writer, value as TortillaMessage, { ...context, type: field.type });
      writer.join();
  }
}
