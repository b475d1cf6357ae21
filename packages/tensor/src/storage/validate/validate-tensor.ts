import { formatProblems } from "../../format/check-format.ts";
import { levelExtents } from "../../format/level-extents.ts";
import { maximumExtent } from "../../limits.ts";
import { forEachPosition } from "../access/for-each-entry.ts";
import { maximumLength } from "../allocate.ts";
import { freeSlot } from "../hash-table.ts";
import { childCount } from "../level-size.ts";
import type { Level, Tensor } from "../tensor.ts";
import { componentsOf, holdsValueType, valueTypes, zeroAt } from "../value-array.ts";
import { checkTables } from "./check-hashed.ts";
import { checkBitvector, checkDense, checkPositions, checkRange, checkRise, checkSingleton } from "./check-level.ts";
import { ProblemList, type StructureProblem } from "./problem-list.ts";

/** How far {@link validateTensor} goes. */
export interface ValidateOptions {
  /** Most problems returned; 1000 unless given. */
  readonly maximumProblems?: number;
}

/**
 * All that is wrong with a stored tensor, outermost level first; empty for a well-formed one. Everything else in this
 * package expects tensors for which this returns no `error`. Never throws, whatever the arrays hold; takes time and
 * memory in proportion to the arrays.
 *
 * Checked: shape and format; for each level the lengths of its arrays, positions from 0 and never falling, coordinates
 * in range and rising, padding bits and ranks of bitvectors, tables that can be searched; the class and length of the
 * values; zeros in free slots and in the padding of blocks. Values that are not finite are warnings.
 *
 * @example
 * ```ts
 * const matrix = pack(coordinateList([1, 2], [[0, 1, 5]]), csr);
 * matrix.levels[1].coordinates[0] = 9;
 * validateTensor(matrix).map(describeProblem); // => ["level 1, position 0: coordinate 9; expected 0 to 1"]
 * ```
 */
export function validateTensor(tensor: Tensor, options: ValidateOptions = {}): StructureProblem[] {
  const problems = new ProblemList(options.maximumProblems ?? 1000);
  checkShapeAndFormat(tensor, problems);
  if (problems.failed) return problems.problems;
  const extents = levelExtents(tensor.format, tensor.shape);
  let parents = 1;
  for (let l = 0; l < tensor.levels.length && !problems.full; l++) {
    problems.at(l);
    if (!checkDeclaration(tensor, l, problems)) return problems.problems;
    checkLevel(tensor, l, { parents, extent: extents[l]! }, problems);
    parents = childCount(tensor.levels[l]!, parents);
    if (!(parents >= 0 && parents <= maximumLength)) return problems.problems;
  }
  problems.at("values");
  checkValues(tensor, parents, problems);
  return problems.problems;
}

function checkShapeAndFormat(tensor: Tensor, problems: ProblemList): void {
  problems.at("shape");
  tensor.shape.forEach((extent, mode) => {
    const legal = Number.isInteger(extent) && extent >= 0 && extent <= maximumExtent;
    if (!legal) problems.error(`an extent of ${extent}`, `an integer from 0 to ${maximumExtent}`, mode);
  });
  problems.at("format");
  for (const problem of formatProblems(tensor.format, tensor.shape.length)) problems.error(problem, "a legal format");
  const [stored, named] = [tensor.levels.length, tensor.format.levels.length];
  if (stored !== named) problems.error(`${stored} stored levels`, `${named}, as the format has`);
}

/** Whether level `l` is of the kind its format says, over the right extent, with arrays of the right classes. */
function checkDeclaration(tensor: Tensor, l: number, problems: ProblemList): boolean {
  const level = tensor.levels[l]!;
  const format = tensor.format.levels[l]!;
  if (level.kind !== format.kind) {
    problems.error(`a ${level.kind} level`, `${format.kind}, as the format says`);
    return false;
  }
  const arrays: readonly (readonly [string, unknown, typeof Int32Array | typeof Uint32Array])[] =
    level.kind === "bitvector"
      ? [
          ["words", level.words, Uint32Array],
          ["ranks", level.ranks, Int32Array],
        ]
      : [
          ...("positions" in level ? [["positions", level.positions, Int32Array] as const] : []),
          ...("coordinates" in level ? [["coordinates", level.coordinates, Int32Array] as const] : []),
        ];
  for (const [name, array, expected] of arrays) {
    if (!(array instanceof expected)) {
      problems.error(`${name} of another class`, expected.name);
      return false;
    }
  }
  const mode = tensor.format.modeOrder[l]!;
  const extent = level.kind === "block" ? tensor.shape[mode]! : levelExtents(tensor.format, tensor.shape)[l]!;
  if (level.size !== extent) problems.error(`a size of ${level.size}`, `${extent}, from mode ${mode} of the shape`);
  if (level.kind === "block" && level.blockSize !== format.blockSize) {
    problems.error(`a block size of ${level.blockSize}`, `${format.blockSize}, as the format says`);
  }
  return level.size === extent && (level.kind !== "block" || level.blockSize === format.blockSize);
}

