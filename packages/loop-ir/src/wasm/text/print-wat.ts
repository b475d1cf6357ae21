/**
 * A module of this package in the text format of WebAssembly, as other tools print and read it. It decodes the bytes, so
 * that what is shown is what runs.
 *
 * Source: the WebAssembly core specification, binary and text format.
 */
import { IndentedPrinter } from "@millrace/ir-text";
import { LoopError } from "../../errors.ts";
import { opcodeNames, saturatingNames } from "./opcode-names.ts";
import { isVectorAccess, namesLane, vectorNames } from "./vector-names.ts";

const typeNames: Readonly<Record<number, string>> = { 127: "i32", 126: "i64", 125: "f32", 124: "f64", 123: "v128" };
const sectionIds = { type: 1, import: 2, function: 3, export: 7, code: 10 };

/**
 * Prints a module that {@link emitWasm} made.
 *
 * @throws {LoopError} `unsupported` for bytes that such a module does not have.
 *
 * @example
 * ```ts
 * const b = new NestBuilder("none");
 * printWat(emitWasm(b.finish()).bytes).split("\n")[0]; // => "(module"
 * ```
 */
export function printWat(bytes: Uint8Array): string {
  const sections = sectionsOf(bytes);
  const reader = (id: number): ByteReader => new ByteReader(sections.get(id) ?? new Uint8Array(1));
  const types = list(reader(sectionIds.type), (from) => {
    from.byte();
    return { parameters: list(from, typeOf), results: list(from, typeOf) };
  });
  const functions = list(reader(sectionIds.function), (from) => types[from.unsigned()]!);
  const exported = new Map(
    list(reader(sectionIds.export), (from) => {
      const name = from.name();
      from.byte();
      return [from.unsigned(), name] as const;
    }),
  );
  const printer = new IndentedPrinter();
  printer.block("(module", ")", () => {
    for (const { parameters, results } of types) printer.line(`(type (func${signature(parameters, results)}))`);
    list(reader(sectionIds.import), (from) => printer.line(memoryImport(from)));
    list(reader(sectionIds.code), (from, at) => {
      const { parameters, results } = functions[at]!;
      const name = exported.get(at);
      const head = `(func (;${at};)${name === undefined ? "" : ` (export "${name}")`}${signature(parameters, results)}`;
      printer.block(head, ")", () => printBody(new ByteReader(from.bytes(from.unsigned())), printer));
    });
  });
  return printer.toString();
}

function signature(parameters: readonly string[], results: readonly string[]): string {
  const part = (name: string, types: readonly string[]): string =>
    types.length === 0 ? "" : ` (${name} ${types.join(" ")})`;
  return part("param", parameters) + part("result", results);
}

function memoryImport(from: ByteReader): string {
  const [module, name] = [from.name(), from.name()];
  from.byte();
  from.byte();
  return `(import "${module}" "${name}" (memory ${from.unsigned()} ${from.unsigned()} shared))`;
}

function printBody(from: ByteReader, printer: IndentedPrinter): void {
  list(from, (each) => {
    const count = each.unsigned();
    const type = typeOf(each);
    printer.line(`(local${` ${type}`.repeat(count)})`);
  });
  let depth = 0;
  while (!from.atEnd) {
    const code = from.byte();
    if (code === 0x0b && from.atEnd) return;
    if (code === 0x05 || code === 0x0b) depth -= 1;
    printer.line("  ".repeat(Math.max(0, depth)) + instruction(code, from));
    if (code === 0x02 || code === 0x03 || code === 0x04 || code === 0x05) depth += 1;
  }
}

function instruction(code: number, from: ByteReader): string {
  if (code === 0xfc) return saturatingNames[from.unsigned()] ?? refuse(code);
  if (code === 0xfd) return vector(from);
  if (code === 0xfe) return atomic(from);
  const name = opcodeNames[code] ?? refuse(code);
  if (code >= 0x02 && code <= 0x04) return `${name}${blockType(from)}`;
  if (code === 0x1c) return `${name} (result ${list(from, typeOf).join(" ")})`;
  if (code === 0x0c || code === 0x0d || code === 0x10 || (code >= 0x20 && code <= 0x24))
    return `${name} ${from.unsigned()}`;
  if (code >= 0x28 && code <= 0x3e) return `${name}${memoryPlace(from)}`;
  if (code === 0x41 || code === 0x42) return `${name} ${from.signed()}`;
  if (code === 0x43 || code === 0x44) return `${name} ${floatText(from.float(code === 0x43 ? 4 : 8))}`;
  return name;
}

function blockType(from: ByteReader): string {
  const type = from.byte();
  return type === 0x40 ? "" : ` (result ${typeNames[type] ?? refuse(type)})`;
}

function memoryPlace(from: ByteReader): string {
  const align = 2 ** from.unsigned();
  const offset = from.unsigned();
  return `${offset === 0 ? "" : ` offset=${offset}`} align=${align}`;
}

function vector(from: ByteReader): string {
  const code = from.unsigned();
  const name = vectorNames.get(code) ?? refuse(code);
  if (isVectorAccess(code)) return `${name}${memoryPlace(from)}`;
  if (namesLane(code)) return `${name} ${from.byte()}`;
  if (name !== "v128.const") return name;
  const words = new DataView(from.bytes(16).slice().buffer);
  return `${name} i32x4 ${[0, 4, 8, 12].map((at) => words.getInt32(at, true)).join(" ")}`;
}

function atomic(from: ByteReader): string {
  const names: Readonly<Record<number, string>> = {
    16: "i32.atomic.load",
    23: "i32.atomic.store",
    30: "i32.atomic.rmw.add",
  };
  const code = from.unsigned();
  return `${names[code] ?? refuse(code)}${memoryPlace(from)}`;
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return Object.is(value, -0) ? "-0" : String(value);
}

function refuse(code: number): never {
  throw new LoopError("unsupported", `the instruction 0x${code.toString(16)} cannot be printed as WebAssembly text`);
}

function typeOf(from: ByteReader): string {
  const type = from.byte();
  return typeNames[type] ?? refuse(type);
}

function list<T>(from: ByteReader, read: (from: ByteReader, at: number) => T): T[] {
  return Array.from({ length: from.unsigned() }, (_, at) => read(from, at));
}

function sectionsOf(bytes: Uint8Array): Map<number, Uint8Array> {
  const reader = new ByteReader(bytes.subarray(8));
  const sections = new Map<number, Uint8Array>();
  while (!reader.atEnd) sections.set(reader.byte(), reader.bytes(reader.unsigned()));
  return sections;
}

/** Bytes from front to back. */
class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    return this.#bytes[this.#at++] ?? 0;
  }

  bytes(count: number): Uint8Array {
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  unsigned(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const next = this.byte();
      value |= (next & 0x7f) << shift;
      if (next < 0x80) return value >>> 0;
    }
  }

  signed(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const next = this.byte();
      value |= BigInt(next & 0x7f) << shift;
      if (next < 0x80) return BigInt.asIntN(Number(shift) + 7, value);
    }
  }

  float(size: 4 | 8): number {
    const part = this.bytes(size).slice();
    const view = new DataView(part.buffer);
    return size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
  }

  name(): string {
    return new TextDecoder().decode(this.bytes(this.unsigned()));
  }
}
