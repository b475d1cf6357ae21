import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { basename } from "node:path";
import type { PackedPackage } from "./pack-packages.ts";

/** A package registry on this machine alone. */
export interface LoopbackRegistry {
  /** Its address, with the port the system gave it. */
  readonly url: string;
  close(): void;
}

/** Starts a registry that holds exactly `packages`, each in the one version that was packed. */
export async function startLoopbackRegistry(packages: readonly PackedPackage[]): Promise<LoopbackRegistry> {
  const byName = new Map(packages.map((each) => [each.manifest.name, each]));
  const byFile = new Map(packages.map((each) => [basename(each.tarball), each]));
  let url = "";
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? "/").slice(1));
    const file = byFile.get(path);
    if (file !== undefined) {
      response.end(readFileSync(file.tarball));
      return;
    }
    const asked = byName.get(path);
    if (asked === undefined) {
      response.writeHead(404).end("{}");
      return;
    }
    response.setHeader("content-type", "application/json").end(JSON.stringify(describe(asked, url)));
  });
  url = await listen(server);
  return { url, close: () => server.close() };
}

/** What a registry answers about a package: its versions, and where the archive of each is. */
function describe({ manifest, tarball }: PackedPackage, url: string): object {
  const integrity = `sha512-${createHash("sha512").update(readFileSync(tarball)).digest("base64")}`;
  const dist = { integrity, tarball: `${url}${basename(tarball)}` };
  const { name, version } = manifest;
  return { name, "dist-tags": { latest: version }, versions: { [version]: { ...manifest, dist } } };
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    });
  });
}
