import { TensorError } from "../../errors.ts";
import { checkCoordinateList, sortCoordinates } from "../../storage/coordinates/coordinate-list.ts";
import type { CoordinateList } from "../../storage/tensor.ts";
import { encodeLines } from "../text/write-lines.ts";

/** Writes the structure of a matrix, row by row; the values are dropped. @throws {TensorError} `shape-invalid` unless it is a matrix. */
export function writeSmtx(list: CoordinateList): Generator<Uint8Array, void, undefined> {
  checkCoordinateList(list);
  if (list.shape.length !== 2)
    throw new TensorError("shape-invalid", `.smtx holds matrices, not tensors of shape [${list.shape.join(", ")}]`);
  return encodeLines(pieces(sortCoordinates(list)));
}

function* pieces({ shape, coordinates }: CoordinateList): Generator<string, void, undefined> {
  const [rows, columns] = coordinates as readonly [Int32Array, Int32Array];
  yield `${shape[0]}, ${shape[1]}, ${rows.length}\n0`;
  let offset = 0;
  for (let row = 0; row < shape[0]!; row++) {
    while (rows[offset] === row) offset++;
    yield ` ${offset}`;
  }
  yield "\n";
  for (let entry = 0; entry < columns.length; entry++) yield `${entry === 0 ? "" : " "}${columns[entry]}`;
  yield "\n";
}
