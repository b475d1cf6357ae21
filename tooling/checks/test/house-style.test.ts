import { basename, dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { readText, writtenFiles } from "../src/workspace.ts";

const written = writtenFiles().filter((path) => !/(?:^|\/)(?:test\/data|examples\/data)\//.test(path));
const code = written.filter((path) => /\.(?:tsx?|mjs|js)$/.test(path));
const tests = code.filter((path) => path.endsWith(".test.ts"));
const self = "tooling/checks/test/house-style.test.ts";

function linesWith(pattern: RegExp, paths: readonly string[]): string[] {
  return paths
    .filter((path) => path !== self)
    .flatMap((path) =>
      readText(path)
        .split("\n")
        .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
    );
}

describe("the house style", () => {
  it("no file of code is longer than 400 lines, no test longer than 300", () => {
    const tooLong = code
      .map((path) => ({ path, lines: readText(path).split("\n").length - 1 }))
      .filter(({ path, lines }) => lines > (path.endsWith(".test.ts") ? 300 : 400));
    expect(tooLong).toEqual([]);
  });

  it("files and folders of code are named in kebab-case", () => {
    expect(
      code.filter((path) => !/^(?:\.?[a-z0-9]+(?:[-.][a-z0-9]+)*\/)*[a-z0-9]+(?:[-.][a-z0-9]+)*$/.test(path)),
    ).toEqual([]);
  });

  it("no name says nothing: utils, helpers, common, misc, manager, handler, data, info, base, impl", () => {
    const empty = /^(?:utils?|helpers?|common|misc|managers?|handlers?|data|info|base|impl)$/;
    const words = (path: string) => [basename(path).replace(/\..*$/, ""), ...dirname(path).split("/")];
    expect(code.filter((path) => words(path).some((word) => empty.test(word)))).toEqual([]);
  });

  it("nothing is left for later in code or documentation", () => {
    expect(
      linesWith(/\b(?:TODO|FIXME|XXX|HACK)\b/, [...code, ...written.filter((path) => path.endsWith(".md"))]),
    ).toEqual([]);
  });

  it("no test is switched off or singled out", () => {
    expect(linesWith(/\b(?:it|test|describe)\.(?:only|skip|todo|fails)\b/, tests)).toEqual([]);
  });

  it("code imports packages and relative files, never a path of one machine", () => {
    expect(linesWith(/^\s*(?:import|export)\b(?:.*\bfrom)?\s*["'](?:\/|[A-Za-z]:|file:)/, code)).toEqual([]);
  });

  it("no code is made from text", () => {
    // Tests may hold hostile texts that try to.
    const sources = code.filter((path) => !tests.includes(path));
    expect(linesWith(/(?<!\.)\beval\(|\bnew Function\(/, sources)).toEqual([]);
  });
});
