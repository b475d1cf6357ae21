import { TensorError } from "../../errors.ts";
import { checkFormat } from "../../format/check-format.ts";
import { levelExtents } from "../../format/level-extents.ts";
import type { TensorFormat } from "../../format/level-format.ts";
import { printFormat } from "../../format/print-format.ts";
import { checkLength } from "../allocate.ts";
import { combineDuplicates, type DuplicatePolicy, type SortedEntries } from "../coordinates/combine-duplicates.ts";
import { checkCoordinateList, entryCount } from "../coordinates/coordinate-list.ts";
import { gather, gatherValues } from "../coordinates/gather.ts";
import { sortedOrder } from "../coordinates/sorted-order.ts";
import type { CoordinateList, Level, Tensor, ValueType } from "../tensor.ts";
import { allocateValues, castValues, componentsOf } from "../value-array.ts";
import {
  type BuiltLevel,
  buildBitvector,
  buildCompressed,
  buildDense,
  buildHashed,
  type LevelInput,
} from "./build-level.ts";
import { buildList } from "./build-list.ts";
import { levelCoordinates } from "./level-coordinates.ts";

/** The bound on {@link PackOptions.maximumPositions} unless asked otherwise: 512 MiB of float64 values. */
export const defaultMaximumPositions: number = 2 ** 26;

/** How {@link pack} treats entries, and where it puts the result. */
export interface PackOptions {
  /** Entries at equal coordinates; `sum` (in list order) unless given. `keep` needs a format that ends in a list. */
  readonly duplicates?: DuplicatePolicy;
  /** Entries of value zero: `keep` (unless given) stores them, `drop` leaves out those that are zero after adding up. */
  readonly zeros?: "keep" | "drop";
  /** Type of the stored values; that of the list unless given. Duplicates are added up in the list's type. */
  readonly valueType?: ValueType;
  /** Put every array into shared memory. */
  readonly shared?: boolean;
  /**
   * Most positions of a dense level, words of a bitvector and parents of a level: arrays whose length follows from the
   * shape and not from the entries. 2^26 unless given.
   */
  readonly maximumPositions?: number;
}

/**
 * Stores a coordinate list in any format. The list may be in any order and is not changed. The result is canonical:
 * equal entries give equal arrays, whatever their order (sums of duplicates apart, which round in list order).
 *
 * @throws {TensorError} `format-invalid`; `shape-invalid`, `structure-invalid`, `coordinate-range` for a faulty list;
 *   `structure-invalid` for duplicates under `error`; `format-unsupported` for `keep` in a format that stores each
 *   coordinate once; `too-large` where a level passes `maximumPositions` or 2^31 - 1; `value-range` where a value has no
 *   place in `valueType`
 *
 * @example
 * ```ts
 * const matrix = pack(coordinateList([2, 3], [[1, 0, -4], [0, 2, 1.5]]), csr);
 * [...matrix.values]; // => [1.5, -4]
 * ```
 */
export function pack(list: CoordinateList, format: TensorFormat, options: PackOptions = {}): Tensor {
  checkFormat(format, list.shape.length);
  checkCoordinateList(list);
  const duplicates = options.duplicates ?? "sum";
  if (duplicates === "keep" && !endsInList(format)) {
    const wanted = "a last level that is compressed-nonunique or singleton";
    throw new TensorError(
      "format-unsupported",
      `${printFormat(format)} stores each coordinate once; keeping duplicates needs ${wanted}`,
    );
  }
  const sorted = sortForLevels(list, format);
  const entries = combineDuplicates(sorted, { duplicates, dropZeros: options.zeros === "drop" });
  const builder = new LevelBuilder(list.shape, format, entries, options);
  for (let l = 0; l < format.levels.length; l += builder.add(l));
  const valueType = options.valueType ?? list.valueType;
  return { shape: [...list.shape], format, levels: builder.levels, valueType, values: builder.values(valueType) };
}

function endsInList(format: TensorFormat): boolean {
  const last = format.levels.at(-1)?.kind;
  return last === "compressed-nonunique" || last === "singleton";
}

