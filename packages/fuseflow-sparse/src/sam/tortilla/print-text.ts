import { IndentedPrinter } from "@millrace/ir-text";
import { type TortillaMessage, type TortillaValue, valuesOf } from "./message.ts";
import {
  type TortillaMessageType,
  type TortillaSchema,
  type TortillaVersion,
  tortillaEnums,
  tortillaSchema,
} from "./schema.ts";

/** Prints a `ComalGraph` in protobuf's text form, as the reference implementation does: defaults left out, ASCII only. */
export function printTortillaText(message: TortillaMessage, version: TortillaVersion = "newest"): string {
  const printer = new IndentedPrinter();
  printFields(printer, message, { schema: tortillaSchema(version), type: "ComalGraph" });
  return printer.toString();
}

interface Context {
  readonly schema: TortillaSchema;
  readonly type: string;
}

function printFields(printer: IndentedPrinter, message: TortillaMessage, { schema, type }: Context): void {
  for (const field of (schema.get(type) as TortillaMessageType).byNumber.values()) {
    for (const value of valuesOf(message, field.name)) {
      if (typeof value === "object") {
        printer.block(`${field.name} {`, "}", () => printFields(printer, value, { schema, type: field.type }));
      } else if (field.repeated || !isDefault(field.type, value)) {
        printer.line(`${field.name}: ${printScalar(field.type, value)}`);
      }
    }
  }
}

function isDefault(type: string, value: TortillaValue): boolean {
  const names = tortillaEnums[type];
  return names === undefined ? value === 0 || value === false || value === "" : value === names[0];
}

function printScalar(type: string, value: number | boolean | string): string {
  if (type === "string") return quote(String(value));
  return type === "double" ? printDouble(Number(value)) : String(value);
}

/** As Python prints a float: a point or an exponent always, the exponent of two digits or more, outside 1e-4 … 1e16. */
function printDouble(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  const [digits = "", exponent] = value.toExponential().split("e");
  const power = Number(exponent);
  if (value !== 0 && (power < -4 || power >= 16)) {
    return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  }
  const plain = power < 0 ? value.toFixed(Math.max(0, digits.replace(/[-.]/g, "").length - 1 - power)) : String(value);
  return plain.includes(".") ? plain : `${plain}.0`;
}

const named: Readonly<Record<number, string>> = { 9: "\\t", 10: "\\n", 13: "\\r", 34: '\\"', 39: "\\'", 92: "\\\\" };

function quote(text: string): string {
  let out = "";
  for (const byte of new TextEncoder().encode(text)) {
    const printable = byte >= 0x20 && byte < 0x7f;
    out += named[byte] ?? (printable ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`);
  }
  return `"${out}"`;
}
