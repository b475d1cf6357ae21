export { type FilePlace, TensorError, type TensorErrorCode, type TensorErrorOptions } from "./errors.ts";
export { type ByteInput, joinBytes } from "./file/bytes/byte-input.ts";
export { type DenseTensor, nonzerosOf, spread } from "./file/dense-tensor.ts";
export { detectFormat, type ReadableFormat } from "./file/detect-format.ts";
export type { Field, Symmetry, TensorFileFormat, TensorFileHeader } from "./file/header.ts";
export {
  type MatrixMarketWriteOptions,
  writeMatrixMarket,
  writeMatrixMarketArray,
} from "./file/matrix-market/write-matrix-market.ts";
export { type NpzArchive, openNpz } from "./file/numpy/read-npz.ts";
export { writeNpy } from "./file/numpy/write-npy.ts";
export { type NpzWriteOptions, writeNpz, writeSparseNpz } from "./file/numpy/write-npz.ts";
export type { ReadOptions } from "./file/read-options.ts";
export { readTensorFile, type TensorFileReadOptions } from "./file/read-tensor-file.ts";
export { writeSmtx } from "./file/smtx/write-smtx.ts";
export { type ReadCost, TensorFile } from "./file/tensor-file.ts";
export type { TnsDialect } from "./file/tns/dialect.ts";
export { type TnsWriteOptions, writeTns } from "./file/tns/write-tns.ts";
export { checkFormat, formatProblems } from "./format/check-format.ts";
export { denseTail, levelExtents, tileShape } from "./format/level-extents.ts";
export type { LevelFormat, LevelKind, TensorFormat } from "./format/level-format.ts";
export {
  blockFormat,
  cooFormat,
  csc,
  csfFormat,
  csr,
  dcsc,
  dcsr,
  denseFormat,
  dokFormat,
  formatOf,
} from "./format/named-formats.ts";
export { parseFormat } from "./format/parse-format.ts";
export { formatName, printFormat, sameFormat } from "./format/print-format.ts";
export { type BandedOptions, bandedMatrix } from "./generate/banded.ts";
export { type BigBirdOptions, bigBirdMask } from "./generate/big-bird.ts";
export {
  type BlockDiagonalOptions,
  type BlockSparseOptions,
  blockDiagonalMatrix,
  blockSparseMatrix,
} from "./generate/block-sparse.ts";
export { type DenseRowOptions, oneDenseRow } from "./generate/dense-row.ts";
export type { BlockGrid } from "./generate/fill-blocks.ts";
export type { GeneratorOptions } from "./generate/generated-list.ts";
export { type PowerLawOptions, powerLawRows } from "./generate/power-law-rows.ts";
export { RandomStream } from "./generate/random/random-stream.ts";
export { type RmatOptions, rmatGraph } from "./generate/rmat.ts";
export { type UniformOptions, uniformTensor } from "./generate/uniform.ts";
export { checkAssignment } from "./notation/check-assignment.ts";
export { type DenseArray, type EvaluateDenseOptions, evaluateDense } from "./notation/evaluate-dense.ts";
export { type EvaluateSparseOptions, evaluateSparse } from "./notation/evaluate-sparse.ts";
export type {
  Access,
  Assignment,
  BinaryOperation,
  Expression,
  IndexVariable,
  Literal,
  Negation,
} from "./notation/expression.ts";
export { type Extents, inferExtents } from "./notation/infer-extents.ts";
export type { NotationCode, NotationDiagnostic } from "./notation/notation-diagnostic.ts";
export { parseAssignment } from "./notation/parse-assignment.ts";
export { printAssignment, printExpression } from "./notation/print-assignment.ts";
export { type Reductions, reductionsOf } from "./notation/reductions.ts";
export { accessesOf, type Factor, factorsOf, indicesOf, type Term, termsOf } from "./notation/terms.ts";
export {
  type EntryVisitor,
  forEachEntry,
  forEachPosition,
  type PositionVisitor,
} from "./storage/access/for-each-entry.ts";
export { fromLevelArrays, type LevelArrays, levelArrays, type TensorParts } from "./storage/access/level-arrays.ts";
export { locate, locateChild } from "./storage/access/locate.ts";
export type { DuplicatePolicy } from "./storage/coordinates/combine-duplicates.ts";
export {
  checkCoordinateList,
  checkShape,
  coordinateList,
  entryCount,
  sortCoordinates,
} from "./storage/coordinates/coordinate-list.ts";
export { type Difference, type DifferenceFacts, differenceOf } from "./storage/coordinates/difference-of.ts";
export { type StructureFacts, structureOf } from "./storage/coordinates/structure-of.ts";
export type { SymmetryFacts } from "./storage/coordinates/symmetry-of.ts";
export { freeSlot, homeSlot } from "./storage/hash-table.ts";
export { levelSize, popcount } from "./storage/level-size.ts";
export { convert, type TransposeOptions, transpose } from "./storage/pack/convert.ts";
export { defaultMaximumPositions, type PackOptions, pack } from "./storage/pack/pack.ts";
export { type UnpackOptions, unpack, type ZeroPolicy } from "./storage/pack/unpack.ts";
export type { CoordinateList, Level, Tensor, Values, ValueType } from "./storage/tensor.ts";
export { describeProblem, type StructureProblem } from "./storage/validate/problem-list.ts";
export { type ValidateOptions, validateTensor } from "./storage/validate/validate-tensor.ts";
export { allocateValues, castValues, componentsOf } from "./storage/value-array.ts";
