/** The tensors the tour runs on, each with a word on where it comes from. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type CoordinateList, entryCount, uniformTensor } from "@millrace/tensor";
import { MillraceError } from "../errors.ts";
import { readTensor } from "../inputs/read-tensor.ts";

/** A tensor of the tour. */
export interface TourTensor {
  readonly list: CoordinateList;
  /** Where it comes from, as the report says it. */
  readonly origin: string;
}

/** Tensors by the names that stops use. */
export type TourTensors = Readonly<Record<string, TourTensor>>;

/** Width of a hidden layer: W has this many columns. */
const HIDDEN = 8;

/** What the tour is to run on. */
export interface TourTensorOptions {
  readonly folder: string;
  /** A square matrix to run on instead of the citation graph. */
  readonly graph: string | undefined;
  readonly seed: number;
}

/**
 * Reads the citation graph and its features, or a graph of the user's with features drawn to suit it.
 *
 * @throws {MillraceError} `operand-shape` for a graph that is not square, and as files are read
 */
export async function tourTensors({ folder, graph, seed }: TourTensorOptions): Promise<TourTensors> {
  const own = graph === undefined ? await citations() : await userGraph(folder, graph, seed);
  const nodes = own.A.list.shape[0]!;
  const words = own.F.list.shape[1]!;
  const x = uniformTensor({ shape: [nodes], entries: nodes, seed: seed + 1 });
  const W = uniformTensor({ shape: [words, HIDDEN], entries: words * HIDDEN, seed: seed + 2 });
  const centred = { ...W, values: W.values.map((value) => value - 0.5) };
  const drawn = (list: CoordinateList): TourTensor => ({ list, origin: `drawn, seed ${seed}` });
  return { ...own, x: drawn(x), W: drawn(centred) };
}

type GraphTensors = Readonly<Record<"A" | "F" | "C", TourTensor>>;

async function citations(): Promise<GraphTensors> {
  const folder = exampleFolder();
  const read = async (name: string): Promise<TourTensor> => ({
    list: (await readTensor(folder, name)).list,
    origin: `examples/data/${name}`,
  });
  return { A: await read("cora.mtx.gz"), F: await read("cora-features.mtx.gz"), C: await read("cora-words.mtx.gz") };
}

async function userGraph(folder: string, name: string, seed: number): Promise<GraphTensors> {
  const { list } = await readTensor(folder, name);
  const [rows, columns] = list.shape;
  if (list.shape.length !== 2 || rows !== columns) {
    throw new MillraceError(
      "operand-shape",
      `the tour runs on a square matrix, but ${name} is ${list.shape.join(" x ")}`,
    );
  }
  const features = (width: number, filled: number, salt: number): TourTensor => ({
    list: uniformTensor({
      shape: [rows!, width],
      entries: Math.ceil(rows! * width * filled),
      seed: seed + salt,
      values: "ones",
    }),
    origin: `drawn, seed ${seed}`,
  });
  return { A: { list, origin: name }, F: features(64, 0.1, 3), C: features(16, 0.05, 4) };
}

// In a checkout the examples lie at the root of the workspace; a published package brings them along.
/** A folder of the examples. @throws {MillraceError} `file-missing` */
export function exampleFolder(name = "data"): string {
  const places = [`../../examples/${name}`, `../../../../examples/${name}`];
  const folders = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const found = folders.find((folder) => existsSync(folder));
  if (found !== undefined) return found;
  throw new MillraceError("file-missing", "the example data is not installed", {
    help: "give a graph of yours with --graph FILE",
  });
}

/** A tensor in a few words: its extents and entries. */
export function sizeOf({ list }: TourTensor): string {
  return `${list.shape.join(" x ")}, ${entryCount(list).toLocaleString("en-US")} entries`;
}
