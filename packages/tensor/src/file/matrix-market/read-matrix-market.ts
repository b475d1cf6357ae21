import { textFault } from "../file-fault.ts";
import type { TensorFileHeader } from "../header.ts";
import type { MatrixMarketReadOptions, ReadContext } from "../read-options.ts";
import type { TensorContents } from "../tensor-file.ts";
import { EntryLines } from "../text/entry-lines.ts";
import { finishEntries } from "../text/finish-entries.ts";
import { HeaderLine } from "../text/header-line.ts";
import { type BlockConsumer, feedBlocks, type TextCost } from "../text/line-blocks.ts";
import { ArrayValues } from "./array-values.ts";
import { type Banner, type MatrixSize, parseBanner, parseSize } from "./banner.ts";
import { mirrorEntries } from "./mirror-entries.ts";

const NEWLINE = 10;
const PERCENT = 37;

/**
 * Reads a Matrix Market text: `coordinate` files as entries, `array` files as a dense array.
 *
 * Comments and blank lines may stand anywhere behind the banner. Of a matrix with symmetry the mirror images follow the
 * stored entries. The first fault ends the reading.
 *
 * @throws {TensorError} as {@link parseBanner}, {@link parseSize} and {@link EntryLines} say.
 */
export async function readMatrixMarket(
  chunks: AsyncIterable<Uint8Array>,
  context: ReadContext,
  options: Pick<MatrixMarketReadOptions, "expandSymmetry">,
): Promise<TensorContents> {
  const text = new MatrixMarketText(context);
  const cost = await feedBlocks(chunks, text, context);
  return text.finish(options.expandSymmetry ?? true, cost);
}

class MatrixMarketText implements BlockConsumer {
  #line = 1;
  #banner: Banner | undefined;
  #size: MatrixSize | undefined;
  #body: EntryLines | ArrayValues | undefined;
  readonly #context: ReadContext;

  constructor(context: ReadContext) {
    this.#context = context;
  }

  get line(): number {
    return this.#body?.line ?? this.#line;
  }

  consume(bytes: Uint8Array, start: number, end: number): void {
    let at = start;
    while (this.#body === undefined && at < end) {
      const newline = bytes.indexOf(NEWLINE, at);
      this.#headerLine(new HeaderLine({ file: this.#context.file, line: this.#line }, bytes, [at, newline]));
      at = newline + 1;
    }
    this.#body?.consume(bytes, at, end);
  }

  #headerLine(line: HeaderLine): void {
    this.#line++;
    if (this.#banner === undefined) {
      this.#banner = parseBanner(line);
      return;
    }
    if (line.words.length === 0 || line.words[0]!.text.charCodeAt(0) === PERCENT) return;
    const banner = this.#banner;
    const size = parseSize(line, banner, this.#context.maximumEntries);
    this.#size = size;
    this.#body =
      banner.layout === "array"
        ? new ArrayValues({ banner, size }, this.#context, this.#line)
        : this.#entries(banner, size);
  }

  #entries(banner: Banner, size: MatrixSize): EntryLines {
    const { field, symmetry } = banner;
    const layout = {
      order: 2,
      parts: field === "pattern" ? 0 : field === "complex" ? 2 : 1,
      integer: field === "integer",
      base: 1,
      shape: [size.rows, size.columns],
      promised: size.stored,
      triangle: symmetry === "general" ? "whole" : symmetry === "skew-symmetric" ? "strictly-lower" : "lower",
      realDiagonal: symmetry === "hermitian",
      comment: PERCENT,
    } as const;
    return new EntryLines(layout, this.#context, this.#line);
  }

  finish(expandSymmetry: boolean, cost: TextCost): TensorContents {
    const banner = this.#banner;
    const size = this.#size;
    const body = this.#body;
    if (banner === undefined || size === undefined || body === undefined) {
      const missing = banner === undefined ? "banner %%MatrixMarket" : "size line";
      const place = { file: this.#context.file, line: this.line, column: 1 };
      throw textFault("file-truncated", place, `the file ends before its ${missing}`);
    }
    const header: Omit<TensorFileHeader, "valueType"> = {
      format: "matrix-market",
      variant: `${banner.layout} ${banner.field} ${banner.symmetry}`,
      shape: [size.rows, size.columns],
      field: banner.field,
      symmetry: banner.symmetry,
      storedEntries: size.stored,
    };
    if (body instanceof ArrayValues) {
      const dense = body.finish(expandSymmetry);
      return {
        header: { ...header, valueType: dense.valueType },
        dense,
        cost: { ...cost, allocatedBytes: body.list.allocatedBytes },
      };
    }
    const entries = body.finish();
    if (expandSymmetry && banner.symmetry !== "general") mirrorEntries(entries, banner.symmetry, this.#context);
    const list = finishEntries(entries, header.shape, banner.field);
    return {
      header: { ...header, valueType: list.valueType },
      list,
      cost: { ...cost, allocatedBytes: entries.allocatedBytes },
    };
  }
}
