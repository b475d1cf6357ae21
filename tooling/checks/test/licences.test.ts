import { join, posix } from "node:path";
import { describe, expect, it } from "vitest";
import { bundledPackages, developmentPackages, type Licensed, runTimePackages } from "../src/licences.ts";
import { dataPages, forTools, licenceOf, licencesPage, permissive } from "../src/licences-page.ts";
import { readText, repository, writtenFiles } from "../src/workspace.ts";

const outside = (packages: readonly Licensed[], ...allowed: readonly ReadonlySet<string>[]) =>
  packages.filter((each) => !allowed.some((licences) => licences.has(licenceOf(each))));

describe("licences", () => {
  it("of what is shipped ask for nothing but to be named", () => {
    expect(runTimePackages().length).toBeGreaterThan(10);
    expect(outside([...runTimePackages(), ...bundledPackages()], permissive)).toEqual([]);
  });

  it("of tools are known ones", () => {
    expect(developmentPackages().length).toBeGreaterThan(100);
    expect(outside(developmentPackages(), permissive, forTools)).toEqual([]);
  });

  it("are listed in docs/licences.md (to update it: node tooling/run.mjs api)", async () => {
    await expect(licencesPage()).toMatchFileSnapshot(join(repository, "docs", "licences.md"));
  });
});

describe("data", () => {
  const pages = dataPages();
  const folders = pages.map((path) => posix.dirname(path));
  const files = writtenFiles().filter(
    (path) => /(?:^examples|\/test\/data|\/presets)\/./.test(path) && !path.endsWith("README.md"),
  );

  it("stands below a README", () => {
    expect(files.length).toBeGreaterThan(300);
    expect(files.filter((file) => !folders.some((folder) => file.startsWith(`${folder}/`)))).toEqual([]);
  });

  it.each(pages)("%s says where it comes from and under which licence", (page) => {
    expect(readText(page)).toMatch(/licen[cs]e|Apache-2\.0|\bMIT\b|CC BY|made (?:up|for)|own (?:data|measurements)/i);
  });

  it("of the examples is listed file by file", () => {
    const listed = readText("examples/README.md");
    const examples = files.filter((file) => file.startsWith("examples/")).map((file) => file.slice("examples/".length));
    const names = (file: string) => [
      file,
      file.replace(/\.\w+$/, ""),
      `${posix.dirname(file)}/*${posix.extname(file)}`,
    ];
    expect(examples.filter((file) => !names(file).some((name) => listed.includes(name)))).toEqual([]);
  });
});
