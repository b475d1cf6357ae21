import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { docExamples, exampleModule, examplesIn } from "../src/doc-examples.ts";
import { mustRun } from "../src/run-tool.ts";
import { libraries, readText, writtenFiles } from "../src/workspace.ts";

const entries = new Map(libraries.map(({ manifest, folder }) => [manifest.name, join(folder, "dist", "index.js")]));
const shown = libraries
  .map((library) => ({ name: library.manifest.name, examples: docExamples(library) }))
  .filter(({ examples }) => examples.length > 0);

/** Runs the text of a module in a process of its own, where packages are what was built; returns what it printed. */
async function run(module: string): Promise<string> {
  return (await mustRun("node", ["--input-type=module", "--eval", module])).stdout;
}

describe.each(shown)("the examples in the doc comments of $name", ({ name, examples }) => {
  let names: string[] = [];

  beforeAll(async () => {
    const entry = JSON.stringify(pathToFileURL(entries.get(name) ?? "").href);
    names = JSON.parse(await run(`console.log(JSON.stringify(Object.keys(await import(${entry}))))`));
  });

  it.concurrent.each(examples)("$title", async (example) => {
    await run(exampleModule(example, entries, { from: name, names }));
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
    await run(module('existsSync("/nowhere/at/all"); // => false'));
    await expect(run(module('existsSync("/nowhere/at/all"); // => true'))).rejects.toThrow(/false !== true/);
    await expect(run(module("const one = 2; // => 1"))).rejects.toThrow(/2 !== 1/);
    await expect(run(module("unknown(); // => 1"))).rejects.toThrow(/unknown is not defined/);
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
