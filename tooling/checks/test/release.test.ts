import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mustRun } from "../src/run-tool.ts";
import { publishedPackages, readManifest, readText, repository, writtenFiles } from "../src/workspace.ts";

const folder = mkdtempSync(join(tmpdir(), "millrace-release-"));
const changesets = writtenFiles(".changeset").filter((path) => path.endsWith(".md") && basename(path) !== "README.md");
/** The packages that changesets name, and the sentence that each gets. */
const named = changesets.flatMap((path) => {
  const [, front = "", text = ""] = readText(path).split(/^---$/m);
  const [sentence = ""] = text.trim().split("\n");
  return [...front.matchAll(/^"(.+)": (?:major|minor|patch)$/gm)].map((match) => ({ name: match[1] ?? "", sentence }));
});

// A copy of all that a release looks at: what it changes is seen, and thrown away.
beforeAll(async () => {
  const manifests = writtenFiles().filter((path) => /^(?:[^/]+\/[^/]+\/)?package\.json$/.test(path));
  for (const path of [...manifests, "pnpm-workspace.yaml", ...writtenFiles(".changeset")]) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    cpSync(join(repository, path), join(folder, path));
  }
  await mustRun("git", ["init", "--quiet"], { folder });
  await mustRun("changeset", ["version"], { folder });
});

afterAll(() => rmSync(folder, { recursive: true }));

describe("a release", () => {
  it("takes every changeset in", () => {
    expect(named.length).toBeGreaterThan(0);
    expect(readdirSync(join(folder, ".changeset")).sort()).toEqual(["README.md", "config.json"]);
  });

  it("names only packages that there are", () => {
    const names = publishedPackages.map(({ manifest }) => manifest.name);
    expect(named.filter(({ name }) => !names.includes(name))).toEqual([]);
  });

  it.each(publishedPackages)("gives $manifest.name a version and a changelog with each of its changes", (each) => {
    const sentences = named.filter(({ name }) => name === each.manifest.name).map(({ sentence }) => sentence);
    const place = join(folder, each.path);
    const changelog = existsSync(join(place, "CHANGELOG.md")) ? readFileSync(join(place, "CHANGELOG.md"), "utf8") : "";
    expect(sentences.filter((sentence) => !changelog.includes(sentence))).toEqual([]);
    expect(readManifest(place).version !== each.manifest.version).toBe(changelog !== "");
    expect(sentences.length > 0 && changelog === "").toBe(false);
  });
});