function sortForLevels(list: CoordinateList, format: TensorFormat): SortedEntries {
  const { valueType, values } = list;
  const coordinates = levelCoordinates(list, format);
  const order = sortedOrder(coordinates, entryCount(list));
  if (order === undefined) return { coordinates, valueType, values, count: entryCount(list) };
  return {
    coordinates: coordinates.map((array) => gather(array, order)),
    valueType,
    values: gatherValues(values, valueType, order),
    count: order.length,
  };
}

/** Adds levels outermost first, carrying the position of every entry in the last one added. */
class LevelBuilder {
  readonly levels: Level[] = [];
  readonly #shape: readonly number[];
  readonly #format: TensorFormat;
  readonly #extents: readonly number[];
  readonly #options: PackOptions;
  #entries: SortedEntries;
  /** Position of each entry in the last level added, rising. */
  #position: Int32Array;
  #positions = 1;

  constructor(shape: readonly number[], format: TensorFormat, entries: SortedEntries, options: PackOptions) {
    this.#shape = shape;
    this.#format = format;
    this.#extents = levelExtents(format, shape);
    this.#options = options;
    this.#entries = entries;
    this.#position = new Int32Array(entries.count);
  }

  /** Adds level `l`, with the singletons below it if it heads a list; returns how many levels that were. */
  add(l: number): number {
    if (this.#format.levels[l]!.kind === "compressed-nonunique") return this.#addList(l);
    const built = this.#build(l);
    this.levels.push(built.level);
    this.#position = built.position;
    this.#positions = built.positions;
    if (built.level.kind === "hashed" && l + 1 < this.#format.levels.length) this.#sortByPosition();
    return 1;
  }

  #input(l: number): LevelInput {
    return {
      parent: this.#position,
      parents: this.#positions,
      coordinate: this.#entries.coordinates[l]!,
      size: this.#extents[l]!,
      shared: this.#options.shared ?? false,
      maximumPositions: this.#options.maximumPositions ?? defaultMaximumPositions,
      name: `level ${l}`,
    };
  }

  #build(l: number): BuiltLevel {
    const { kind } = this.#format.levels[l]!;
    const input = this.#input(l);
    switch (kind) {
      case "dense":
        return buildDense(input);
      case "block":
        return buildDense(input, this.#shape[this.#format.modeOrder[l]!]);
      case "compressed":
        return buildCompressed(input);
      case "bitvector":
        return buildBitvector(input);
      case "hashed":
        return buildHashed(input);
      default:
        throw new TensorError("format-invalid", `level ${l} cannot be ${kind} here`);
    }
  }

  #addList(l: number): number {
    const { levels } = this.#format;
    let end = l + 1;
    while (levels[end]?.kind === "singleton") end += 1;
    const built = buildList(this.#input(l), {
      coordinates: this.#entries.coordinates.slice(l + 1, end),
      sizes: this.#extents.slice(l + 1, end),
      everyEntry: this.#options.duplicates === "keep" && end === levels.length,
    });
    this.levels.push(...built.levels);
    this.#position = built.position;
    this.#positions = built.positions;
    return end - l;
  }

  /** Tables are in no order, but the level below wants its parents rising. */
  #sortByPosition(): void {
    const order = sortedOrder([this.#position], this.#position.length);
    if (order === undefined) return;
    const { coordinates, values, valueType, count } = this.#entries;
    this.#position = gather(this.#position, order);
    this.#entries = {
      coordinates: coordinates.map((array) => gather(array, order)),
      valueType,
      values: gatherValues(values, valueType, order),
      count,
    };
  }

  /** The values of all entries at their positions, zero elsewhere. */
  values(valueType: ValueType): Tensor["values"] {
    checkLength(this.#positions * componentsOf(valueType), "numbers in the value array");
    const source = castValues(this.#entries.values, this.#entries.valueType, valueType);
    const values = allocateValues(valueType, this.#positions, this.#options.shared);
    const position = this.#position;
    if (valueType === "complex128") {
      for (let e = 0; e < position.length; e++) {
        values[2 * position[e]!] = source[2 * e]!;
        values[2 * position[e]! + 1] = source[2 * e + 1]!;
      }
    } else {
      for (let e = 0; e < position.length; e++) values[position[e]!] = source[e]!;
    }
    return values;
  }
}
