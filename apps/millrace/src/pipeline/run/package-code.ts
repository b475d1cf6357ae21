/** What computes a stage: packages with all that they stand on, each by its version and a digest of its code as it runs. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { digestOf } from "./digest.ts";

const SCOPE = "@millrace/";
/** Files of which a result cannot depend: declarations and maps. */
const idle = /\.d\.ts$|\.map$/;

const ownRoot = fileURLToPath(new URL("../../../", import.meta.url));
/** `dist` where the built program runs, `src` where its sources do; packages run from the same. */
const codeFolder = basename(fileURLToPath(new URL("../../", import.meta.url)));

const known = new Map<string, string>();

/**
 * The versions of packages (named without their scope), of all packages of this project that they import, and of this
 * program: `0.4.1+5c0f2a91`, whose last part changes when the code does.
 */
export function versionsOf(packages: readonly string[]): Readonly<Record<string, string>> {
  const all = new Set(packages);
  // A set is walked to the end of what is added on the way.
  for (const name of all) for (const each of importedBy(name)) all.add(each);
  return Object.fromEntries(["millrace", ...[...all].sort()].map((name) => [name, versionOf(name)]));
}

// A process computes with the code that it began with.
function versionOf(name: string): string {
  const version =
    known.get(name) ??
    (name === "millrace" ? versionAt(ownRoot, [codeFolder, "presets"]) : versionAt(packageRoot(name), [codeFolder]));
  known.set(name, version);
  return version;
}

/** The version of the package at `root`, with a digest of what lies in its folders of code and of constants. */
export function versionAt(root: string, folders: readonly string[]): string {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !idle.test(entry.name))
      .map(({ parentPath, name }) => join(parentPath, name)),
  );
  const digests = files.map((file) => `${relative(root, file).replaceAll(sep, "/")} ${digestOf(readFileSync(file))}`);
  return `${manifestAt(root).version}+${digestOf(digests.sort().join("\n")).slice(0, 8)}`;
}

function importedBy(name: string): readonly string[] {
  return Object.keys(manifestAt(packageRoot(name)).dependencies ?? {})
    .filter((each) => each.startsWith(SCOPE))
    .map((each) => each.slice(SCOPE.length));
}

function packageRoot(name: string): string {
  return dirname(createRequire(import.meta.url).resolve(`${SCOPE}${name}/package.json`));
}

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

function manifestAt(root: string): Manifest {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
}
