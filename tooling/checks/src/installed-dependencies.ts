import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { publishedPackages, readManifest } from "./workspace.ts";

/** The folders of all packages from elsewhere that ours need at run time, directly or through one another. */
export function installedDependencies(): string[] {
  const ours = new Set(publishedPackages.map(({ manifest }) => manifest.name));
  const found = new Set<string>();
  const pending = publishedPackages.map(({ folder }) => folder);
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const name of Object.keys(readManifest(folder).dependencies ?? {})) {
      if (ours.has(name)) continue;
      const dependency = folderOfDependency(name, folder);
      if (found.has(dependency)) continue;
      found.add(dependency);
      pending.push(dependency);
    }
  }
  return [...found].sort();
}

/** Finds a package as Node does: in the `node_modules` of the folder that asks, or of one around it. */
export function folderOfDependency(name: string, from: string): string {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (existsSync(candidate)) return realpathSync(candidate);
  }
  throw new Error(`${name}, which ${from} depends on, is not installed`);
}
