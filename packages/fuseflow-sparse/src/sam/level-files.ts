/**
 * Tensors as the directories of level arrays that SAM and Comal read: `tensor_B_mode_0_seg`, `tensor_B_mode_0_crd`,
 * `tensor_B_mode_vals` and `tensor_B_mode_shape`, decimal text with one number to a line. A dense level has no arrays; its
 * extent stands in the shape.
 */
import { type Diagnostic, DiagnosticBag, type Source } from "@millrace/ir-text";
import { fromLevelArrays, levelArrays, type Tensor, type TensorFormat } from "@millrace/tensor";
import { FuseflowError } from "../errors.ts";
import type { SamTensor } from "./graph.ts";

/**
 * What the number in a file's name counts, and in which order the shape lists the extents: levels in storage order (Comal's
 * newest graphs), or modes (Custard). The two are the same for a tensor that is stored in the order of its modes.
 */
export type LevelNumbering = "level" | "mode";

/** How a directory names the tensor, and how it is stored. */
export interface LevelFileOptions extends SamTensor {
  readonly name: string;
  /** `level` unless given. */
  readonly numbering?: LevelNumbering;
}

/**
 * The tensor in a directory, given as file names and their texts; other files are left alone.
 *
 * @throws {DiagnosticError} `level-file-missing`, or `level-file-number` at each line that is no number in range.
 * @throws {FuseflowError} `level-arrays` if the arrays contradict each other, with the tensor package's error as its cause.
 */
export function readLevelFiles(files: ReadonlyMap<string, string>, options: LevelFileOptions): Tensor {
  const { name, levels, modeOrder } = options;
  const bag = new DiagnosticBag();
  const file = (suffix: string): Source | undefined => {
    const path = `tensor_${name}_mode_${suffix}`;
    const text = files.get(path);
    if (text === undefined) bag.report(missingFile(path, name));
    return text === undefined ? undefined : { name: path, text };
  };
  const number = (level: number): number => (options.numbering === "mode" ? (modeOrder[level] ?? level) : level);
  const isScalar = levels.length === 0;
  const extents = isScalar ? [] : readNumbers(file("shape"), { kind: "integer", bag });
  const arrays = levels.map((kind, level) => {
    if (kind === "dense") return {};
    const read = (what: string): Int32Array =>
      Int32Array.from(readNumbers(file(`${number(level)}_${what}`), { kind: "integer", bag }));
    return { seg: read("seg"), crd: read("crd") };
  });
  const values = readNumbers(file("vals"), { kind: "number", bag });
  bag.throwIfFailed();
  const shape: number[] = modeOrder.map(() => 0);
  for (const [level, mode] of modeOrder.entries()) shape[mode] = extents[number(level)] ?? -1;
  const format: TensorFormat = { levels: levels.map((kind) => ({ kind })), modeOrder };
  try {
    if (extents.length !== levels.length) throw new RangeError(`${extents.length} extents for ${levels.length} levels`);
    return fromLevelArrays({ shape, format, levels: arrays, valueType: "float64", values: Float64Array.from(values) });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FuseflowError("level-arrays", `the level arrays of ${name} do not make a tensor: ${reason}`, {
      cause: error,
    });
  }
}

/**
 * The directory of a tensor of dense and compressed levels, by file name; {@link readLevelFiles} reads it back equal.
 *
 * @throws {FuseflowError} `level-arrays` if a level is of another kind.
 */
export function printLevelFiles(
  tensor: Tensor,
  options: Omit<LevelFileOptions, keyof SamTensor>,
): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const { modeOrder } = tensor.format;
  const path = (suffix: string): string => `tensor_${options.name}_mode_${suffix}`;
  const byMode = options.numbering === "mode";
  for (const [level, { kind, seg, crd }] of levelArrays(tensor).entries()) {
    if (kind === "dense") continue;
    if (kind !== "compressed" || seg === undefined || crd === undefined) {
      throw new FuseflowError(
        "level-arrays",
        `level ${level} of ${options.name} is ${kind}; only dense and compressed levels have files`,
      );
    }
    const number = byMode ? (modeOrder[level] ?? level) : level;
    files.set(path(`${number}_seg`), lines(seg));
    files.set(path(`${number}_crd`), lines(crd));
  }
  files.set(path("vals"), lines(tensor.values, printValue));
  const extents = byMode ? tensor.shape : modeOrder.map((mode) => tensor.shape[mode] ?? 0);
  files.set(path("shape"), extents.length === 0 ? "1\n" : lines(extents));
  return files;
}

const missingFile = (path: string, name: string): Diagnostic => ({
  severity: "error",
  code: "level-file-missing",
  message: `there is no file ${path}`,
  help: `tensor ${name} needs it as it is stored; a dense level needs none`,
});

function lines(numbers: ArrayLike<number>, print: (value: number) => string = String): string {
  return Array.from(numbers, (value) => `${print(value)}\n`).join("");
}

const printValue = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : String(value);

const largest = 2 ** 31 - 1;
const lineOfText = /[^\r\n]+/g;
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$|^[+-]?(?:inf|infinity|nan)$/i;

function readNumbers(
  source: Source | undefined,
  { kind, bag }: { readonly kind: "integer" | "number"; readonly bag: DiagnosticBag },
): number[] {
  const numbers: number[] = [];
  if (source === undefined) return numbers;
  for (const match of source.text.matchAll(lineOfText)) {
    const text = match[0].trim();
    if (text === "") continue;
    const value = decimal.test(text) ? Number(text.replace(/inf(?:inity)?/i, "Infinity")) : Number.NaN;
    const fits = kind === "integer" ? Number.isInteger(value) && value >= 0 && value <= largest : decimal.test(text);
    if (fits) numbers.push(value);
    else {
      const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
      const wanted = kind === "integer" ? `an integer from 0 to ${largest}` : "a number";
      const span = { source, start: match.index, end: match.index + match[0].length };
      bag.report({
        severity: "error",
        code: "level-file-number",
        message: `expected ${wanted}, found '${shown}'`,
        span,
      });
      if (bag.full) break;
    }
  }
  return numbers;
}
