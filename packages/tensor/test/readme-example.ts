import {
  csr,
  evaluateSparse,
  formatName,
  levelArrays,
  pack,
  parseAssignment,
  readTensorFile,
  structureOf,
} from "@millrace/tensor";

/** Reads a matrix, stores it by rows, and squares it. */
export async function squareOf(name: string, bytes: Uint8Array): Promise<string[]> {
  const { list } = await readTensorFile(bytes, { name }); // gzipped or not; a fault says file, line and column
  const { entries, emptyRows, symmetry } = structureOf(list);
  const matrix = pack(list, csr, { duplicates: "error", shared: true });
  const { seg, crd } = levelArrays(matrix)[1]!; // the arrays themselves, in shared memory
  const square = evaluateSparse(parseAssignment("S(i,j) = A(i,k) * A(k,j)"), { A: list });
  return [
    `${entries} entries, ${emptyRows} empty rows, ${symmetry?.numeric}`,
    `${formatName(matrix.format)}: seg ${seg!.join(" ")}, crd ${crd!.join(" ")}`,
    `square: ${square.values.join(" ")}`,
  ];
}
