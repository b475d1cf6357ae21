/** What comes with Millrace, or is used to make it, and under which licence. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { folderOfDependency, installedDependencies } from "./installed-dependencies.ts";
import { publishedPackages, readManifest, readText, repository, writtenFiles } from "./workspace.ts";

/** A package of somebody else. */
export interface Licensed {
  readonly name: string;
  readonly version: string;
  /** As its `package.json` says, an SPDX expression; "none" if it says nothing. */
  readonly licence: string;
}

function licensed(folder: string): Licensed {
  const { name, version, license } = readManifest(folder);
  return { name, version, licence: license ?? "none" };
}

function sorted(packages: readonly Licensed[]): Licensed[] {
  const unique = new Map(packages.map((each) => [`${each.name}@${each.version}`, each]));
  return [...unique.values()].sort((a, b) =>
    a.name < b.name || (a.name === b.name && a.version < b.version) ? -1 : 1,
  );
}

/** What an installation of our packages brings along. */
export function runTimePackages(): Licensed[] {
  return sorted(installedDependencies().map(licensed));
}

/** What is not installed with our packages, yet stands inside what they ship: imported by their sources, bundled when built. */
export function bundledPackages(): Licensed[] {
  const ours = new Set(publishedPackages.map(({ manifest }) => manifest.name));
  return sorted(
    publishedPackages.flatMap(({ path, folder, manifest }) => {
      const sources = writtenFiles(`${path}/src`).filter((file) => /\.tsx?$/.test(file));
      const imported = sources.flatMap((file) =>
        [...readText(file).matchAll(/\bfrom "((?:@[^/"]+\/)?[^./"@][^/"]*)/g)].map((match) => match[1] ?? ""),
      );
      return [...new Set(imported)]
        .filter((name) => !ours.has(name) && Object.hasOwn(manifest.devDependencies ?? {}, name))
        .map((name) => licensed(folderOfDependency(name, folder)));
    }),
  );
}

/** Everything that is installed to build and check; what differs from platform to platform is left out. */
export function developmentPackages(): Licensed[] {
  const store = join(repository, "node_modules", ".pnpm");
  const folders = readdirSync(store).flatMap((place) => {
    const modules = join(store, place, "node_modules");
    if (!existsSync(modules)) return [];
    return readdirSync(modules)
      .flatMap((name) =>
        name.startsWith("@") ? readdirSync(join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
      )
      .map((name) => join(modules, name));
  });
  return sorted(
    folders
      .filter(
        (folder) =>
          existsSync(join(folder, "package.json")) &&
          !/platform|linux|darwin|win32/.test(folder.split("node_modules").at(-1) ?? ""),
      )
      .map(licensed),
  ).filter(({ name }) => name !== "" && !name.startsWith("@millrace/"));
}
