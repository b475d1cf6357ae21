import type { LevelFormat, LevelKind, TensorFormat } from "./level-format.ts";
import { formatFamilies, matrixFormats } from "./named-formats.ts";

const letters: Readonly<Record<Exclude<LevelKind, "block">, string>> = {
  dense: "d",
  compressed: "s",
  "compressed-nonunique": "u",
  singleton: "q",
  bitvector: "b",
  hashed: "h",
};

/**
 * A format as text that `parseFormat` reads back to the same format: `ds01` for up to ten modes, `ds…:0,1,…` above,
 * `dense,compressed,block(4),block(4):0,1,0,1` with blocks, `none` for a scalar.
 */
export function printFormat(format: TensorFormat): string {
  if (format.levels.length === 0) return "none";
  if (format.levels.some((level) => level.kind === "block")) {
    return `${format.levels.map(levelName).join(",")}:${format.modeOrder.join(",")}`;
  }
  const kinds = format.levels.map((level) => letters[level.kind as Exclude<LevelKind, "block">]).join("");
  return format.levels.length <= 10 ? kinds + format.modeOrder.join("") : `${kinds}:${format.modeOrder.join(",")}`;
}

const levelName = (level: LevelFormat): string => (level.kind === "block" ? `block(${level.blockSize})` : level.kind);

/** The name the field uses for a format (`CSR`, `COO`, `BCSR(4x4)`), or `undefined` where it has none here. */
export function formatName(format: TensorFormat): string | undefined {
  const order = format.levels.length;
  for (const [name, named] of matrixFormats) {
    if (sameFormat(format, named)) return name;
    const [rows, columns] = [format.levels[2]?.blockSize, format.levels[3]?.blockSize];
    if (order !== 4 || rows === undefined || columns === undefined) continue;
    const outer = { levels: format.levels.slice(0, 2), modeOrder: format.modeOrder.slice(0, 2) };
    const rowMajor = format.modeOrder[2] === 0 && format.modeOrder[3] === 1;
    if (rowMajor && sameFormat(outer, named)) return `B${name}(${rows}x${columns})`;
  }
  if (order === 0) return "dense";
  for (const [name, family] of formatFamilies) if (sameFormat(format, family(order))) return name;
  return undefined;
}

/** Whether two formats have the same levels and mode order. */
export function sameFormat(a: TensorFormat, b: TensorFormat): boolean {
  return (
    a.levels.length === b.levels.length &&
    a.levels.every((level, l) => level.kind === b.levels[l]!.kind && level.blockSize === b.levels[l]!.blockSize) &&
    a.modeOrder.length === b.modeOrder.length &&
    a.modeOrder.every((mode, l) => mode === b.modeOrder[l])
  );
}
