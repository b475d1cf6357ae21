/** Operands as SAM and Comal keep them: a folder of level arrays, `tensor_B_mode_0_crd` and the like. */
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { type LevelNumbering, readLevelFiles, type SamGraph } from "@millrace/fuseflow-sparse";
import type { Tensor } from "@millrace/tensor";
import { MillraceError } from "../errors.ts";
import { readText } from "../files/read.ts";

/** Where level arrays lie, and what the numbers in their names count. */
export interface LevelFolder {
  readonly folder: string;
  /** Name of the folder with the arrays, from `folder`. */
  readonly name: string;
  readonly numbering: LevelNumbering;
}

/**
 * The tensors named that have level arrays in a folder, stored as the graph says.
 *
 * @throws {MillraceError} `file-missing` if there is no such folder
 * @throws {DiagnosticError} and {FuseflowError} for arrays that are missing, malformed or contradict each other
 */
export function readLevelFolder(
  graph: SamGraph,
  tensors: readonly string[],
  { folder, name, numbering }: LevelFolder,
): Readonly<Record<string, Tensor>> {
  const files = fileNames(folder, name);
  const found = tensors.filter((tensor) => files.some((file) => file.startsWith(`tensor_${tensor}_mode_`)));
  return Object.fromEntries(
    found.map((tensor) => {
      const own = files.filter((file) => file.startsWith(`tensor_${tensor}_mode_`));
      const texts = new Map(own.map((file) => [file, readText(folder, `${name}/${file}`)]));
      return [tensor, readLevelFiles(texts, { name: tensor, numbering, ...graph.tensors[tensor]! })];
    }),
  );
}

function fileNames(folder: string, name: string): string[] {
  try {
    return readdirSync(resolve(folder, name)).sort();
  } catch (cause) {
    throw new MillraceError("file-missing", `there is no folder ${name}`, { cause });
  }
}
