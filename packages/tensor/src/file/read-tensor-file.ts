import { TensorError } from "../errors.ts";
import { type ByteInput, chunksOf, peek, skipBytes } from "./bytes/byte-input.ts";
import { gunzip, isGzip } from "./bytes/gzip.ts";
import { detectFormat, HEAD_BYTES, type ReadableFormat } from "./detect-format.ts";
import { readMatrixMarket } from "./matrix-market/read-matrix-market.ts";
import { readNpy } from "./numpy/read-npy.ts";
import { readNpz } from "./numpy/read-npz.ts";
import { type MatrixMarketReadOptions, type ReadContext, readContext } from "./read-options.ts";
import { readSmtx } from "./smtx/read-smtx.ts";
import { type TensorContents, TensorFile } from "./tensor-file.ts";
import { byteOrderMarkLength } from "./text/byte-order-mark.ts";
import { readTns } from "./tns/read-tns.ts";

/** How a tensor file is read. */
export interface TensorFileReadOptions extends MatrixMarketReadOptions {
  /** The format, if it is not to be told from the bytes and the name. */
  readonly format?: ReadableFormat;
  /** Which array of a `.npz` archive to read. */
  readonly array?: string;
}

/**
 * Reads a tensor file of any known format, gzipped or not, from bytes or a stream.
 *
 * Total: any bytes give a tensor or a {@link TensorError} that says where. Memory stays below three times what the result
 * takes, plus the largest chunk of the input (16 MiB where it is gzipped), plus one line; what a header promises is never
 * believed before the bytes have come. Of `.npz` the whole archive is held as well.
 *
 * @throws {TensorError} `file-malformed`, `file-truncated`, `file-unsupported`, `coordinate-range`, `value-range`,
 *   `shape-invalid` or `too-large`; the message begins with the file's name and the place.
 *
 * @example
 * ```ts
 * const text = "%%MatrixMarket matrix coordinate real symmetric\n2 2 1\n2 1 5\n";
 * const { header, list } = await readTensorFile(new TextEncoder().encode(text), { name: "a.mtx" });
 * header.variant; // => "coordinate real symmetric"
 * entryCount(list); // => 2
 * ```
 */
export async function readTensorFile(input: ByteInput, options: TensorFileReadOptions): Promise<TensorFile> {
  const source = chunksOf(input);
  try {
    const packed = await peek(source, 2);
    const gzip = isGzip(packed.head);
    const expectedBytes = input instanceof Uint8Array && !gzip ? input.length : undefined;
    const context = readContext(options, expectedBytes);
    const { head, chunks } = await peek(gzip ? gunzip(packed.chunks, context) : packed.chunks, HEAD_BYTES);
    const mark = byteOrderMarkLength(head, options.name);
    const format = options.format ?? detectFormat(head.subarray(mark), options.name);
    if (options.array !== undefined && format !== "npz") {
      throw new TensorError(
        "file-unsupported",
        `${options.name}: is no .npz archive, so it has no array "${options.array}"`,
      );
    }
    const contents = mark === 0 ? chunks : skipBytes(chunks, mark);
    return new TensorFile(await readAs(format, contents, context, options), gzip);
  } finally {
    // Whoever stopped at a fault leaves the stream open. Of all generators on the way this one has surely begun.
    await source.return();
  }
}

function readAs(
  format: ReadableFormat,
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
  context: ReadContext,
  options: TensorFileReadOptions,
): Promise<TensorContents> {
  switch (format) {
    case "matrix-market":
      return readMatrixMarket(chunks, context, options);
    case "smtx":
      return readSmtx(chunks, context);
    case "npy":
      return readNpy(chunks, context);
    case "npz":
      return readNpz(chunks, context, options.array);
    case "tns":
      return readTns(chunks, context);
    case "frostt":
    case "parti":
    case "genten":
    case "extended-frostt":
      return readTns(chunks, context, format);
    default:
      throw new TensorError("file-unsupported", `no reader for the format ${JSON.stringify(format satisfies never)}`);
  }
}
