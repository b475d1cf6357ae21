/**
 * What a stage's result depends on, and the digest of it: the kind, the code that computes it, its options, the contents
 * of the files that they name, and what the stages before it gave. Where a stage measures, this machine too.
 */
import { canonicalJson, type Json } from "@millrace/sweep";
import { readWhole } from "../../files/read.ts";
import type { JsonValue } from "../../terminal/json.ts";
import { machine } from "../../tuning/evaluate/machine.ts";
import type { Stage } from "../pipeline.ts";
import { digestOf } from "./digest.ts";
import { versionsOf } from "./package-code.ts";

/** Everything that a result depends on. */
export interface StageIngredients {
  readonly kind: string;
  /** Version of each package that computes it, with a digest of its code. */
  readonly versions: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, JsonValue>>;
  /** Digest of the contents of each file. */
  readonly files: Readonly<Record<string, string>>;
  /** Digest of what each input is. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly machine?: Readonly<Record<string, string>>;
}

/** The ingredients of a stage; `inputs` are the digests of what it takes. */
export function ingredientsOf(
  { kind, options, files }: Stage,
  inputs: Readonly<Record<string, string>>,
  folder: string,
): StageIngredients {
  const given = Object.entries(options).filter(([, value]) => value !== undefined) as [string, JsonValue][];
  return {
    kind: kind.name,
    versions: versionsOf(kind.packages),
    options: Object.fromEntries(given),
    files: Object.fromEntries(files.map((file) => [file, digestOf(readWhole(folder, file))])),
    inputs,
    ...(kind.measures !== undefined && { machine: { ...machine() } }),
  };
}

/** The key of a result. */
export function keyOf(ingredients: StageIngredients): string {
  return digestOf(canonicalJson(ingredients as unknown as Json));
}
