import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTool, type ToolRun } from "./run-tool.ts";
import { repository } from "./workspace.ts";

/** Two packages, of which the first imports the second. */
export interface BoundaryExample {
  /** The layer tag of the importing package. */
  readonly importer: string;
  /** The layer tag of the imported package. */
  readonly imported: string;
  /** Whether the importing package declares what it imports. */
  readonly declared: boolean;
}

/** Lets `turbo boundaries`, with the repository's own rules, judge a workspace of two packages. */
export async function judgeBoundary({ importer, imported, declared }: BoundaryExample): Promise<ToolRun> {
  const folder = mkdtempSync(join(tmpdir(), "millrace-boundary-"));
  const write = (path: string, content: unknown) => {
    writeFileSync(join(folder, path), typeof content === "string" ? content : JSON.stringify(content));
  };
  try {
    mkdirSync(join(folder, "packages", "importer"), { recursive: true });
    mkdirSync(join(folder, "packages", "imported"));
    copyFileSync(join(repository, "turbo.json"), join(folder, "turbo.json"));
    copyFileSync(join(repository, "package.json"), join(folder, "package.json"));
    write("pnpm-workspace.yaml", "packages: [packages/*]\n");
    write("packages/imported/package.json", { name: "imported", version: "1.0.0" });
    write("packages/imported/turbo.json", { extends: ["//"], tags: [imported] });
    const dependencies = declared ? { imported: "workspace:^" } : {};
    write("packages/importer/package.json", { name: "importer", version: "1.0.0", dependencies });
    write("packages/importer/turbo.json", { extends: ["//"], tags: [importer] });
    write("packages/importer/index.ts", 'import "imported";\n');
    return await runTool("turbo", ["boundaries"], { folder });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
