import { type Zippable, zipSync } from "fflate";
import { TensorError } from "../../errors.ts";
import { checkCoordinateList } from "../../storage/coordinates/coordinate-list.ts";
import type { CoordinateList } from "../../storage/tensor.ts";
import type { DenseTensor } from "../dense-tensor.ts";
import { npyHeader, writeNpy } from "./write-npy.ts";

/** How an archive is written. */
export interface NpzWriteOptions {
  /** Whether members are deflated (as `numpy.savez_compressed` does) or stored (as `numpy.savez`). Default true. */
  readonly compress?: boolean;
}

/** The earliest time a zip archive can state, so that equal arrays give equal bytes. */
const NO_TIME = new Date(1980, 0, 1);

/** Writes arrays as a `.npz` archive. @throws {TensorError} `format-invalid` for names that are empty or hold control characters, slashes or backslashes. */
export function writeNpz(arrays: Readonly<Record<string, DenseTensor>>, options: NpzWriteOptions = {}): Uint8Array {
  return archive(new Map(Object.entries(arrays).map(([name, array]) => [name, writeNpy(array)])), options);
}

/**
 * Writes a sparse matrix as `scipy.sparse.save_npz` writes its `coo_matrix`; `scipy.sparse.load_npz` reads it.
 *
 * @throws {TensorError} `shape-invalid` unless it is a matrix.
 */
export function writeSparseNpz(list: CoordinateList, options: NpzWriteOptions = {}): Uint8Array {
  checkCoordinateList(list);
  const { shape, coordinates, valueType, values } = list;
  if (shape.length !== 2)
    throw new TensorError("shape-invalid", `a sparse .npz holds a matrix, not a tensor of shape [${shape.join(", ")}]`);
  const vector = (array: Int32Array): Uint8Array =>
    writeNpy({ shape: [array.length], valueType: "int32", values: array });
  const entries = coordinates[0]!.length;
  const files = new Map([
    ["row", vector(coordinates[0]!)],
    ["col", vector(coordinates[1]!)],
    ["format", textFile("coo")],
    ["shape", vector(Int32Array.from(shape))],
    ["data", writeNpy({ shape: [entries], valueType, values })],
  ]);
  return archive(files, options);
}

function textFile(text: string): Uint8Array {
  const header = npyHeader(`|S${text.length}`, []);
  const file = new Uint8Array(header.length + text.length);
  file.set(header);
  file.set(new TextEncoder().encode(text), header.length);
  return file;
}

function archive(files: ReadonlyMap<string, Uint8Array>, { compress = true }: NpzWriteOptions): Uint8Array {
  const members: Zippable = {};
  for (const [name, bytes] of files) {
    if (!/^[^\p{Cc}/\\]+$/u.test(name) || /^\.+$/.test(name))
      throw new TensorError("format-invalid", `${JSON.stringify(name)} cannot name an array of an archive`);
    members[`${name}.npy`] = bytes;
  }
  return zipSync(members, { level: compress ? 6 : 0, mtime: NO_TIME });
}
