/**
 * Operands by name, as `-i NAME=VALUE` binds them: a tensor file, a number, or a tensor drawn at random.
 *
 * `random:64x32:0.05` draws a tensor of that shape with that share of its places filled (all of them without a share);
 * what is drawn depends on the seed and the operand's name alone.
 */
import { nearest } from "@millrace/ir-text";
import { type CoordinateList, coordinateList, uniformTensor } from "@millrace/tensor";
import { MillraceError } from "../errors.ts";
import { counted, enumeration } from "../terminal/wording.ts";
import { fitShapes } from "./fit-shapes.ts";
import { type ReadWatcher, readTensor } from "./read-tensor.ts";

/** Where operands are looked up, and what random ones depend on. */
export interface OperandSource {
  readonly folder: string;
  readonly seed: number;
  /** Told the name of each file before it is read; what it gives is told how far the reading is. */
  reading(file: string): ReadWatcher;
  /** Extents of index variables that are known without operands. */
  readonly sizes?: ReadonlyMap<string, number>;
}

/** What a graph or an expression says of an operand. */
export interface OperandUse {
  readonly name: string;
  /** The index variable of each mode, one that is not known being empty; null where not even their number is known. */
  readonly indices: readonly string[] | null;
  /** The extents that a model states, by mode. */
  readonly extents?: readonly (number | undefined)[];
}

/** An operand as given. */
export interface GivenOperand extends OperandUse {
  readonly indices: readonly string[];
  readonly list: CoordinateList;
  /** Whether its file states the extents; else they are at least what the coordinates need. */
  readonly exactShape: boolean;
}

/**
 * Reads or draws every operand in use; refuses missing ones and bindings that nothing uses.
 *
 * @param bindings from operand to what was given for it
 * @throws {MillraceError} `operand-missing`, `operand-unknown`, `operand-shape`, and as files are read
 */
export async function readOperands(
  uses: readonly OperandUse[],
  bindings: ReadonlyMap<string, string>,
  source: OperandSource,
): Promise<Readonly<Record<string, CoordinateList>>> {
  checkNames(uses, bindings);
  const operands: GivenOperand[] = [];
  for (const use of uses) {
    const given = bindings.get(use.name)!;
    const { list, exactShape } = await readOperand(use.name, given, source);
    const indices = use.indices ?? list.shape.map(() => "");
    operands.push({ ...use, indices, list: fitOrder(list, { ...use, indices }, given), exactShape });
  }
  return fitShapes(operands, source.sizes);
}

function checkNames(uses: readonly OperandUse[], bindings: ReadonlyMap<string, string>): void {
  const names = uses.map(({ name }) => name);
  for (const name of bindings.keys()) {
    if (names.includes(name)) continue;
    const similar = nearest(name, names);
    const help = similar === undefined ? `the operands are ${enumeration(names)}` : `did you mean ${similar}?`;
    throw new MillraceError("operand-unknown", `there is no operand ${name}`, { help });
  }
  const missing = names.filter((name) => !bindings.has(name));
  if (missing.length === 0) return;
  const help = `add ${missing.map((name) => `-i ${name}=FILE`).join(" ")}; -i ${missing[0]}=random:64x64:0.1 draws one`;
  const plural = missing.length === 1 ? "operand" : "operands";
  throw new MillraceError("operand-missing", `no input is given for ${plural} ${enumeration(missing)}`, { help });
}

async function readOperand(
  name: string,
  given: string,
  source: OperandSource,
): Promise<Pick<GivenOperand, "list" | "exactShape">> {
  if (given.startsWith("random:")) return { list: drawn(name, given, source.seed), exactShape: true };
  const number = numberIn(given);
  if (number !== undefined) return { list: coordinateList([], [[number]]), exactShape: true };
  const { list, header } = await readTensor(source.folder, given, { watch: source.reading(given) });
  return { list, exactShape: header.format !== "frostt" };
}

function drawn(name: string, given: string, seed: number): CoordinateList {
  const match = /^random:(\d{1,10}(?:x\d{1,10})*)(?::(\d*\.?\d+(?:e-?\d+)?))?$/.exec(given);
  const share = Number(match?.[2] ?? 1);
  if (match === null || share > 1) {
    throw new MillraceError("argument", `${name} cannot be drawn as "${given}"`, {
      help: "write random:ROWSxCOLUMNS:SHARE, with a share from 0 to 1, such as random:64x32:0.05",
    });
  }
  const shape = match[1]!.split("x").map(Number);
  const places = shape.reduce((product, extent) => product * extent, 1);
  return uniformTensor({ shape, entries: Math.round(places * share), seed: seedOf(name, seed) });
}

// Operands of one command must differ although they share its seed.
function seedOf(name: string, seed: number): number {
  let mixed = seed | 0;
  for (const character of name) mixed = (Math.imul(mixed, 31) + character.codePointAt(0)!) | 0;
  return mixed >>> 0;
}

/** The number that is written instead of a file; undefined for other texts. */
export function numberIn(given: string): number | undefined {
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(given) ? Number(given) : undefined;
}

/**
 * The modes that are left of a shape when modes of extent 1 are dropped to fit an order; undefined if there are too few.
 * Matrix Market knows only matrices, so vectors come as n x 1 or 1 x n.
 */
export function keptModes(shape: readonly number[], order: number): readonly number[] | undefined {
  const surplus = shape.length - order;
  const single = shape.flatMap((extent, mode) => (extent === 1 ? [mode] : []));
  if (surplus < 0 || single.length < surplus) return undefined;
  const dropped = new Set(surplus === 0 ? [] : single.slice(-surplus));
  return shape.flatMap((_, mode) => (dropped.has(mode) ? [] : [mode]));
}

function fitOrder(
  list: CoordinateList,
  { name, indices }: Pick<GivenOperand, "name" | "indices">,
  given: string,
): CoordinateList {
  const order = indices.length;
  const kept = keptModes(list.shape, order);
  if (kept !== undefined) {
    return {
      ...list,
      shape: kept.map((mode) => list.shape[mode]!),
      coordinates: kept.map((mode) => list.coordinates[mode]!),
    };
  }
  const shape = list.shape.length === 0 ? "a number" : `of shape ${list.shape.join(" x ")}`;
  throw new MillraceError(
    "operand-shape",
    `${name} is used with ${counted(order, "index", "indices")}, but ${given} is ${shape}`,
  );
}
