import type { Symmetry } from "./header.ts";

/** What every reader takes. A reader holds at most the bounds named here, whatever the bytes say. */
export interface ReadOptions {
  /** The file's name as error messages show it; also a hint of its format. */
  readonly name: string;
  /** Whether `nan`, `inf` and numbers beyond float64 are values rather than faults. Default false. */
  readonly allowNonFinite?: boolean;
  /** Most entries (or array elements) a file may hold, mirrored ones included. Default 2^28. */
  readonly maximumEntries?: number;
  /** Most bytes a compressed file may expand to. Default 2^33. */
  readonly maximumExpandedBytes?: number;
  /** Most bytes of one line (of one word, where the format has no lines); no more is ever carried between chunks. Default 2^20. */
  readonly maximumLineBytes?: number;
}

/** Options with their defaults filled in, and what is known of the input before reading it. */
export interface ReadContext {
  readonly file: string;
  readonly allowNonFinite: boolean;
  readonly maximumEntries: number;
  readonly maximumExpandedBytes: number;
  readonly maximumLineBytes: number;
  /** Size of the text to be read if known beforehand; room is then made once instead of by doubling. */
  readonly expectedBytes: number | undefined;
}

/** How a Matrix Market file is turned into entries. */
export interface MatrixMarketReadOptions extends ReadOptions {
  /** Whether the mirrored half of a symmetric, skew-symmetric or hermitian matrix is appended. Default true. */
  readonly expandSymmetry?: boolean;
}

/** Fills in the defaults of {@link ReadOptions}. */
export function readContext(options: ReadOptions, expectedBytes?: number): ReadContext {
  return {
    file: options.name,
    allowNonFinite: options.allowNonFinite ?? false,
    maximumEntries: options.maximumEntries ?? 2 ** 28,
    maximumExpandedBytes: options.maximumExpandedBytes ?? 2 ** 33,
    maximumLineBytes: options.maximumLineBytes ?? 2 ** 20,
    expectedBytes,
  };
}

/** Sign with which the entry at (j, i) repeats the one at (i, j); 0 where nothing is repeated. */
export function mirrorSign(symmetry: Symmetry): -1 | 0 | 1 {
  if (symmetry === "general") return 0;
  return symmetry === "skew-symmetric" ? -1 : 1;
}