function checkLevel(tensor: Tensor, l: number, at: { parents: number; extent: number }, problems: ProblemList): void {
  const level = tensor.levels[l]!;
  const { parents, extent } = at;
  if (level.kind === "dense" || level.kind === "block") checkDense(parents, extent, problems);
  else if (level.kind === "bitvector") checkBitvector(level, parents, problems);
  else if (level.kind === "singleton") {
    checkSingleton(level.coordinates, parents, problems);
    checkRange(level.coordinates, extent, problems);
  } else {
    const found = problems.problems.length;
    checkPositions(level.positions, parents, level.coordinates.length, problems);
    const trusted = problems.problems.length === found;
    checkRange(level.coordinates, extent, problems, level.kind === "hashed" ? freeSlot : 0);
    // Ranges that overlap would be walked again and again.
    if (!trusted) return;
    if (level.kind !== "hashed") {
      checkRise(listColumns(tensor.levels, l), level.positions, { repeats: mayRepeat(tensor.levels, l) }, problems);
    } else if (problems.problems.length === found) checkTables(level, problems);
  }
}

/** The coordinates of level `l` with those of the singletons below it: the tuples of a list. */
function listColumns(levels: readonly Level[], l: number): Int32Array[] {
  const columns: Int32Array[] = [];
  for (let k = l; k < levels.length && (k === l || levels[k]!.kind === "singleton"); k++) {
    const level = levels[k]!;
    if ("coordinates" in level && level.coordinates instanceof Int32Array) columns.push(level.coordinates);
  }
  return columns;
}

/** Only a list that ends the levels may hold a tuple twice; below any other, the children would be split. */
function mayRepeat(levels: readonly Level[], l: number): boolean {
  return levels[l]!.kind === "compressed-nonunique" && levels.slice(l + 1).every((level) => level.kind === "singleton");
}

function checkValues(tensor: Tensor, count: number, problems: ProblemList): void {
  const { values, valueType } = tensor;
  if (!valueTypes.includes(valueType) || !holdsValueType(values, valueType)) {
    problems.error(`an array of class ${values?.constructor?.name}`, `the one that holds ${valueType}`);
    return;
  }
  const length = count * componentsOf(valueType);
  if (values.length !== length)
    problems.error(`${values.length} numbers`, `${length}, for ${count} positions of ${valueType}`);
  if (!problems.failed && hasHiddenPositions(tensor)) checkHiddenValues(tensor, count, problems);
  if (valueType === "int32") return;
  for (let e = 0; e < values.length && !problems.full; e++) {
    if (!Number.isFinite(values[e])) problems.warning(`the value ${values[e]}`, "a finite number", e);
  }
}

function hasHiddenPositions(tensor: Tensor): boolean {
  return tensor.levels.some(
    (level) => level.kind === "hashed" || (level.kind === "block" && level.size % level.blockSize !== 0),
  );
}

/** Values that no coordinate leads to must be zero: kernels that run over whole arrays would count them. */
function checkHiddenValues(tensor: Tensor, count: number, problems: ProblemList): void {
  const reached = new Uint8Array(count);
  forEachPosition(tensor, (_, position) => {
    reached[position] = 1;
  });
  const components = componentsOf(tensor.valueType);
  for (let e = 0; e < count && !problems.full; e++) {
    if (reached[e] === 1 || zeroAt(tensor.values, components, e)) continue;
    problems.error(`the value ${tensor.values[e * components]} in a free slot or in padding`, "0", e);
  }
}
