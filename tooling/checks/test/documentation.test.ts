import { existsSync } from "node:fs";
import { basename, join, posix } from "node:path";
import { describe, expect, it } from "vitest";
import { fencedBlocks, headingAnchors, markdownLinks } from "../src/markdown.ts";
import { publishedPackages, readText, repository, writtenFiles } from "../src/workspace.ts";

const texts = writtenFiles().filter((path) => path.endsWith(".md") && !path.endsWith(".api.md"));

function brokenLinks(path: string): string[] {
  return markdownLinks(readText(path))
    .filter(({ target }) => !/^[a-z]+:/.test(target) && !leadsSomewhere(path, target))
    .map(({ target, line }) => `${path}:${line}: ${target}`);
}

function leadsSomewhere(from: string, target: string): boolean {
  const [file = "", anchor] = target.split("#");
  const path = file === "" ? from : posix.join(posix.dirname(from), file);
  if (!existsSync(join(repository, path))) return false;
  return anchor === undefined || headingAnchors(readText(path)).includes(anchor);
}

describe("the documentation", () => {
  it("has no link that leads nowhere", () => {
    expect(texts.flatMap(brokenLinks)).toEqual([]);
  });

  it("lists every decision record", () => {
    const records = writtenFiles("docs/adr").map((path) => basename(path));
    const listed = markdownLinks(readText("docs/adr/README.md")).map(({ target }) => target);
    expect(["README.md", ...listed].sort()).toEqual(records.sort());
  });

  it("draws in the README exactly the imports that the packages declare", () => {
    const [picture = ""] = fencedBlocks(readText("README.md"), "mermaid");
    const drawn = [...picture.matchAll(/^\s*(\S+) --> (\S+)$/gm)].map(([, from, to]) => `${from} --> ${to}`);
    const names = new Set(publishedPackages.map(({ manifest }) => manifest.name));
    const declared = publishedPackages.flatMap(({ manifest }) =>
      Object.keys(manifest.dependencies ?? {})
        .filter((name) => names.has(name))
        .map((name) => `${basename(manifest.name)} --> ${basename(name)}`),
    );
    expect(drawn.sort()).toEqual(declared.sort());
  });

  it("names every published package in the README and in the architecture", () => {
    for (const { path } of publishedPackages) {
      expect(readText("README.md")).toContain(`](${path})`);
      expect(readText("docs/architecture.md")).toContain(`](../${path}`);
    }
  });

  it("lists every paper that a source file cites", () => {
    const sources = writtenFiles().filter((path) => /^(?:packages|apps)\/[^/]+\/src\/.*\.ts$/.test(path));
    const cited = sources.flatMap((path) =>
      [...readText(path).matchAll(/Source:.*?(?=\n\s*\*\s*\n|\*\/)/gs)]
        .map(([source]) => source.replaceAll(/\s*\n\s*\*\s*/g, " "))
        .flatMap((source) => [...source.matchAll(/"([^"]{12,})"/g)].map((match) => match[1] ?? "")),
    );
    expect(cited.length).toBeGreaterThan(8);
    const papers = readText("docs/papers.md");
    expect(new Set(cited.filter((title) => !papers.includes(title)))).toEqual(new Set());
  });

  it("gives each word of the glossary one meaning", () => {
    const words = [...readText("docs/glossary.md").matchAll(/^\| (?!word \||---)([^|]+) \|/gm)].map(
      (match) => match[1],
    );
    expect(words.length).toBeGreaterThan(50);
    expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([]);
  });
});
