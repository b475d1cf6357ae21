import { TensorError } from "../errors.ts";
import { type ByteInput, chunksOf, peek } from "./bytes/byte-input.ts";
import { gunzip, isGzip } from "./bytes/gzip.ts";
import { detectFormat, HEAD_BYTES, type ReadableFormat } from "./detect-format.ts";
import { readMatrixMarket } from "./matrix-market/read-matrix-market.ts";
import { readNpy } from "./numpy/read-npy.ts";
import { readNpz } from "./numpy/read-npz.ts";
import { type MatrixMarketReadOptions, type ReadContext, readContext } from "./read-options.ts";
import { readSmtx } from "./smtx/read-smtx.ts";
import { type TensorContents, TensorFile } from "./tensor-file.ts";
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
 */
export async function readTensorFile(input: ByteInput, options: TensorFileReadOptions): Promise<TensorFile> {
  const packed = await peek(chunksOf(input), 2);
  const gzip = isGzip(packed.head);
  const expectedBytes = input instanceof Uint8Array && !gzip ? input.length : undefined;
  const context = readContext(options, expectedBytes);
  const { head, chunks } = await peek(gzip ? gunzip(packed.chunks, context) : packed.chunks, HEAD_BYTES);
  try {
    const format = options.format ?? detectFormat(head, options.name);
    return new TensorFile(await readAs(format, chunks, context, options), gzip);
  } finally {
    // A reader that stopped at a fault leaves the stream to be closed.
    await chunks.return();
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
