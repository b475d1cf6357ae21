import { textFault } from "../file-fault.ts";
import type { TensorFileHeader } from "../header.ts";
import type { ReadContext } from "../read-options.ts";
import type { TensorContents } from "../tensor-file.ts";
import { EntryLines } from "../text/entry-lines.ts";
import { finishEntries } from "../text/finish-entries.ts";
import { HeaderLine } from "../text/header-line.ts";
import { type BlockConsumer, feedBlocks, type TextCost } from "../text/line-blocks.ts";
import { detectDialect, type TnsDialect, type TnsHeader, TnsHeaderReader } from "./dialect.ts";

const NEWLINE = 10;
const HASH = 35;

/**
 * Reads a `.tns` text. Without a dialect the first lines decide; blank lines and `#` comments may stand anywhere.
 *
 * @throws {TensorError} as {@link TnsHeaderReader.take} and {@link EntryLines} say; `file-truncated` if nothing is there.
 */
export async function readTns(
  chunks: AsyncIterable<Uint8Array>,
  context: ReadContext,
  dialect?: TnsDialect,
): Promise<TensorContents> {
  const text = new TnsText(context, dialect);
  const cost = await feedBlocks(chunks, text, context);
  return text.finish(cost);
}

class TnsText implements BlockConsumer {
  #line = 1;
  #extended = false;
  #reader: TnsHeaderReader | undefined;
  #body: EntryLines | undefined;
  readonly #context: ReadContext;

  constructor(context: ReadContext, dialect: TnsDialect | undefined) {
    this.#context = context;
    this.#reader = dialect === undefined ? undefined : new TnsHeaderReader(dialect);
  }

  get line(): number {
    return this.#body?.line ?? this.#line;
  }

  consume(bytes: Uint8Array, start: number, end: number): void {
    let at = start;
    while (this.#body === undefined && at < end) {
      const newline = bytes.indexOf(NEWLINE, at);
      const line = new HeaderLine({ file: this.#context.file, line: this.#line }, bytes, [at, newline]);
      // The first line without a header is an entry, so it stays for the body.
      if (this.#isHeader(line)) {
        at = newline + 1;
        this.#line++;
      }
      const header = this.#reader?.header;
      if (header !== undefined) this.#body = this.#entries(header, line);
    }
    this.#body?.consume(bytes, at, end);
  }

  #isHeader(line: HeaderLine): boolean {
    const first = line.words[0]?.text;
    if (first === undefined) return true;
    if (first.charCodeAt(0) === HASH) {
      if (/extended\s+(frostt|with two meta data lines)/i.test(line.text)) this.#extended = true;
      return true;
    }
    this.#reader ??= new TnsHeaderReader(detectDialect(line, this.#extended));
    return this.#reader.take(line);
  }

  #entries(header: TnsHeader, line: HeaderLine): EntryLines {
    const { promised } = header;
    if (promised !== undefined && promised > this.#context.maximumEntries) {
      throw line.fault(
        "too-large",
        0,
        `${promised} entries are more than ${this.#context.maximumEntries}, the limit set for reading`,
      );
    }
    const layout = {
      ...header,
      parts: 1,
      integer: false,
      triangle: "whole",
      realDiagonal: false,
      comment: HASH,
    } as const;
    return new EntryLines(layout, this.#context, this.#line);
  }

  finish(cost: TextCost): TensorContents {
    const header = this.#reader?.header;
    const body = this.#body;
    if (header === undefined || body === undefined) {
      const message =
        this.#reader === undefined
          ? "the file holds no entries"
          : `the file ends within its ${this.#reader.dialect} header`;
      throw textFault("file-truncated", { file: this.#context.file, line: this.#line, column: 1 }, message);
    }
    const entries = body.finish();
    const shape = header.shape ?? body.largest;
    const list = finishEntries(entries, shape, "real");
    const described: TensorFileHeader = {
      format: header.dialect,
      variant: header.base === 0 ? "indices-start-at-zero" : "indices-start-at-one",
      shape,
      field: "real",
      symmetry: "general",
      valueType: list.valueType,
      storedEntries: entries.count,
    };
    return { header: described, list, cost: { ...cost, allocatedBytes: entries.allocatedBytes } };
  }
}
