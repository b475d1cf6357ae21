import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { mustRun } from "../src/run-tool.ts";
import { publishedPackages, readManifest, readText, repository } from "../src/workspace.ts";

const checksFolder = join(repository, "tooling", "checks");

it("every file, export and dependency is used (knip)", async () => {
  await mustRun("knip", ["--directory", "../..", "--config", "tooling/checks/knip.json", "--no-config-hints"], {
    folder: checksFolder,
  });
});

it("all package.json files agree with one another (sherif)", async () => {
  await mustRun("sherif", ["--fail-on-warnings"]);
});

it("the checks are run after every published package has been built", () => {
  const { devDependencies = {} } = readManifest(checksFolder);
  expect(Object.keys(devDependencies)).toEqual(
    expect.arrayContaining(publishedPackages.map(({ manifest }) => manifest.name)),
  );
});

describe.each(publishedPackages)("$manifest.name", ({ manifest, path }) => {
  it("argues each of its run-time dependencies in its README", () => {
    const readme = readText(`${path}/README.md`);
    const external = Object.keys(manifest.dependencies ?? {}).filter((name) => !name.startsWith("@millrace/"));
    expect(external.filter((name) => !readme.includes(name))).toEqual([]);
  });
});
