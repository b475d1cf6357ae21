import { describe, expect, it } from "vitest";
import { apiReportPath, extractApi } from "../src/api-report.ts";
import { libraries } from "../src/workspace.ts";

describe("the reviewed API report is what the package exports (to update it: node tooling/run.mjs api)", () => {
  it.each(libraries)("$manifest.name", async (library) => {
    await expect(extractApi(library)).toMatchFileSnapshot(apiReportPath(library));
  });
});

describe.each(libraries)("$manifest.name", (library) => {
  it("says of everything it exports what it means", () => {
    expect(extractApi(library).match(/\(undocumented\)\nexport .*$/gm) ?? []).toEqual([]);
  });
});
