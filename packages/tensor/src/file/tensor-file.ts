import type { CoordinateList } from "../storage/tensor.ts";
import { type DenseTensor, nonzerosOf } from "./dense-tensor.ts";
import type { TensorFileHeader } from "./header.ts";

/** What reading a file took: the bounds of the readers, as counts. */
export interface ReadCost {
  /** Bytes read, after decompression. */
  readonly bytes: number;
  /** Most bytes of a line or element held over from one chunk to the next. */
  readonly largestCarry: number;
  /** Bytes of arrays made for the result, those abandoned by growing included. */
  readonly allocatedBytes: number;
}

/** What one reader returns: entries, or every element. */
export type TensorContents = { readonly header: TensorFileHeader; readonly cost: ReadCost } & (
  | { readonly list: CoordinateList; readonly dense?: never }
  | { readonly dense: DenseTensor; readonly list?: never }
);

/** A tensor file that has been read. */
export class TensorFile {
  readonly header: TensorFileHeader;
  readonly cost: ReadCost;
  /** Whether the file was compressed with gzip. */
  readonly gzip: boolean;
  /** All elements, if the file holds a dense array. */
  readonly dense: DenseTensor | undefined;
  #list: CoordinateList | undefined;

  constructor(contents: TensorContents, gzip: boolean) {
    this.header = contents.header;
    this.cost = contents.cost;
    this.gzip = gzip;
    this.dense = contents.dense;
    this.#list = contents.list;
  }

  /** The entries: as stored and then mirrored, duplicates kept; of a dense array the nonzeros, in row-major order. */
  get list(): CoordinateList {
    this.#list ??= nonzerosOf(this.dense!);
    return this.#list;
  }
}
