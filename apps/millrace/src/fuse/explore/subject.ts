/** What an exploration is about: a model's program, its divisions into regions, and data sets. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import {
  defaultRegions,
  type EntryPattern,
  type ExplorationSubject,
  proposeFusion,
  type RegionSchedule,
  redrawnInput,
  storedTensor,
} from "@millrace/fuseflow-sparse";
import type { Tensor } from "@millrace/tensor";
import { packageVersion } from "../../cli/version.ts";
import { MillraceError } from "../../errors.ts";
import type { MemoryName } from "../../inputs/machine-memory.ts";
import type { LoadedModel } from "../load-model.ts";

/** Data that one input is drawn anew with. */
export interface DataVariant {
  readonly pattern: EntryPattern;
  readonly density: number;
}

/** Name of the operands as they are given. */
const GIVEN = "given";

/** What is explored of a model. */
export interface SubjectChoice {
  readonly variants: readonly DataVariant[];
  /** The input that variants are drawn for; the first that can be unless given. */
  readonly input: string | undefined;
  readonly seed: number;
  /** The divisions, where they are known; else those of the model, and what estimates propose. */
  readonly divisions?: ExplorationSubject["divisions"];
}

/** The subject of an exploration: every granularity of the model and what estimates propose, on its data and on variants. */
export function explorationSubject(
  model: LoadedModel,
  { variants, input, seed, divisions }: SubjectChoice,
): ExplorationSubject {
  const { program, operands } = model;
  const data: Record<string, Readonly<Record<string, Tensor>>> = { [GIVEN]: operands };
  const name = variants.length === 0 ? "" : variedInput(model, input);
  for (const { pattern, density } of variants) {
    const drawn = redrawnInput(operands[name]!, { pattern, density, seed });
    data[`${pattern}:${density}`] = { ...operands, [name]: drawn };
  }
  return { program, divisions: divisions ?? divisionsOf(model), data };
}

function divisionsOf({
  program,
  granularities,
  operands,
}: LoadedModel): Readonly<Record<string, readonly RegionSchedule[]>> {
  const tensors = program.statements.map(({ tensor }) => tensor);
  const stored = new Map(Object.entries(operands).map(([name, tensor]) => [name, storedTensor(tensor)]));
  return {
    unfused: tensors.map((tensor) => ({ name: tensor, tensors: [tensor] })),
    ...granularities,
    ...(program.regions !== undefined && { written: defaultRegions(program) }),
    ...(granularities.full === undefined && { whole: [{ name: program.name, tensors }] }),
    proposed: proposeFusion(program, operands, { stored }).regions,
  };
}

/** The input that variants are drawn for: the one named, or the first square matrix that is stored sparse. */
function variedInput({ program, operands }: LoadedModel, named: string | undefined): string {
  const sparse = program.inputs.filter(({ name, shape, format }) => {
    const extents = operands[name]?.shape ?? [];
    return shape.length === 2 && format.includes("s") && (named === name || extents[0] === extents[1]);
  });
  const found = named === undefined ? sparse[0]?.name : sparse.find(({ name }) => name === named)?.name;
  if (found !== undefined) return found;
  const what =
    named === undefined ? "the model has no square sparse input" : `${named} is no sparse matrix of the model`;
  throw new MillraceError("argument", `${what}, so there is no data to draw anew`, {
    help: "name a sparse matrix with --vary NAME, or leave --data out",
  });
}

/** What the results of an exploration depend on, as a digest; files of memories are named from `folder`. */
export function fingerprint(
  { program, divisions, data }: ExplorationSubject,
  memoryName: MemoryName,
  folder: string,
): string {
  const hash = createHash("sha256");
  const path = resolve(folder, memoryName.slice("dram:".length));
  const isFile = memoryName.startsWith("dram:") && existsSync(path) && statSync(path).isFile();
  const memory = isFile ? readFileSync(path, "utf8") : memoryName;
  const { inputs, statements, outputs } = program;
  const text = JSON.stringify({ inputs, statements, outputs, divisions, memory, packageVersion }, (key, value) =>
    key === "span" ? undefined : value,
  );
  hash.update(text);
  for (const [name, operands] of Object.entries(data)) {
    hash.update(`\n${name}`);
    for (const [input, { shape, levels, values, format }] of Object.entries(operands)) {
      hash.update(JSON.stringify({ input, shape, format }));
      for (const level of levels) {
        if (level.kind !== "compressed") continue;
        hash.update(bytesOf(level.positions)).update(bytesOf(level.coordinates));
      }
      hash.update(bytesOf(values));
    }
  }
  return hash.digest("hex").slice(0, 16);
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
