/**
 * The graph comment of Custard, `X=ss01,B=sd10,c=s0,b=none`: level kinds, then the mode that each level stores. Extents of
 * tiles along the modes follow where values are tiles: `A=ds01:4x4`.
 */
import type { DiagnosticBag, Span } from "@millrace/ir-text";
import type { SamLevelKind, SamTensor } from "../graph.ts";
import { isTileExtent } from "../tile-work.ts";

const kinds: Readonly<Record<string, SamLevelKind>> = { s: "compressed", d: "dense", b: "bitvector" };
const letters: Readonly<Record<SamLevelKind, string>> = { compressed: "s", dense: "d", bitvector: "b" };

/** Reads the storage of each tensor; faults go to `bag`. */
export function parseTensorFormats(
  { value, span }: { readonly value: string; readonly span: Span },
  bag: DiagnosticBag,
): Readonly<Record<string, SamTensor>> {
  const tensors: [string, SamTensor][] = [];
  for (const part of value.replace(/"$/, "").split(/,(?=[^,=]*=)/)) {
    const [, name, format = ""] = /^\s*([^=]+)=(.*?)\s*$/.exec(part) ?? [];
    const tensor = name === undefined ? undefined : parseFormat(format);
    if (name !== undefined && tensor !== undefined) tensors.push([name, tensor]);
    else {
      const message = `'${part}' is not the format of a tensor`;
      const help =
        "a format is a level kind (s, d, b) for each level, then the mode of each: B=ss01; none for a scalar";
      bag.report({ severity: "error", code: "format-malformed", message, span, help });
    }
  }
  return Object.fromEntries(tensors);
}

function parseFormat(format: string): SamTensor | undefined {
  if (format === "none" || format === "") return { levels: [], modeOrder: [] };
  const [, kindLetters = "", digits = "", extents] = /^([sdb]+)([0-9]+)(?::(\d+(?:x\d+)*))?$/.exec(format) ?? [];
  const tile = extents?.split("x").map(Number);
  if (tile !== undefined && (tile.length !== digits.length || tile.some((extent) => !isTileExtent(extent))))
    return undefined;
  const modeOrder = [...digits].map(Number);
  const isPermutation = modeOrder.toSorted().every((mode, position) => mode === position);
  if (kindLetters.length === 0 || kindLetters.length !== digits.length || !isPermutation) return undefined;
  const levels = [...kindLetters].map((letter) => kinds[letter] ?? "compressed");
  return { levels, modeOrder, ...(tile !== undefined && { tile }) };
}

/** Prints the storage of each tensor; {@link parseTensorFormats} reads it back. At most ten levels. */
export function printTensorFormats(tensors: Readonly<Record<string, SamTensor>>): string {
  return Object.entries(tensors)
    .map(([name, { levels, modeOrder, tile }]) => {
      const format = levels.length === 0 ? "none" : levels.map((kind) => letters[kind]).join("") + modeOrder.join("");
      return `${name}=${format}${tile === undefined ? "" : `:${tile.join("x")}`}`;
    })
    .join(",");
}
