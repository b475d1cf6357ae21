/**
 * Text forms of a tensor format, all read by {@link parseFormat}:
 *
 * - letters, outermost level first, then the mode each level stores: `ds01`, `ds:0,1`; without modes, their own order;
 *   `none` for a scalar. This is the form of SAM and TACO (`B=ss10`). Where `c` follows the head of a list (`u`) it is
 *   the singleton that TACO means (`ucq` is a coordinate list of three modes), elsewhere `c` is compressed;
 * - names: `CSR`, `CSC`, `DCSR`, `DCSC`, each with blocks as `BCSR(4x4)`; `dense`, `COO`, `CSF`, `DOK`, which need the
 *   number of modes from the caller or as `COO(3)`;
 * - level kinds: `dense,compressed,block(4),block(4):0,1,0,1`.
 */
import { nearest } from "@millrace/ir-text";
import { TensorError } from "../errors.ts";
import { maximumOrder } from "../limits.ts";
import { checkFormat, levelKinds } from "./check-format.ts";
import type { LevelFormat, LevelKind, TensorFormat } from "./level-format.ts";
import { blockFormat, formatFamilies, formatOf, matrixFormats } from "./named-formats.ts";

const kindOfLetter: ReadonlyMap<string, LevelKind> = new Map([
  ["d", "dense"],
  ["s", "compressed"],
  ["c", "compressed"],
  ["u", "compressed-nonunique"],
  ["q", "singleton"],
  ["b", "bitvector"],
  ["h", "hashed"],
]);

/**
 * Reads a tensor format in any of its text forms.
 *
 * @param order number of modes of the tensor, where it is known: names of families need it, everything is checked against it
 * @throws {TensorError} `format-invalid` naming the text, the place and what was expected
 *
 * @example
 * ```ts
 * formatName(parseFormat("ds10")); // => "CSC"
 * printFormat(parseFormat("COO", 3)); // => "uqq012"
 * parseFormat("BCSR(4x4)").modeOrder; // => [0, 1, 0, 1]
 * parseFormat("", 0).levels; // => []
 * ```
 */
export function parseFormat(text: string, order?: number): TensorFormat {
  const trimmed = text.trim();
  const format = named(trimmed, order) ?? levelList(trimmed) ?? letterForm(trimmed);
  try {
    checkFormat(format, order);
  } catch (error) {
    if (!(error instanceof TensorError)) throw error;
    throw new TensorError("format-invalid", `format "${quote(text)}": ${error.message}${caseHint(trimmed)}`);
  }
  return format;
}

function named(text: string, order: number | undefined): TensorFormat | undefined {
  if (text === "none" || text === "scalar" || (text === "" && order === 0)) return formatOf([]);
  const match = /^([A-Za-z]+)(?:\((\d{1,6})(?:x(\d{1,6}))?\))?$/.exec(text);
  if (match === null) return undefined;
  const [, name, first, second] = match as unknown as [string, string, string?, string?];
  const matrix = matrixFormats.get(name);
  if (matrix !== undefined && first === undefined) return matrix;
  const outer = name.startsWith("B") ? matrixFormats.get(name.slice(1)) : undefined;
  if (outer !== undefined) {
    if (first === undefined)
      throw new TensorError("format-invalid", `format "${text}" needs the block extents, as in ${name}(4x4)`);
    return blockFormat(outer, Number(first), Number(second ?? first));
  }
  const family = formatFamilies.get(name);
  if (family === undefined || second !== undefined) return undefined;
  const modes = first === undefined ? order : Number(first);
  if (modes === undefined)
    throw new TensorError("format-invalid", `format "${text}" needs the number of modes, as in ${name}(2)`);
  if (modes > maximumOrder)
    throw new TensorError("format-invalid", `format "${text}" has more than ${maximumOrder} modes`);
  return family(modes);
}

