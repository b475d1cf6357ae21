import type { TensorError, TensorErrorCode } from "../../errors.ts";
import { maximumExtent } from "../../limits.ts";
import { latin1, quote, textFault } from "../file-fault.ts";

/** A blank-separated word of a header line, with its column (from 1). */
export interface HeaderWord {
  readonly text: string;
  readonly column: number;
}

/** Longest line of a header; a header holds a few numbers, and each word is kept as a string. */
const LONGEST_LINE = 2 ** 16;

/** One line of a header: its words, and a way to complain about them. Headers are short, so this may be slow. */
export class HeaderLine {
  readonly file: string;
  /** Its number in the file, from 1. */
  readonly line: number;
  readonly text: string;
  readonly words: readonly HeaderWord[];

  /** Takes the line at `bytes[start .. end)`, its newline excluded. @throws {TensorError} `too-large` beyond 64 KiB. */
  constructor(
    place: { readonly file: string; readonly line: number },
    bytes: Uint8Array,
    bounds: readonly [number, number],
  ) {
    this.file = place.file;
    this.line = place.line;
    const length = bounds[1] - bounds[0];
    if (length > LONGEST_LINE) {
      const message = `a line of ${length} bytes in the header is longer than ${LONGEST_LINE}; is this a text file?`;
      throw textFault("too-large", { ...place, column: 1 }, message);
    }
    this.text = latin1(bytes, bounds[0], bounds[1]);
    this.words = Array.from(this.text.matchAll(/[^ \t\v\f\r]+/g), (match) => ({
      text: match[0],
      column: match.index + 1,
    }));
  }

  /** A fault at a word of this line, or at its end if there is no such word. */
  fault(code: TensorErrorCode, word: number, message: string): TensorError {
    const column = this.words[word]?.column ?? this.text.trimEnd().length + 1;
    return textFault(code, { file: this.file, line: this.line, column }, message);
  }

  /**
   * The words as non-negative integers, which must be exactly as many as there are names.
   *
   * @throws {TensorError} `file-malformed`, or `too-large` for numbers beyond 2^53.
   */
  integers(names: readonly string[]): number[] {
    const numbers = names.map((name, index) => {
      const word = this.words[index]?.text;
      if (word === undefined) throw this.fault("file-malformed", index, `expected ${name}, found the end of the line`);
      if (!/^\d+$/.test(word)) throw this.fault("file-malformed", index, `expected ${name}, found ${quote(word)}`);
      const number = Number(word);
      if (number > Number.MAX_SAFE_INTEGER)
        throw this.fault("too-large", index, `${name} is ${quote(word)}, beyond 2^53`);
      return number;
    });
    if (this.words.length > names.length) {
      const surplus = quote(this.words[names.length]!.text);
      throw this.fault(
        "file-malformed",
        names.length,
        `expected the end of the line after ${names.at(-1)}, found ${surplus}`,
      );
    }
    return numbers;
  }

  /** @throws {TensorError} `too-large` if an extent cannot be indexed by int32; `words[first]` is the first extent. */
  checkExtents(shape: readonly number[], first: number): void {
    const wide = shape.findIndex((extent) => extent > maximumExtent);
    if (wide >= 0)
      throw this.fault(
        "too-large",
        first + wide,
        `extent ${shape[wide]} is beyond ${maximumExtent}, the largest one supported`,
      );
  }
}
