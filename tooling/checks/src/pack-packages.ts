import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { mustRun } from "./run-tool.ts";
import { packFolder, readFromTarball } from "./tarball.ts";
import { type Manifest, publishedPackages, readManifest } from "./workspace.ts";

/** A package as a registry would hand it out. */
export interface PackedPackage {
  readonly manifest: Manifest;
  /** The `.tgz` file. */
  readonly tarball: string;
}

/** Packs every published package into `folder`, as publishing would: workspace links become version ranges. */
export async function packPublished(folder: string): Promise<PackedPackage[]> {
  const filters = publishedPackages.flatMap(({ manifest }) => ["--filter", manifest.name]);
  await mustRun("pnpm", ["--recursive", ...filters, "pack", "--pack-destination", folder]);
  return publishedPackages.map(({ manifest }) => {
    const tarball = join(folder, tarballName(manifest));
    return { tarball, manifest: JSON.parse(readFromTarball(tarball, "package/package.json")) as Manifest };
  });
}

/** Packs folders of `node_modules` again, so that a test needs no network to install what our packages depend on. */
export function packInstalled(installed: readonly string[], folder: string): PackedPackage[] {
  return installed.map((source) => {
    const manifest = readManifest(source);
    const tarball = join(folder, tarballName(manifest));
    writeFileSync(tarball, packFolder(source));
    return { tarball, manifest };
  });
}

function tarballName({ name, version }: Manifest): string {
  return `${name.replace("@", "").replace("/", "-")}-${version}.tgz`;
}
