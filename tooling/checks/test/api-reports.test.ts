import { describe, expect, it } from "vitest";
import { referencePage } from "../src/api-reference.ts";
import { apiReportPath, extractApi } from "../src/api-report.ts";
import { docExamples } from "../src/doc-examples.ts";
import { libraries } from "../src/workspace.ts";

describe("the reviewed API report is what the package exports (to update it: node tooling/run.mjs api)", () => {
  it.each(libraries)("$manifest.name", async (library) => {
    await expect(extractApi(library).report).toMatchFileSnapshot(apiReportPath(library));
  });
});

describe("the reference (to write it to out/api: node tooling/run.mjs reference)", () => {
  it.each(libraries)("of $manifest.name explains every export, and shows its examples", (library) => {
    const { report, model } = extractApi(library);
    const page = referencePage(library, model);
    const headings = new Set([...page.matchAll(/^### (\w+)$/gm)].map((match) => match[1]));
    const exported = [...report.matchAll(/^export (?:abstract )?(?:class|const|function|interface|type) (\w+)/gm)];
    expect(exported.length).toBeGreaterThan(5);
    expect(exported.map((match) => match[1]).filter((name) => !headings.has(name))).toEqual([]);
    expect(page.match(/^### .*\n\n```ts\n[^`]*```\n\n(?=###|##|$)/gm) ?? []).toEqual([]);
    expect(page.match(/\{@|^@\w/gm) ?? []).toEqual([]);
    expect(page.match(/\/\/ => /g)?.length ?? 0).toBeGreaterThanOrEqual(docExamples(library).length);
  });
});

describe.each(libraries)("$manifest.name", (library) => {
  it("says of everything it exports what it means", () => {
    expect(extractApi(library).report.match(/\(undocumented\)\nexport .*$/gm) ?? []).toEqual([]);
  });
});
