/** Tensor files by name: any format, gzipped or not, read as a stream. */
import { type ReadableFormat, readTensorFile, type TensorFile } from "@millrace/tensor";
import { readChunks } from "../files/read.ts";

/** Told how many bytes of a file have been read, and of how many. */
export type ReadWatcher = (done: number, total: number) => void;

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
export function readTensor(
  folder: string,
  name: string,
  reading: TensorReading & { readonly watch?: ReadWatcher } = {},
): Promise<TensorFile> {
  const { fileFormat, array, allowNonFinite, watch } = reading;
  return readTensorFile(readChunks(folder, name, watch), {
    name,
    ...(fileFormat === undefined ? {} : { format: fileFormat }),
    ...(array === undefined ? {} : { array }),
    ...(allowNonFinite === undefined ? {} : { allowNonFinite }),
  });
}
