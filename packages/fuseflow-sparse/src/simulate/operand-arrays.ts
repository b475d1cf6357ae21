/**
 * Operands as blocks walk them: the arrays of one level, the values.
 */
import type { Level, Tensor } from "@millrace/tensor";
import type { ScannedBitvector } from "../blocks/scan/bitvector-scanner.ts";
import type { ScannedLevel } from "../blocks/scan/level-scanner.ts";
import { FuseflowError } from "../errors.ts";
import type { SamLevelKind } from "../sam/graph.ts";

/** The operands of one simulation, by the tensor names of the graph. */
export type Operands = Readonly<Record<string, Tensor>>;

/** @throws {FuseflowError} `operand-missing` unless there is an operand of that name. */
export function operandOf(operands: Operands, name: string, block: string): Tensor {
  const tensor = Object.hasOwn(operands, name) ? operands[name] : undefined;
  if (tensor !== undefined) return tensor;
  const known = Object.keys(operands).join(", ") || "none";
  throw new FuseflowError(
    "operand-missing",
    `block ${block} reads tensor ${name}, which is not among the operands (${known})`,
  );
}

/**
 * A level of an operand for a scanner.
 *
 * @throws {FuseflowError} `operand-format` if the operand has no such level, or stores it in another way than `kind`.
 */
export function scannedLevel(
  tensor: Tensor,
  level: number,
  place: { readonly tensor: string; readonly block: string; readonly kind: SamLevelKind },
): ScannedLevel {
  const stored = levelOf(tensor, level, place);
  const fibers = positionsOf(tensor, level - 1);
  if (stored.kind === "dense" && place.kind === "dense") {
    return { fibers, positions: null, coordinates: null, size: stored.size };
  }
  if (stored.kind === "compressed" && place.kind === "compressed") {
    return { fibers, positions: stored.positions, coordinates: stored.coordinates, size: stored.size };
  }
  throw otherFormat(level, place, stored.kind);
}

/**
 * A bit-vector level of an operand for a scanner.
 *
 * @throws {FuseflowError} `operand-format` if the operand has no such level, or stores it in another way.
 */
export function scannedBitvector(tensor: Tensor, level: number, place: LevelPlace): ScannedBitvector {
  const stored = levelOf(tensor, level, place);
  if (stored.kind !== "bitvector") throw otherFormat(level, place, stored.kind);
  const fibers = positionsOf(tensor, level - 1);
  const { words, ranks } = stored;
  return { fibers, words, ranks, wordsPerFiber: fibers === 0 ? 0 : words.length / fibers };
}

/** Where a level is read, and how. */
interface LevelPlace {
  readonly tensor: string;
  readonly block: string;
  readonly kind: SamLevelKind;
}

function otherFormat(level: number, place: LevelPlace, stored: string): FuseflowError {
  return new FuseflowError(
    "operand-format",
    `block ${place.block} takes level ${level} of tensor ${place.tensor} as ${place.kind}, but the operand stores it as ${stored}`,
  );
}

/**
 * Extent of a level of an operand.
 *
 * @throws {FuseflowError} `operand-format` if there is no such level.
 */
export function levelSize(
  tensor: Tensor,
  level: number,
  place: { readonly tensor: string; readonly block: string },
): number {
  return levelOf(tensor, level, place).size;
}

/**
 * The values of an operand.
 *
 * @throws {FuseflowError} `operand-format` for complex values.
 */
export function valuesOf(tensor: Tensor, name: string): Float64Array {
  if (tensor.valueType === "complex128") {
    throw new FuseflowError("operand-format", `tensor ${name} has complex values; SAM blocks work on real numbers`);
  }
  return tensor.values instanceof Float64Array ? tensor.values : Float64Array.from(tensor.values);
}

function levelOf(tensor: Tensor, level: number, place: { readonly tensor: string; readonly block: string }): Level {
  const stored = tensor.levels[level];
  if (stored !== undefined) return stored;
  throw new FuseflowError(
    "operand-format",
    `block ${place.block} reads level ${level} of tensor ${place.tensor}, but the operand has ${tensor.levels.length} levels`,
  );
}

function storedBits({ words, ranks }: Extract<Level, { kind: "bitvector" }>): number {
  if (words.length === 0) return 0;
  let count = ranks[ranks.length - 1]!;
  for (let word = words[words.length - 1]!; word !== 0; word = (word & (word - 1)) >>> 0) count += 1;
  return count;
}

/** Number of positions of a level; -1 is the root, with one. */
function positionsOf(tensor: Tensor, level: number): number {
  let positions = 1;
  for (let l = 0; l <= level; l++) {
    const stored = tensor.levels[l]!;
    if (stored.kind === "compressed") positions = stored.coordinates.length;
    else if (stored.kind === "bitvector") positions = storedBits(stored);
    else positions *= stored.size;
  }
  return positions;
}
