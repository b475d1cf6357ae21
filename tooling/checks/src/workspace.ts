import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that holds the whole repository. */
export const repository: string = fileURLToPath(new URL("../../..", import.meta.url));

/** The part of a `package.json` that the checks read. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** One package of the workspace. */
export interface WorkspacePackage {
  /** Its path from the root of the repository, with forward slashes: `packages/tensor`. */
  readonly path: string;
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Reads the `package.json` in `folder`. */
export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

function packagesIn(parent: string): WorkspacePackage[] {
  return readdirSync(join(repository, parent))
    .sort()
    .map((name) => ({ path: `${parent}/${name}`, folder: join(repository, parent, name) }))
    .filter(({ folder }) => existsSync(join(folder, "package.json")))
    .map((found) => ({ ...found, manifest: readManifest(found.folder) }));
}

/** The packages that users install: libraries, then the application. */
export const publishedPackages: readonly WorkspacePackage[] = ["packages", "apps"]
  .flatMap(packagesIn)
  .filter(({ manifest }) => manifest.private !== true);

/** The published packages that are imported, that is, all but the applications. */
export const libraries: readonly WorkspacePackage[] = publishedPackages.filter(({ path }) =>
  path.startsWith("packages/"),
);

/** Every file under `folder` that people write, as paths from the root of the repository with forward slashes. */
export function writtenFiles(folder = "."): string[] {
  const listing = ["ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", folder];
  return execFileSync("git", listing, { cwd: repository, encoding: "utf8", maxBuffer: 2 ** 26 })
    .split("\0")
    .filter((path) => path !== "" && existsSync(join(repository, path)));
}

/** The text of a file given by its path from the root of the repository. */
export function readText(path: string): string {
  return readFileSync(join(repository, path), "utf8");
}
