/**
 * Sparse matrices as `scipy.sparse.save_npz` lays them out in a `.npz` archive: `format`, `shape`, `data`, and the index
 * arrays of that format. Read here: `coo`, `csr` and `csc`.
 */

import { TensorError, type TensorErrorCode } from "../../errors.ts";
import { maximumExtent } from "../../limits.ts";
import type { CoordinateList, Values } from "../../storage/tensor.ts";
import { componentsOf } from "../../storage/value-array.ts";
import { latin1, quote } from "../file-fault.ts";
import type { ReadContext } from "../read-options.ts";
import type { TensorContents } from "../tensor-file.ts";
import { parseNpyHeader } from "./npy-header.ts";
import type { NpzArchive } from "./read-npz.ts";

/**
 * Reads the matrix of such an archive.
 *
 * @throws {TensorError} `file-unsupported` for other formats; `file-malformed` or `coordinate-range` if the arrays do not
 *   belong together.
 */
export async function readScipySparse(archive: NpzArchive, context: ReadContext): Promise<TensorContents> {
  const fault = (code: TensorErrorCode, message: string): TensorError =>
    new TensorError(code, `${context.file}: ${message}`);
  const format = readText(await archive.bytes("format"), context);
  if (format !== "coo" && format !== "csr" && format !== "csc") {
    throw fault("file-unsupported", `a sparse matrix in format ${quote(format)}; coo, csr and csc are read`);
  }
  const shape = Array.from((await archive.read("shape")).dense.values);
  if (shape.length !== 2 || shape.some((extent) => !Number.isInteger(extent) || extent < 0 || extent > maximumExtent)) {
    throw fault("file-malformed", `the shape [${shape.join(", ")}] is not that of a matrix`);
  }
  const { dense: data, header, cost } = await archive.read("data");
  const entries = data.values.length / componentsOf(data.valueType);
  const index = async (name: string): Promise<Values> => (await archive.read(name)).dense.values;
  const coordinates: Int32Array[] = [];
  if (format === "coo") {
    coordinates.push(checkIndices(await index("row"), "row", { entries, extent: shape[0]! }, fault));
    coordinates.push(checkIndices(await index("col"), "col", { entries, extent: shape[1]! }, fault));
  } else {
    const [outer, inner] = format === "csr" ? [shape[0]!, shape[1]!] : [shape[1]!, shape[0]!];
    coordinates.push(expandPointers(await index("indptr"), { entries, extent: outer }, fault));
    coordinates.push(checkIndices(await index("indices"), "indices", { entries, extent: inner }, fault));
    if (format === "csc") coordinates.reverse();
  }
  const list: CoordinateList = { shape, coordinates, valueType: data.valueType, values: data.values };
  return {
    header: { ...header, format: "npz", variant: `${format} ${header.variant}`, shape, storedEntries: entries },
    list,
    cost,
  };
}

type Fault = (code: TensorErrorCode, message: string) => TensorError;

interface Bounds {
  readonly entries: number;
  readonly extent: number;
}

function checkIndices(indices: Values, name: string, { entries, extent }: Bounds, fault: Fault): Int32Array {
  if (indices.length !== entries)
    throw fault("file-malformed", `${name} has ${indices.length} elements, but there are ${entries} values`);
  for (let entry = 0; entry < entries; entry++) {
    const index = indices[entry]!;
    if (!Number.isInteger(index) || index < 0 || index >= extent) {
      throw fault("coordinate-range", `element ${entry} of ${name} is ${index}, outside 0 .. ${extent - 1}`);
    }
  }
  return indices instanceof Int32Array ? indices : new Int32Array(indices);
}

function expandPointers(pointers: Values, { entries, extent }: Bounds, fault: Fault): Int32Array {
  if (pointers.length !== extent + 1)
    throw fault("file-malformed", `indptr has ${pointers.length} elements, not ${extent + 1}`);
  const outer = new Int32Array(entries);
  for (let fiber = 0, before = 0; fiber <= extent; fiber++) {
    const pointer = pointers[fiber]!;
    const wrongEnd = (fiber === 0 && pointer !== 0) || (fiber === extent && pointer !== entries);
    if (!Number.isInteger(pointer) || pointer < before || pointer > entries || wrongEnd) {
      throw fault(
        "file-malformed",
        `element ${fiber} of indptr is ${pointer}; it must rise from 0 to ${entries}, the number of values`,
      );
    }
    outer.fill(fiber - 1, before, pointer);
    before = pointer;
  }
  return outer;
}

/** A scalar string array (`|S3` or `<U3`). */
function readText(bytes: Uint8Array, context: ReadContext): string {
  const file = `${context.file}:format.npy`;
  const { descriptor, shape, bodyOffset } = parseNpyHeader(bytes, file);
  if (!/^[|<>]?[SU]\d+$/.test(descriptor) || shape.length > 0)
    throw new TensorError("file-malformed", `${file}: expected one string`);
  // Format names are ASCII, so dropping the zero bytes turns UTF-32 of either byte order into text as well.
  return latin1(bytes, bodyOffset, Math.min(bytes.length, bodyOffset + 64)).replaceAll("\0", "");
}
