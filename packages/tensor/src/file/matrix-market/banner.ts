/** The first lines of a Matrix Market file: the banner, and the sizes behind the comments. */

import { quote } from "../file-fault.ts";
import type { Field, Symmetry } from "../header.ts";
import type { HeaderLine } from "../text/header-line.ts";

/** What the banner line says. */
export interface Banner {
  readonly layout: "coordinate" | "array";
  readonly field: Field;
  readonly symmetry: Symmetry;
}

const LAYOUTS = new Map<string, Banner["layout"]>([
  ["coordinate", "coordinate"],
  ["array", "array"],
]);
/** `double` and `unsigned-integer` are later spellings that are about in the wild. */
const FIELDS = new Map<string, Field>([
  ["real", "real"],
  ["double", "real"],
  ["integer", "integer"],
  ["unsigned-integer", "integer"],
  ["complex", "complex"],
  ["pattern", "pattern"],
]);
const SYMMETRIES = new Map<string, Symmetry>([
  ["general", "general"],
  ["symmetric", "symmetric"],
  ["skew-symmetric", "skew-symmetric"],
  ["hermitian", "hermitian"],
]);

/**
 * Reads `%%MatrixMarket matrix LAYOUT FIELD SYMMETRY`, in any case; some writers print one `%` only.
 *
 * @throws {TensorError} `file-malformed` for unknown words and combinations without meaning, `file-unsupported` for other objects.
 */
export function parseBanner(line: HeaderLine): Banner {
  if (!/^%%?matrixmarket$/i.test(line.words[0]?.text ?? "")) {
    throw line.fault("file-malformed", 0, "a Matrix Market file begins with %%MatrixMarket");
  }
  const object = line.words[1]?.text.toLowerCase();
  if (object !== "matrix") {
    const found = object === undefined ? "the end of the line" : quote(object);
    throw line.fault(
      object === "vector" ? "file-unsupported" : "file-malformed",
      1,
      `expected the object matrix, found ${found}`,
    );
  }
  const layout = choose(line, 2, LAYOUTS);
  const field = choose(line, 3, FIELDS);
  const symmetry = choose(line, 4, SYMMETRIES);
  if (line.words.length > 5)
    throw line.fault("file-malformed", 5, `expected the end of the banner, found ${quote(line.words[5]!.text)}`);
  if (layout === "array" && field === "pattern")
    throw line.fault("file-malformed", 3, "an array has values, so its field cannot be pattern");
  if (symmetry === "hermitian" && field !== "complex")
    throw line.fault("file-malformed", 4, `a hermitian matrix is complex, not ${field}`);
  if (symmetry === "skew-symmetric" && field === "pattern") {
    throw line.fault("file-malformed", 4, "a pattern has no sign, so it cannot be skew-symmetric");
  }
  return { layout, field, symmetry };
}

function choose<T>(line: HeaderLine, index: number, choices: ReadonlyMap<string, T>): T {
  const word = line.words[index]?.text;
  const choice = choices.get(word?.toLowerCase() ?? "");
  if (choice !== undefined) return choice;
  const found = word === undefined ? "the end of the line" : quote(word);
  throw line.fault("file-malformed", index, `expected one of ${[...choices.keys()].join(", ")}, found ${found}`);
}

/** Extents and entry count of the size line; an array's count follows from its extents and symmetry. */
export interface MatrixSize {
  readonly rows: number;
  readonly columns: number;
  readonly stored: number;
}

/** @throws {TensorError} `file-malformed`, `too-large` if it promises more than `maximumEntries`, `shape-invalid` for symmetry that is not square. */
export function parseSize(line: HeaderLine, banner: Banner, maximumEntries: number): MatrixSize {
  const names = ["the number of rows", "the number of columns"];
  if (banner.layout === "coordinate") names.push("the number of entries");
  const [rows = 0, columns = 0, entries = 0] = line.integers(names);
  line.checkExtents([rows, columns], 0);
  if (banner.symmetry !== "general" && rows !== columns) {
    throw line.fault("shape-invalid", 1, `a ${banner.symmetry} matrix is square, not ${rows} x ${columns}`);
  }
  const stored = banner.layout === "coordinate" ? entries : arrayLength(rows, columns, banner.symmetry);
  const held = banner.layout === "coordinate" ? stored : Math.max(stored, rows * columns);
  if (held > maximumEntries)
    throw line.fault(
      "too-large",
      names.length - 1,
      `${held} entries are more than ${maximumEntries}, the limit set for reading`,
    );
  return { rows, columns, stored };
}

function arrayLength(rows: number, columns: number, symmetry: Symmetry): number {
  if (symmetry === "general") return rows * columns;
  return (rows * (symmetry === "skew-symmetric" ? rows - 1 : rows + 1)) / 2;
}
