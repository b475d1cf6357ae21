/** `#sparse_tensor.encoding<{ … }>` in its present form and in that of MLIR 16 and before. */
import type { EncodingLevel, EncodingLevelKind, SparseEncoding } from "../../graph/encoding.ts";
import type { MlirScanner } from "./mlir-scanner.ts";

const kinds = new Set<string>(["dense", "compressed", "loose_compressed", "singleton", "structured", "batch"]);

/** Reads from `<` to `>`. */
export function parseEncoding(tokens: MlirScanner): SparseEncoding {
  tokens.expect("<", "after encoding");
  tokens.expect("{", "in the encoding");
  let dimensions: string[] = [];
  let levels: EncodingLevel[] = [];
  let order: number[] | undefined;
  const widths: Record<string, number> = {};
  while (!tokens.accept("}")) {
    const key = tokens.take();
    tokens.expect("=", `after ${key}`);
    if (key === "map") ({ dimensions, levels } = parseMap(tokens));
    else if (key === "dimLevelType" || key === "lvlTypes") levels = parseOldLevels(tokens);
    else if (key === "dimOrdering" || key === "dimToLvl") order = parseOrder(tokens);
    else if (/Width$/.test(key)) widths[key] = Number(tokens.take());
    else tokens.fail(`${key} of an encoding is not modelled`, "an encoding has map, posWidth and crdWidth");
    tokens.accept(",");
  }
  tokens.expect(">", "at the end of the encoding");
  if (dimensions.length === 0) dimensions = levels.map((_, level) => `d${level}`);
  const ordered = order === undefined ? levels : levels.map((level, at) => ({ ...level, dimension: order[at] ?? at }));
  return {
    dimensions,
    levels: ordered,
    positionBits: widths.posWidth ?? widths.pointerBitWidth ?? 0,
    coordinateBits: widths.crdWidth ?? widths.indexBitWidth ?? 0,
  };
}

// (d0, d1) -> (d0 : dense, d1 : compressed(nonunique)); levels may have names of their own: l0 = d0 : dense.
function parseMap(tokens: MlirScanner): { dimensions: string[]; levels: EncodingLevel[] } {
  if (tokens.peek() === "[") tokens.balanced();
  tokens.expect("(", "before the dimensions");
  const dimensions: string[] = [];
  while (!tokens.accept(")")) {
    const name = tokens.take();
    if (name === "") tokens.fail("an encoding is not closed");
    if (tokens.accept(":")) tokens.balanced();
    if (name !== ",") dimensions.push(name);
  }
  tokens.expect("->", "between dimensions and levels");
  tokens.expect("(", "before the levels");
  const levels: EncodingLevel[] = [];
  while (!tokens.accept(")")) {
    levels.push(parseLevel(tokens, dimensions));
    if (!tokens.accept(",") && tokens.peek() !== ")") tokens.fail("expected a comma between the levels");
  }
  return { dimensions, levels };
}

function parseLevel(tokens: MlirScanner, dimensions: readonly string[]): EncodingLevel {
  let name = tokens.take();
  if (tokens.accept("=")) name = tokens.take();
  const dimension = dimensions.indexOf(name);
  if (dimension < 0) tokens.fail(`${name} is no dimension of this encoding`, `it has ${dimensions.join(", ")}`);
  let block: EncodingLevel["block"];
  for (const operator of ["floordiv", "mod"] as const)
    if (tokens.accept(operator)) block = { operator, by: Number(tokens.take()) };
  tokens.expect(":", "before the kind of the level");
  return { dimension, block, ...parseKind(tokens) };
}

function parseKind(tokens: MlirScanner): Omit<EncodingLevel, "dimension" | "block"> {
  const kind = tokens.take();
  if (!kinds.has(kind)) tokens.fail(`${kind} is no kind of level`, `kinds are ${[...kinds].join(", ")}`);
  let structure: [number, number] | undefined;
  if (tokens.accept("[")) {
    const [n, , m] = [tokens.take(), tokens.take(), tokens.take()];
    structure = [Number(n), Number(m)];
    tokens.expect("]", "after the structure");
  }
  const properties = new Set<string>();
  if (tokens.accept("(")) while (!tokens.accept(")")) properties.add(tokens.take());
  return {
    kind: kind as EncodingLevelKind,
    structure,
    unique: !properties.has("nonunique"),
    ordered: !properties.has("nonordered"),
    structureOfArrays: properties.has("soa"),
  };
}

// [ "dense", "compressed-nu", "singleton-nu-no" ]
function parseOldLevels(tokens: MlirScanner): EncodingLevel[] {
  const levels: EncodingLevel[] = [];
  tokens.expect("[", "before the levels");
  while (!tokens.accept("]")) {
    const [kind = "", ...properties] = tokens.take().replace(/"/g, "").split("-");
    if (!kinds.has(kind)) tokens.fail(`${kind} is no kind of level`, `kinds are ${[...kinds].join(", ")}`);
    levels.push({
      dimension: levels.length,
      kind: kind as EncodingLevelKind,
      unique: !properties.includes("nu"),
      ordered: !properties.includes("no"),
      structureOfArrays: false,
    });
    tokens.accept(",");
  }
  return levels;
}

// affine_map<(i, j) -> (j, i)>
function parseOrder(tokens: MlirScanner): number[] {
  const names = [...tokens.source.text.slice(tokens.position).matchAll(/\(([^)]*)\)/g)]
    .slice(0, 2)
    .map((match) => (match[1] ?? "").split(",").map((name) => name.trim()));
  tokens.take();
  tokens.balanced();
  const [from = [], to = []] = names;
  return to.map((name) => Math.max(0, from.indexOf(name)));
}
