/**
 * The text formats that all call themselves `.tns`: lines of coordinates and a value, under different headers.
 *
 * - `frostt`: no header; indices start at 1; `#` begins a comment (http://frostt.io, also SPLATT).
 * - `parti`: a line with the order, a line with the extents; indices start at 1 (ParTI!, B-CSF).
 * - `genten`: `sptensor [indices-start-at-zero|indices-start-at-one]`, then order, extents and entry count on lines of
 *   their own; indices start at 0 unless the first line says otherwise (GenTen).
 * - `extended-frostt`: a line with order and entry count, a line with the extents; indices start at 1 (MLIR). Known only
 *   by a comment, `# extended FROSTT format` or `# extended with two meta data lines`, since its header could be entries.
 */
import { maximumOrder } from "../../limits.ts";
import type { TensorFileHeader } from "../header.ts";
import type { HeaderLine } from "../text/header-line.ts";

/** A `.tns` dialect by name. */
export type TnsDialect = Extract<TensorFileHeader["format"], "frostt" | "parti" | "genten" | "extended-frostt">;

/** What the header of a `.tns` file says. */
export interface TnsHeader {
  readonly dialect: TnsDialect;
  readonly order: number;
  readonly base: 0 | 1;
  /** Undefined if the entries decide (`frostt`). */
  readonly shape: readonly number[] | undefined;
  /** Entries promised, if the dialect says. */
  readonly promised: number | undefined;
}

/** The dialect that the first line behind the comments belongs to. */
export function detectDialect(line: HeaderLine, extended: boolean): TnsDialect {
  if (line.words[0]?.text === "sptensor") return "genten";
  if (extended) return "extended-frostt";
  return line.words.length === 1 ? "parti" : "frostt";
}

/** Reads the header of one dialect line by line; `header` is set when it is whole. */
export class TnsHeaderReader {
  readonly dialect: TnsDialect;
  header: TnsHeader | undefined;
  #base: 0 | 1;
  #lines = 0;
  #order: number | undefined;
  #shape: number[] | undefined;
  #promised: number | undefined;

  constructor(dialect: TnsDialect) {
    this.dialect = dialect;
    this.#base = dialect === "genten" ? 0 : 1;
  }

  /**
   * Takes the next line that is neither blank nor a comment.
   *
   * @returns whether it was part of the header; a `frostt` file's first line is not.
   * @throws {TensorError} `file-malformed`, or `too-large` for more than 64 modes or extents beyond int32.
   */
  take(line: HeaderLine): boolean {
    if (this.dialect === "frostt") {
      if (line.words.length < 2) throw line.fault("file-malformed", 1, "expected coordinates and a value on one line");
      this.#setOrder(line, line.words.length - 1, 0);
      this.#finish();
      return false;
    }
    const step = this.dialect === "genten" ? this.#lines : this.#lines + 1;
    this.#lines++;
    if (step === 0) this.#takeKeyword(line);
    else if (step === 1) this.#takeOrder(line);
    else if (step === 2) this.#takeShape(line);
    else [this.#promised] = line.integers(["the number of entries"]);
    const last = this.dialect === "genten" ? 3 : 2;
    if (step === last) this.#finish();
    return true;
  }

  #takeKeyword(line: HeaderLine): void {
    const [keyword, base, surplus] = line.words;
    if (keyword?.text !== "sptensor") throw line.fault("file-malformed", 0, "expected the word sptensor");
    if (base?.text === "indices-start-at-one") this.#base = 1;
    else if (base !== undefined && base.text !== "indices-start-at-zero") {
      throw line.fault(
        "file-malformed",
        1,
        "expected indices-start-at-zero, indices-start-at-one or the end of the line",
      );
    }
    if (surplus !== undefined) throw line.fault("file-malformed", 2, "expected the end of the line");
  }

  #takeOrder(line: HeaderLine): void {
    const names = this.dialect === "extended-frostt" ? ["the order", "the number of entries"] : ["the order"];
    const [order = 0, promised] = line.integers(names);
    this.#promised = promised;
    this.#setOrder(line, order, 0);
  }

  #setOrder(line: HeaderLine, order: number, word: number): void {
    if (order < 1) throw line.fault("file-malformed", word, "a tensor file has at least one mode");
    if (order > maximumOrder) throw line.fault("too-large", word, `${order} modes are more than ${maximumOrder}`);
    this.#order = order;
  }

  #takeShape(line: HeaderLine): void {
    const names = Array.from({ length: this.#order! }, (_, mode) => `the extent of mode ${mode + 1}`);
    this.#shape = line.integers(names);
    line.checkExtents(this.#shape, 0);
  }

  #finish(): void {
    this.header = {
      dialect: this.dialect,
      order: this.#order!,
      base: this.#base,
      shape: this.#shape,
      promised: this.#promised,
    };
  }
}
