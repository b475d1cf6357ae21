import type { TensorError, TensorErrorCode } from "../../errors.ts";
import { type DenseTensor, makeValues } from "../dense-tensor.ts";
import { quoteWord, textFault } from "../file-fault.ts";
import { mirrorSign, type ReadContext } from "../read-options.ts";
import { realDiagonalMessage } from "../text/entry-lines.ts";
import { EntryList } from "../text/entry-list.ts";
import { valueTypeOf } from "../text/finish-entries.ts";
import { scanInteger, scanNumber, skipBlanks } from "../text/number-scanner.ts";
import type { Banner, MatrixSize } from "./banner.ts";

const NEWLINE = 10;
const PERCENT = 37;

/** The body of an `array` file: values column by column, freely broken into lines. */
export class ArrayValues {
  line: number;
  readonly list: EntryList;
  readonly #banner: Banner;
  readonly #size: MatrixSize;
  readonly #context: ReadContext;
  readonly #parts: 1 | 2;
  /** Numbers read so far, `parts` to a value. */
  #numbers = 0;
  /** The next imaginary part that must be 0, as an index of numbers, and its row; -1 where there is none. */
  #zero: number;
  #zeroRow = 0;

  constructor(header: { readonly banner: Banner; readonly size: MatrixSize }, context: ReadContext, line: number) {
    this.#banner = header.banner;
    this.#size = header.size;
    this.#context = context;
    this.#parts = header.banner.field === "complex" ? 2 : 1;
    this.line = line;
    this.#zero = header.banner.symmetry === "hermitian" ? 1 : -1;
    const expected = Math.min(header.size.stored, Math.ceil((context.expectedBytes ?? 0) / (2 * this.#parts)));
    this.list = new EntryList({ order: 0, parts: this.#parts, expected, maximum: header.size.stored });
  }

  /** Takes whole lines. @throws {TensorError} for the first word that is no value, and for values beyond the promised ones. */
  consume(bytes: Uint8Array, start: number, end: number): void {
    const integer = this.#banner.field === "integer";
    const { stored } = this.#size;
    let lineStart = start;
    let at = start;
    while (at < end) {
      at = skipBlanks(bytes, at);
      if (bytes[at] === PERCENT) while (bytes[at] !== NEWLINE) at++;
      if (bytes[at] === NEWLINE) {
        lineStart = ++at;
        this.line++;
        continue;
      }
      const column = at - lineStart + 1;
      if (this.#numbers === this.list.capacity * this.#parts) {
        if (this.#numbers === stored * this.#parts)
          throw this.#fault("file-malformed", column, `one value more than the ${stored} of the array`);
        this.list.count = this.#numbers / this.#parts;
        this.list.grow();
      }
      const { values } = this.list;
      const word = at;
      at = integer ? scanInteger(bytes, word, values, this.#numbers) : scanNumber(bytes, word, values, this.#numbers);
      if (at < 0) {
        throw this.#fault(
          "file-malformed",
          column,
          `expected ${integer ? "an integer" : "a number"}, found ${quoteWord(bytes, word)}`,
        );
      }
      this.#checkValue(values[this.#numbers]!, column);
      this.#numbers++;
    }
  }

  /** The whole matrix, row-major. @throws {TensorError} `file-truncated` if values are missing. */
  finish(expandSymmetry: boolean): DenseTensor {
    const { rows, columns, stored } = this.#size;
    if (this.#numbers < stored * this.#parts) {
      const found = Math.floor(this.#numbers / this.#parts);
      throw this.#fault("file-truncated", 1, `the file ends after ${found} of the ${stored} values of the array`);
    }
    const { symmetry, field } = this.#banner;
    const parts = this.#parts;
    const source = this.list.values.subarray(0, stored * parts);
    const valueType = valueTypeOf(field, source);
    const values = makeValues(valueType, rows * columns);
    const sign = expandSymmetry ? mirrorSign(symmetry) : 0;
    const imaginarySign = symmetry === "hermitian" ? -sign : sign;
    let from = 0;
    for (let column = 0; column < columns; column++) {
      const first = symmetry === "general" ? 0 : symmetry === "skew-symmetric" ? column + 1 : column;
      for (let row = first; row < rows; row++, from += parts) {
        const to = (row * columns + column) * parts;
        const mirror = (column * columns + row) * parts;
        const mirrored = sign !== 0 && row !== column;
        values[to] = source[from]!;
        if (mirrored) values[mirror] = sign * source[from]!;
        if (parts === 2) values[to + 1] = source[from + 1]!;
        if (parts === 2 && mirrored) values[mirror + 1] = imaginarySign * source[from + 1]!;
      }
    }
    return { shape: [rows, columns], valueType, values };
  }

  #checkValue(value: number, column: number): void {
    if (this.#banner.field === "integer") {
      if (Math.abs(value) > Number.MAX_SAFE_INTEGER)
        throw this.#fault("value-range", column, "an integer beyond 2^53 cannot be kept exactly");
    } else if (!Number.isFinite(value) && !this.#context.allowNonFinite) {
      const message = `the value is ${value} (as written, or beyond float64); non-finite values must be allowed expressly`;
      throw this.#fault("value-range", column, message);
    }
    if (this.#numbers === this.#zero) this.#checkDiagonal(value, column);
  }

  #checkDiagonal(imaginary: number, column: number): void {
    if (imaginary !== 0) throw this.#fault("file-malformed", column, realDiagonalMessage(this.#zeroRow, imaginary));
    // Each column of the lower triangle begins on the diagonal.
    this.#zero += 2 * (this.#size.rows - this.#zeroRow);
    this.#zeroRow++;
  }

  #fault(code: TensorErrorCode, column: number, message: string): TensorError {
    return textFault(code, { file: this.#context.file, line: this.line, column }, message);
  }
}
