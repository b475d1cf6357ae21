import { textFault } from "../file-fault.ts";
import type { Symmetry } from "../header.ts";
import { mirrorSign, type ReadContext } from "../read-options.ts";
import type { EntryList } from "../text/entry-list.ts";

/**
 * Appends, behind the entries as stored, the mirror image of each that is not on the diagonal.
 *
 * @throws {TensorError} `too-large` if that makes more entries than the limit.
 */
export function mirrorEntries(list: EntryList, symmetry: Symmetry, context: ReadContext): void {
  const sign = mirrorSign(symmetry);
  const stored = list.count;
  const { parts } = list;
  let mirrored = 0;
  for (let entry = 0; entry < stored; entry++) {
    if (list.coordinates[0]![entry] !== list.coordinates[1]![entry]) mirrored++;
  }
  if (stored + mirrored > context.maximumEntries) {
    const message = `${stored + mirrored} entries with their mirror images are more than ${context.maximumEntries}, the limit set for reading`;
    throw textFault("too-large", { file: context.file, line: 1, column: 1 }, message);
  }
  list.resize(stored + mirrored);
  const [rows, columns] = list.coordinates as [Int32Array, Int32Array];
  const { values } = list;
  let to = stored;
  for (let entry = 0; entry < stored; entry++) {
    const row = rows[entry]!;
    const column = columns[entry]!;
    if (row === column) continue;
    rows[to] = column;
    columns[to] = row;
    if (parts > 0) values[to * parts] = sign * values[entry * parts]!;
    if (parts === 2) values[to * 2 + 1] = (symmetry === "hermitian" ? -1 : sign) * values[entry * 2 + 1]!;
    to++;
  }
  list.count = to;
}
