/**
 * What a stage's result depends on, and the digest of it: the kind, the versions of what computes it, its options, the contents
 * of the files that they name, and what the stages before it gave. Where a stage measures, this machine too.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { canonicalJson, type Json } from "@millrace/sweep";
import { packageVersion } from "../../cli/version.ts";
import { readWhole } from "../../files/read.ts";
import type { JsonValue } from "../../terminal/json.ts";
import { machine } from "../../tuning/evaluate/machine.ts";
import type { Stage } from "../pipeline.ts";

/** Everything that a result depends on. */
export interface StageIngredients {
  readonly kind: string;
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

/** The digest of a value, or of bytes. */
export function digestOf(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 32);
}

/** The key of a result. */
export function keyOf(ingredients: StageIngredients): string {
  return digestOf(canonicalJson(ingredients as unknown as Json));
}

const known = new Map<string, string>();

/** Versions of packages, this program among them. */
function versionsOf(packages: readonly string[]): Readonly<Record<string, string>> {
  return { millrace: packageVersion, ...Object.fromEntries(packages.map((name) => [name, versionOf(name)])) };
}

function versionOf(name: string): string {
  const version = known.get(name) ?? readVersion(name);
  known.set(name, version);
  return version;
}

function readVersion(name: string): string {
  const manifest = createRequire(import.meta.url).resolve(`@millrace/${name}/package.json`);
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}
