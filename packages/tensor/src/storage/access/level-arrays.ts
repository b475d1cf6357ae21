import { TensorError } from "../../errors.ts";
import { checkFormat } from "../../format/check-format.ts";
import { levelExtents } from "../../format/level-extents.ts";
import type { LevelKind, TensorFormat } from "../../format/level-format.ts";
import { checkShape } from "../coordinates/coordinate-list.ts";
import type { Level, Tensor, Values, ValueType } from "../tensor.ts";
import { describeProblem } from "../validate/problem-list.ts";
import { validateTensor } from "../validate/validate-tensor.ts";

/**
 * The arrays of one level under the names of the sparse abstract machine (SAM) and TACO: `seg` delimits the children of
 * each parent, `crd` are their coordinates. Dense and block levels have neither, singletons no `seg`; a bitvector level
 * has `bits` and `ranks` instead.
 */
export interface LevelArrays {
  readonly kind: LevelKind;
  /** Number of coordinates the level ranges over. */
  readonly size: number;
  readonly seg?: Int32Array;
  readonly crd?: Int32Array;
  readonly bits?: Uint32Array;
  readonly ranks?: Int32Array;
}

/**
 * The arrays of every level, outermost first; they are those of the tensor, not copies.
 *
 * @example
 * ```ts
 * const matrix = pack(coordinateList([2, 3], [[0, 2, 5], [1, 0, 7]]), csr);
 * const { seg, crd } = levelArrays(matrix)[1];
 * [[...seg], [...crd]]; // => [[0, 1, 2], [2, 0]]
 * ```
 */
export function levelArrays(tensor: Tensor): LevelArrays[] {
  const extents = levelExtents(tensor.format, tensor.shape);
  return tensor.levels.map((level, l) => {
    const size = extents[l]!;
    switch (level.kind) {
      case "dense":
      case "block":
        return { kind: level.kind, size };
      case "singleton":
        return { kind: level.kind, size, crd: level.coordinates };
      case "bitvector":
        return { kind: level.kind, size, bits: level.words, ranks: level.ranks };
      default:
        return { kind: level.kind, size, seg: level.positions, crd: level.coordinates };
    }
  });
}

/** A tensor taken apart: what {@link fromLevelArrays} puts together. */
export interface TensorParts {
  readonly shape: readonly number[];
  readonly format: TensorFormat;
  /** As from {@link levelArrays}; only the arrays are read. */
  readonly levels: readonly Omit<LevelArrays, "kind" | "size">[];
  readonly valueType: ValueType;
  readonly values: Values;
}

/**
 * A tensor over given level arrays, which it shares, after checking them.
 *
 * @throws {TensorError} `format-invalid`, `shape-invalid`, `too-large`; `structure-invalid` naming the first faults
 *
 * @example
 * ```ts
 * const row = { seg: Int32Array.of(0, 1, 2), crd: Int32Array.of(2, 0) };
 * const parts = { shape: [2, 3], format: csr, levels: [{}, row], valueType: "float64", values: Float64Array.of(5, 7) };
 * locate(fromLevelArrays(parts), [1, 0]); // => 1
 * ```
 */
export function fromLevelArrays(parts: TensorParts): Tensor {
  const { shape, format, valueType, values } = parts;
  checkFormat(format, shape.length);
  checkShape(shape);
  if (parts.levels.length !== format.levels.length) {
    throw new TensorError(
      "structure-invalid",
      `arrays of ${parts.levels.length} levels for a format of ${format.levels.length}`,
    );
  }
  const levels = format.levels.map((_, l) => storedLevel(parts, l));
  const tensor: Tensor = { shape: [...shape], format, levels, valueType, values };
  const faults = validateTensor(tensor, { maximumProblems: 100 }).filter((problem) => problem.severity === "error");
  if (faults.length > 0) {
    const more = faults.length > 3 ? `; and ${faults.length - 3} more` : "";
    throw new TensorError("structure-invalid", `${faults.slice(0, 3).map(describeProblem).join("; ")}${more}`);
  }
  return tensor;
}

function storedLevel(parts: TensorParts, l: number): Level {
  const { kind, blockSize } = parts.format.levels[l]!;
  const { seg, crd, bits, ranks } = parts.levels[l]!;
  const size = levelExtents(parts.format, parts.shape)[l]!;
  const need = <T>(array: T | undefined, name: string): T => {
    if (array === undefined)
      throw new TensorError("structure-invalid", `level ${l} is ${kind} and needs the array ${name}`);
    return array;
  };
  switch (kind) {
    case "dense":
      return { kind, size };
    case "block":
      return { kind, size: parts.shape[parts.format.modeOrder[l]!]!, blockSize: blockSize! };
    case "singleton":
      return { kind, size, coordinates: need(crd, "crd") };
    case "bitvector":
      return { kind, size, words: need(bits, "bits"), ranks: need(ranks, "ranks") };
    default:
      return { kind, size, positions: need(seg, "seg"), coordinates: need(crd, "crd") };
  }
}
