/** MLIR's `#sparse_tensor.encoding`, and its part that Millrace's level formats can say. */
import type { LevelFormat, LevelKind, TensorFormat } from "@millrace/tensor";

/** Kinds of levels in MLIR 19. */
export type EncodingLevelKind = "dense" | "compressed" | "loose_compressed" | "singleton" | "structured" | "batch";

/** One level: which expression of the dimensions it stores, and how. */
export interface EncodingLevel {
  readonly dimension: number;
  /** For blocks: `floordiv` gives the block coordinate, `mod` the place inside. */
  readonly block?: { readonly operator: "floordiv" | "mod"; readonly by: number } | undefined;
  readonly kind: EncodingLevelKind;
  /** `n` and `m` of `structured[n, m]`: n of every m entries are stored. */
  readonly structure?: readonly [number, number] | undefined;
  readonly unique: boolean;
  readonly ordered: boolean;
  /** Whether a singleton's coordinates lie in an array of their own. */
  readonly structureOfArrays: boolean;
}

/** How a sparse tensor of MLIR is stored. */
export interface SparseEncoding {
  readonly dimensions: readonly string[];
  readonly levels: readonly EncodingLevel[];
  /** Bits of positions and coordinates; 0 means the machine's index type. */
  readonly positionBits: number;
  readonly coordinateBits: number;
}

/** The level format of an encoding, or `undefined` where it has levels that this workspace cannot store. */
export function formatOfEncoding(encoding: SparseEncoding): TensorFormat | undefined {
  const levels: LevelFormat[] = [];
  for (const level of encoding.levels) {
    const kind = kindOf(level);
    if (kind === undefined) return undefined;
    if (level.block?.operator === "mod") {
      if (kind !== "dense") return undefined;
      levels.push({ kind: "block", blockSize: level.block.by });
    } else levels.push({ kind });
  }
  return { levels, modeOrder: encoding.levels.map(({ dimension }) => dimension) };
}

function kindOf(level: EncodingLevel): LevelKind | undefined {
  if (!level.ordered) return undefined;
  if (level.kind === "compressed") return level.unique ? "compressed" : "compressed-nonunique";
  if (level.kind === "dense" || level.kind === "singleton") return level.kind;
  return undefined;
}

/** The encoding as MLIR 17 and later print it. */
export function printEncoding(encoding: SparseEncoding): string {
  const levels = encoding.levels.map((level) => {
    const name = encoding.dimensions[level.dimension] ?? `d${level.dimension}`;
    const expression = level.block === undefined ? name : `${name} ${level.block.operator} ${level.block.by}`;
    const kind = level.structure === undefined ? level.kind : `structured[${level.structure.join(", ")}]`;
    const properties = [
      ...(level.unique ? [] : ["nonunique"]),
      ...(level.ordered ? [] : ["nonordered"]),
      ...(level.structureOfArrays ? ["soa"] : []),
    ];
    return `${expression} : ${kind}${properties.length === 0 ? "" : `(${properties.join(", ")})`}`;
  });
  const widths = [
    ...(encoding.positionBits === 0 ? [] : [`posWidth = ${encoding.positionBits}`]),
    ...(encoding.coordinateBits === 0 ? [] : [`crdWidth = ${encoding.coordinateBits}`]),
  ];
  const map = `map = (${encoding.dimensions.join(", ")}) -> (${levels.join(", ")})`;
  return `#sparse_tensor.encoding<{ ${[map, ...widths].join(", ")} }>`;
}
