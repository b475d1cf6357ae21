import { describe, expect, it } from "vitest";
import { judgeBoundary } from "../src/boundary-example.ts";
import { mustRun } from "../src/run-tool.ts";
import { libraries, publishedPackages, readText, writtenFiles } from "../src/workspace.ts";

describe("the layers, judged by turbo boundaries", () => {
  it("no package imports upward, sideways, undeclared, or out of its own folder", async () => {
    await mustRun("turbo", ["boundaries"]);
  });

  it.each([
    ["ground", "text"],
    ["floor1", "ground"],
    ["floor1", "text"],
    ["floor1", "models"],
    ["models", "ground"],
    ["floor2", "floor1"],
    ["app", "floor1"],
    ["app", "text"],
    ["app", "page"],
    ["page", "floor2"],
    ["page", "floor1"],
    ["page", "ground"],
  ])("%s may import %s", async (importer, imported) => {
    expect((await judgeBoundary({ importer, imported, declared: true })).status).toBe(0);
  });

  it.each([
    ["text", "ground"],
    ["ground", "ground"],
    ["ground", "floor1"],
    ["ground", "app"],
    ["ground", "models"],
    ["models", "models"],
    ["models", "floor1"],
    ["floor1", "floor1"],
    ["floor1", "floor2"],
    ["floor1", "app"],
    ["floor2", "app"],
    ["floor1", "page"],
    ["floor2", "page"],
    ["page", "page"],
    ["page", "app"],
    ["app", "app"],
  ])("%s may not import %s, declared or not", async (importer, imported) => {
    const declared = await judgeBoundary({ importer, imported, declared: true });
    expect(declared.status).not.toBe(0);
    expect(declared.stdout + declared.stderr).toContain(`\`${imported}\``);
    const undeclared = await judgeBoundary({ importer, imported, declared: false });
    expect(undeclared.status).not.toBe(0);
    expect(undeclared.stdout + undeclared.stderr).toContain("not a dependency");
  });
});

const sources = writtenFiles().filter((path) => /\.(?:tsx?|mjs|js)$/.test(path));
const imports = sources.flatMap((path) =>
  [...readText(path).matchAll(/^\s*(?:import|export)\b[^"';]*["']([^"'\n]+)["']/gm)].map((match) => ({
    path,
    specifier: match[1] ?? "",
  })),
);

describe("imports", () => {
  it("reach another package only through its front door", () => {
    expect(
      imports.filter(({ specifier }) =>
        /^@millrace\/(?!tsconfig\/base\.json$|vitest\/(?:collections|chromium)$)[^/]+\//.test(specifier),
      ),
    ).toEqual([]);
  });

  it("of a library's sources never need Node: the packages run in a browser; threads and connections are sweep's matter", () => {
    const fromNode = imports.filter(
      ({ path, specifier }) => /^packages\/(?!sweep\/)[^/]+\/src\//.test(path) && /^node:/.test(specifier),
    );
    expect(fromNode).toEqual([]);
  });
});

describe.each(publishedPackages)("$manifest.name", ({ manifest, path }) => {
  const files = writtenFiles(path);

  it("stands in a layer, under a licence, with an owner", () => {
    expect(JSON.parse(readText(`${path}/turbo.json`)).tags).toHaveLength(1);
    expect(manifest.license).toBe("Apache-2.0");
    expect(readText("CODEOWNERS")).toMatch(new RegExp(`^/${path}/\\s+\\S`, "m"));
  });

  it("has a README of at most a screen, and tests that mirror its sources", () => {
    expect(readText(`${path}/README.md`).split("\n").length).toBeLessThanOrEqual(80);
    expect(files.filter((file) => file.endsWith(".test.ts"))).not.toEqual([]);
  });
});

describe.each(libraries)("$manifest.name", ({ path }) => {
  it("has a front door that only re-exports, name by name", () => {
    const statements = readText(`${path}/src/index.ts`)
      .replaceAll(/\/\*.*?\*\/|\/\/.*$/gms, "")
      .replaceAll(/export\s+(?:type\s+)?\{[^}]*\}\s*from\s*"[^"]+";/g, "");
    expect(statements.trim()).toBe("");
  });
});
