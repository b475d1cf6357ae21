import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { type PackedPackage, packPublished } from "../src/pack-packages.ts";
import { mustRun } from "../src/run-tool.ts";
import { publishedPackages } from "../src/workspace.ts";

const folder = mkdtempSync(join(tmpdir(), "millrace-packed-"));
const packed = new Map<string, PackedPackage>();

beforeAll(async () => {
  for (const each of await packPublished(folder)) packed.set(each.manifest.name, each);
});

afterAll(() => rmSync(folder, { recursive: true }));

describe.each(publishedPackages.map(({ manifest }) => manifest.name))("the tarball of %s", (name) => {
  it("is a well-formed package (publint)", async () => {
    await mustRun("publint", [packed.get(name)?.tarball ?? "", "--strict"]);
  });

  it("gives its types to every way of importing an ESM package (are the types wrong)", async () => {
    await mustRun("attw", [
      packed.get(name)?.tarball ?? "",
      "--profile",
      "esm-only",
      "--no-emoji",
      "--format",
      "ascii",
    ]);
  });
});
