/** Libraries in a real browser: bundled as an application would bundle them, loaded into a page, run. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { repository } from "./workspace.ts";

/** An empty page that may share memory, as packages with threads and shared tensors ask for; it comes from no network. */
export async function openPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage();
  const isolated = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
  await page.route("**/*", (route) =>
    route.fulfill({ contentType: "text/html", headers: isolated, body: "<!doctype html>" }),
  );
  await page.goto("https://page.test/");
  return page;
}

/**
 * Files of TypeScript as one script, from `main.ts` on, with the packages of the workspace as they were built.
 *
 * @throws {Error} if anything in it asks for Node
 */
export async function bundle(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "millrace-browser-"));
  try {
    symlinkSync(join(repository, "tooling", "checks", "node_modules"), join(folder, "node_modules"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const built = await build({
      root: folder,
      configFile: false,
      logLevel: "silent",
      plugins: [{ name: "no-node", enforce: "pre", resolveId: refuseNode }],
      build: {
        write: false,
        minify: false,
        lib: { entry: join(folder, "main.ts"), formats: ["es"], fileName: "main" },
        rollupOptions: { output: { codeSplitting: false } },
      },
    });
    const [chunk] = [built].flat().flatMap((one) => ("output" in one ? one.output : []));
    if (chunk?.type !== "chunk") throw new Error("the bundle has no script");
    return chunk.code;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function refuseNode(specifier: string, importer: string | undefined): null {
  if (specifier.startsWith("node:")) throw new Error(`${importer} asks for ${specifier}, which no browser has`);
  return null;
}
