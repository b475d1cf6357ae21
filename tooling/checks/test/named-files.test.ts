import { existsSync, statSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { describe, expect, it } from "vitest";
import { markdownLinks } from "../src/markdown.ts";
import { readText, repository, writtenFiles } from "../src/workspace.ts";

const pages = writtenFiles().filter((path) => path.endsWith(".md") && !/\.api\.md$|^\.changeset\//.test(path));

describe("documentation that names files and programs", () => {
  it("runs only programs that exist: `node PATH`, from the root or from the package", () => {
    const named = pages.flatMap((page) =>
      [...readText(page).matchAll(/\bnode ((?:[\w.-]+\/)+[\w.-]+\.m?js)/g)].map(([, path = ""]) => ({ page, path })),
    );
    expect(named.length).toBeGreaterThan(20);
    // What a build makes is not there before it.
    const missing = named.filter(
      ({ page, path }) =>
        !/\/dist\//.test(path) &&
        ![repository, join(repository, dirname(page))].some((root) => existsSync(join(root, path))),
    );
    expect(missing).toEqual([]);
  });

  it("ties every recipe of docs/extending.md to files", () => {
    const [, ...recipes] = readText("docs/extending.md").split(/^## /m);
    expect(recipes.length).toBeGreaterThan(10);
    const loose = recipes.filter(
      (recipe) => !markdownLinks(recipe).some(({ target }) => statSync(join(repository, "docs", target)).isFile()),
    );
    expect(loose).toEqual([]);
  });
});

describe("SECURITY.md", () => {
  const text = readText("SECURITY.md");
  /** Whether a link leads to a test, or to a folder that holds some. */
  const tested = (target: string) => {
    const path = posix.normalize(target);
    return writtenFiles(path).some((file) => file.endsWith(".test.ts"));
  };
  const lines = [...text.matchAll(/^(?:\| (?!what \||---).+|- (?:.+(?:\n(?= {2}))?)+)/gm)].map(([line]) => ({
    title: line.slice(2, 60),
    line,
  }));

  it.each(lines)("names a test for: $title", ({ line }) => {
    expect(markdownLinks(line).filter(({ target }) => tested(target))).not.toEqual([]);
  });

  it("names only tests that exist", () => {
    const targets = markdownLinks(text).map(({ target }) => target);
    expect(targets.filter((target) => !existsSync(join(repository, target)))).toEqual([]);
    expect(lines.length).toBeGreaterThan(5);
  });
});
