/** Tensor files out: the format by the file's name. */

import { nearest } from "@millrace/ir-text";
import {
  spread,
  type TensorFile,
  type TnsDialect,
  writeMatrixMarket,
  writeMatrixMarketArray,
  writeNpy,
  writeNpz,
  writeSmtx,
  writeSparseNpz,
  writeTns,
} from "@millrace/tensor";
import { MillraceError } from "../errors.ts";
import { alternatives } from "../terminal/wording.ts";

/** Extensions of the files that can be written. */
export type WritableExtension = "mtx" | "tns" | "smtx" | "npy" | "npz";

const extensions: readonly WritableExtension[] = ["mtx", "tns", "smtx", "npy", "npz"];

/**
 * The format that the name of a file to be written asks for, `.gz` aside.
 *
 * @throws {MillraceError} `file-kind`
 */
export function writableExtension(name: string): WritableExtension {
  const extension = /\.([^./]+)$/.exec(name.replace(/\.gz$/i, ""))?.[1]?.toLowerCase() ?? "";
  const known = extensions.find((each) => each === extension);
  if (known !== undefined) return known;
  const similar = nearest(extension, extensions);
  const choices = alternatives(extensions.map((each) => `.${each}`));
  throw new MillraceError("file-kind", `cannot tell from its name in which format to write ${name}`, {
    help: similar === undefined ? `end the name in ${choices}, with .gz after it or not` : `did you mean .${similar}?`,
  });
}

/** What of a tensor file matters to another one. */
export interface WritableTensor extends Pick<TensorFile, "list"> {
  /** The elements, where it is a dense array. */
  readonly dense?: TensorFile["dense"];
  readonly header: Pick<TensorFile["header"], "field" | "symmetry">;
}

/**
 * The bytes of a tensor in a file format. Field and symmetry of a Matrix Market file carry over to another one.
 *
 * @throws {TensorError} where the format cannot hold the tensor
 */
export function tensorBytes(
  file: WritableTensor,
  extension: WritableExtension,
  dialect: TnsDialect,
): Iterable<Uint8Array> {
  const { header, dense } = file;
  switch (extension) {
    case "mtx": {
      const kind = { field: header.field, symmetry: header.symmetry };
      return dense === undefined ? writeMatrixMarket(file.list, kind) : writeMatrixMarketArray(dense, kind);
    }
    case "tns":
      return writeTns(file.list, { dialect });
    case "smtx":
      return writeSmtx(file.list);
    case "npy":
      return [writeNpy(dense ?? spread(file.list))];
    case "npz":
      return [dense === undefined ? writeSparseNpz(file.list) : writeNpz({ array: dense })];
  }
}
