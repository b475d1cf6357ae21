/** The header of a `.npy` file as NumPy writes it: magic, version, and a Python dictionary with three keys. */

import type { TensorError, TensorErrorCode } from "../../errors.ts";
import { maximumExtent, maximumOrder } from "../../limits.ts";
import { byteFault, latin1, quote } from "../file-fault.ts";

/** What the dictionary says. */
export interface NpyHeader {
  /** NumPy's descriptor of an element, e.g. `<f8`. */
  readonly descriptor: string;
  /** Whether the first mode runs fastest. */
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Offset of the first element. */
  readonly bodyOffset: number;
}

const MAGIC = "\x93NUMPY";
/** Bytes before the dictionary's length. */
const PREFIX = 8;
/** Longest dictionary read; those of plain arrays take about a hundred bytes. */
const LONGEST_DICTIONARY = 2 ** 16;
/** Bytes that hold any header read here. */
export const LONGEST_NPY_HEADER: number = PREFIX + 4 + LONGEST_DICTIONARY;

/** Whether these first bytes of a file are those of a `.npy` file. */
export function isNpy(head: Uint8Array): boolean {
  return head.length >= MAGIC.length && latin1(head, 0, MAGIC.length) === MAGIC;
}

/**
 * Reads the header from the first bytes of a file.
 *
 * @throws {TensorError} `file-malformed`, `file-truncated`, or `file-unsupported` for versions behind 3 and structured elements.
 */
export function parseNpyHeader(head: Uint8Array, file: string): NpyHeader {
  const fault = (code: TensorErrorCode, offset: number, message: string): TensorError =>
    byteFault(code, { file, offset }, message);
  if (head.length < PREFIX + 2) throw fault("file-truncated", head.length, "the file ends within its .npy header");
  if (!isNpy(head)) throw fault("file-malformed", 0, "a .npy file begins with the bytes 93 4E 55 4D 50 59");
  const major = head[6]!;
  if (major < 1 || major > 3)
    throw fault("file-unsupported", 6, `version ${major} of the .npy format; 1, 2 and 3 are read`);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const start = major === 1 ? PREFIX + 2 : PREFIX + 4;
  if (head.length < start) throw fault("file-truncated", head.length, "the file ends within its .npy header");
  const length = major === 1 ? view.getUint16(PREFIX, true) : view.getUint32(PREFIX, true);
  if (length > LONGEST_DICTIONARY)
    throw fault("file-unsupported", PREFIX, `a header of ${length} bytes is longer than ${LONGEST_DICTIONARY}`);
  if (head.length < start + length) throw fault("file-truncated", head.length, "the file ends within its .npy header");
  const parser = new DictionaryParser(latin1(head, start, start + length), file, start);
  return { ...parser.parse(), bodyOffset: start + length };
}

/** Just enough of Python's literals for `{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }`. */
class DictionaryParser {
  readonly #text: string;
  readonly #file: string;
  readonly #offset: number;
  #at = 0;
  #descriptor: string | undefined;
  #fortranOrder: boolean | undefined;
  #shape: number[] | undefined;

  constructor(text: string, file: string, offset: number) {
    this.#text = text;
    this.#file = file;
    this.#offset = offset;
  }

  parse(): Omit<NpyHeader, "bodyOffset"> {
    this.#expect(/\{/y, "{");
    while (!this.#skip(/\}/y)) {
      const from = this.#at;
      const key = this.#quoted("a key");
      this.#expect(/:/y, ":");
      this.#entry(key, from);
      if (!this.#skip(/,/y) && !this.#sees(/\}/y)) throw this.#unexpected(", or }");
    }
    this.#match(/[\s\0]*/y);
    if (this.#at < this.#text.length) throw this.#unexpected("the end of the header");
    const descriptor = this.#descriptor;
    const fortranOrder = this.#fortranOrder;
    const shape = this.#shape;
    if (descriptor === undefined || fortranOrder === undefined || shape === undefined) {
      throw this.#refusal("file-malformed", "the header needs the keys descr, fortran_order and shape");
    }
    return { descriptor, fortranOrder, shape };
  }

  #entry(key: string, from: number): void {
    if (key === "descr" && this.#descriptor === undefined) {
      if (this.#sees(/\[/y))
        throw this.#refusal(
          "file-unsupported",
          "structured elements are not read; save one field as an array of its own",
        );
      this.#descriptor = this.#quoted("an element type");
    } else if (key === "fortran_order" && this.#fortranOrder === undefined) {
      this.#fortranOrder = this.#expect(/True|False/y, "True or False") === "True";
    } else if (key === "shape" && this.#shape === undefined) {
      this.#shape = this.#tuple();
    } else {
      this.#at = from;
      throw this.#refusal("file-malformed", `the key ${quote(key)} is unknown or there twice`);
    }
  }

  #tuple(): number[] {
    this.#expect(/\(/y, "(");
    const shape: number[] = [];
    while (!this.#skip(/\)/y)) {
      const digits = this.#expect(/\d+L?/y, "an extent");
      const extent = Number.parseInt(digits, 10);
      if (extent > maximumExtent)
        throw this.#refusal(
          "too-large",
          `extent ${quote(digits)} is beyond ${maximumExtent}, the largest one supported`,
        );
      shape.push(extent);
      if (shape.length > maximumOrder) throw this.#refusal("too-large", `more than ${maximumOrder} modes`);
      if (!this.#skip(/,/y) && !this.#sees(/\)/y)) throw this.#unexpected(", or )");
    }
    return shape;
  }

  #quoted(what: string): string {
    return this.#expect(/'[^'\\]*'|"[^"\\]*"/y, `${what} in quotes`).slice(1, -1);
  }

  #expect(pattern: RegExp, what: string): string {
    this.#match(/\s*/y);
    const found = this.#match(pattern);
    if (found === undefined) throw this.#unexpected(what);
    return found;
  }

  #skip(pattern: RegExp): boolean {
    this.#match(/\s*/y);
    return this.#match(pattern) !== undefined;
  }

  #sees(pattern: RegExp): boolean {
    this.#match(/\s*/y);
    pattern.lastIndex = this.#at;
    return pattern.test(this.#text);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #unexpected(what: string): TensorError {
    const found =
      this.#at < this.#text.length ? quote(this.#text.slice(this.#at, this.#at + 20)) : "the end of the header";
    return this.#refusal("file-malformed", `expected ${what}, found ${found}`);
  }

  #refusal(code: TensorErrorCode, message: string): TensorError {
    return byteFault(code, { file: this.#file, offset: this.#offset + this.#at }, message);
  }
}
