// Writes the reference of every package to out/api: `node tooling/run.mjs reference`. It is not kept: its pages would change
// with every comment, and nobody would read the difference.
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const source = (name) => fileURLToPath(new URL(`src/${name}.ts`, import.meta.url));
const { extractApi } = (await runnerImport(source("api-report"))).module;
const { referencePage } = (await runnerImport(source("api-reference"))).module;
const { libraries, repository } = (await runnerImport(source("workspace"))).module;

const folder = join(repository, "out", "api");
mkdirSync(folder, { recursive: true });
for (const library of libraries) {
  const page = join(folder, `${basename(library.folder)}.md`);
  writeFileSync(page, referencePage(library, extractApi(library).model));
}
console.log(`${libraries.length} pages in ${folder}`);
