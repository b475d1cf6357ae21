import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { docExamples, exampleModule, examplesIn } from "../src/doc-examples.ts";
import { type ModuleOutcome, runModules } from "../src/run-modules.ts";
import { libraries, readText, writtenFiles } from "../src/workspace.ts";

const entries = new Map(libraries.map(({ manifest, folder }) => [manifest.name, join(folder, "dist", "index.js")]));
const shown = libraries
  .map((library) => ({ name: library.manifest.name, examples: docExamples(library) }))
  .filter(({ examples }) => examples.length > 0);

describe("the examples in doc comments", () => {
  let outcomes: readonly ModuleOutcome[] = [];

  beforeAll(async () => {
    const addresses = shown.map(({ name }) => pathToFileURL(entries.get(name) ?? "").href);
    const doors = await runModules(
      addresses.map((address) => `export default Object.keys(await import(${JSON.stringify(address)}));`),
    );
    const modules = shown.flatMap(({ name, examples }, at) => {
      const names = (doors[at] as { value: string[] }).value;
      return examples.map((example) => exampleModule(example, entries, { from: name, names }));
    });
    outcomes = await runModules(modules);
  });

  const numbered = shown.flatMap(({ examples }) => examples).map(({ title }, at) => ({ title, at }));
  it.each(numbered)("$title", ({ at }) => {
    expect(outcomes[at]).toEqual({ value: null });
  });
});

it("every @example tag in the sources is found", () => {
  const tags = libraries
    .flatMap(({ path }) => writtenFiles(`${path}/src`))
    .flatMap((path) => readText(path).match(/^\s*\* @example\b/gm) ?? []);
  expect(shown.flatMap(({ examples }) => examples).length).toBe(tags.length);
});

describe("an example", () => {
  const source = [
    "/**",
    " * Doubles.",
    " *",
    " * @example",
    " * ```ts",
    " * const four = double(2); // => 4",
    " * [double(four)]; // => [8]",
    " * ```",
    " * @throws {Error} never",
    " */",
    "export function double(value: number): number {",
  ].join("\n");
  const exported = { from: "node:fs", names: ["existsSync"] };
  const module = (code: string) => exampleModule({ title: "e", code }, entries, exported);

  it("is found with the name it belongs to", () => {
    expect(examplesIn(source, "a.ts")).toEqual([
      { title: "double (a.ts:1)", code: "const four = double(2); // => 4\n[double(four)]; // => [8]" },
    ]);
  });

  it("fails where a claim does not hold", async () => {
    const right = module('existsSync("/nowhere/at/all"); // => false');
    const wrong = [
      module('existsSync("/nowhere/at/all"); // => true'),
      module("const one = 2; // => 1"),
      module("unknown(); // => 1"),
    ];
    expect(await runModules([right, ...wrong])).toEqual([
      { value: null },
      { error: expect.stringContaining("false !== true") },
      { error: expect.stringContaining("2 !== 1") },
      { error: "unknown is not defined" },
    ]);
  });

  it("that claims nothing is refused", () => {
    expect(() => module("double(2);")).toThrow("e shows no result");
  });

  it("may import other packages of the workspace", () => {
    expect(module('import { csr } from "@millrace/tensor";\ncsr; // => csr')).toMatch(
      /from "file:\/\/.*\/packages\/tensor\/dist\/index\.js"/,
    );
  });
});