function levelList(text: string): TensorFormat | undefined {
  if (!/^[a-z-]{4,}(\(\d+\))?\s*(,|:|$)/.test(text)) return undefined;
  const [kinds, modes] = splitModes(text);
  const words = kinds.split(",").map((word) => word.trim());
  const known = words.map(levelFromWord);
  // A long run of letters ("dsss") is the letter form, not one unknown word.
  if (words.length === 1 && known[0] === undefined) return undefined;
  const levels = known.map((level, l) => level ?? refuseWord(text, words[l]!));
  return { levels, modeOrder: modes ?? defaultModes(levels) };
}

function levelFromWord(word: string): LevelFormat | undefined {
  const match = /^([a-z-]+)(?:\((\d{1,6})\))?$/.exec(word);
  const kind = match?.[1] === "bitmap" ? "bitvector" : (match?.[1] as LevelKind | undefined);
  if (match === null || kind === undefined || !levelKinds.includes(kind)) return undefined;
  return match[2] === undefined ? { kind } : { kind, blockSize: Number(match[2]) };
}

function refuseWord(text: string, word: string): never {
  const near = nearest(word, levelKinds);
  const hint = near === undefined ? `expected one of ${levelKinds.join(", ")}` : `did you mean "${near}"?`;
  throw new TensorError("format-invalid", `format "${quote(text)}": "${quote(word)}" is not a level kind; ${hint}`);
}

/** The modes' own order, then (for block levels) the same modes again. */
function defaultModes(levels: readonly LevelFormat[]): number[] {
  const blocks = levels.filter((level) => level.kind === "block").length;
  return levels.map((_, l) => (l < levels.length - blocks ? l : l - (levels.length - blocks)));
}

function letterForm(text: string): TensorFormat {
  const match = /^([a-z]+)(?::?([0-9]+)|:([0-9, ]+))?$/.exec(text);
  if (match === null) return refuseForm(text);
  const [, word, digits, commas] = match as unknown as [string, string, string?, string?];
  const kinds: LevelKind[] = [];
  for (const [column, letter] of [...word].entries()) {
    const parent = kinds.at(-1);
    const listed = parent === "compressed-nonunique" || parent === "singleton";
    const kind = letter === "c" && listed ? "singleton" : kindOfLetter.get(letter);
    kinds.push(kind ?? refuseLetter(text, column));
  }
  if (commas !== undefined) return formatOf(kinds, splitModes(text)[1]);
  return formatOf(kinds, digits === undefined ? undefined : [...digits].map(Number));
}

function refuseLetter(text: string, column: number): never {
  const wanted = "d dense, s compressed, u non-unique, q singleton, b bitvector, h hashed";
  throw new TensorError(
    "format-invalid",
    `format "${quote(text)}": "${text[column]}" at column ${column + 1} is not a level letter (${wanted})${caseHint(text)}`,
  );
}

function splitModes(text: string): [kinds: string, modes: number[] | undefined] {
  const colon = text.indexOf(":");
  if (colon < 0) return [text, undefined];
  const words = text.slice(colon + 1).split(",");
  if (!words.every((word) => /^\s*\d{1,9}\s*$/.test(word))) return refuseForm(text);
  return [text.slice(0, colon), words.map(Number)];
}

function refuseForm(text: string): never {
  const forms = "letters and modes (ds01), a name (CSR, COO, BCSR(4x4)) or level kinds (dense,compressed:0,1)";
  throw new TensorError(
    "format-invalid",
    `format "${quote(text)}" is not understood${caseHint(text)}; expected ${forms}`,
  );
}

function caseHint(text: string): string {
  const matrices = [...matrixFormats.keys()];
  const names = [...matrices, ...matrices.map((name) => `B${name}`), ...formatFamilies.keys()];
  const [word = ""] = text.split("(");
  const same =
    names.find((name) => name.toLowerCase() === word.toLowerCase()) ??
    (/^[A-Z]{2,}/.test(word) ? nearest(word, names) : undefined);
  return same === undefined || same === word ? "" : `; did you mean ${same}?`;
}

const quote = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);
