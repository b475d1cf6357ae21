/** Tensor files by name: any format, gzipped or not, read as a stream. */
import { type ReadableFormat, readTensorFile, type TensorFile } from "@millrace/tensor";
import { readChunks } from "../files/read.ts";

/** How a tensor file is to be read where its bytes and name do not tell. */
export interface TensorReading {
  readonly fileFormat?: ReadableFormat | undefined;
  readonly array?: string | undefined;
  readonly allowNonFinite?: boolean | undefined;
}

/**
 * Reads a tensor file, named from `folder`.
 *
 * @throws {MillraceError} `file-missing`, `file-unreadable`
 * @throws {TensorError} as `readTensorFile`
 */
export function readTensor(folder: string, name: string, reading: TensorReading = {}): Promise<TensorFile> {
  const { fileFormat, array, allowNonFinite } = reading;
  return readTensorFile(readChunks(folder, name), {
    name,
    ...(fileFormat === undefined ? {} : { format: fileFormat }),
    ...(array === undefined ? {} : { array }),
    ...(allowNonFinite === undefined ? {} : { allowNonFinite }),
  });
}
