/** The built page in a real browser, with runs inside it as an exported page has them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { launchChromium } from "@millrace/vitest/chromium";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { pageFile } from "../../src/page-file.ts";
import type { RunRecord } from "../../src/run/run-record.ts";
import { fileKey, withIsland } from "../../src/source/island.ts";

/** A view to put into a page. */
export interface ShownView {
  readonly kind: string;
  readonly title: string;
  readonly document: unknown;
}

/** The text of an exported page over some runs, each with its views. */
export function exportedPage(runs: Readonly<Record<string, readonly ShownView[]>>): string {
  const files: Record<string, string> = {};
  const listed = Object.entries(runs).map(([name, views]) => {
    const record: RunRecord = {
      ...{ format: "millrace-run-1", title: `run ${name}`, command: ["millrace"], version: "0" },
      views: views.map(({ kind, title }, at) => ({ id: `${at}`, kind, title, file: `${at}.json` })),
    };
    for (const [at, { document }] of views.entries())
      files[fileKey(name, `${at}`)] = Buffer.from(JSON.stringify(document)).toString("base64");
    return { name, record, stamps: views.map(() => "") };
  });
  const island = JSON.stringify({ list: { runs: listed, broken: [] }, files });
  return withIsland(readFileSync(pageFile, "utf8"), gzipSync(island).toString("base64"));
}

/** A browser with one exported page on the disk. */
export class PageOnDisk {
  readonly #folder: string = mkdtempSync(join(tmpdir(), "millrace-studio-"));
  readonly #address: string;
  #browser: Browser | undefined;
  /** What went wrong on any page, and every address that was asked for beside the page's own. */
  readonly troubles: string[] = [];

  constructor(text: string) {
    const path = join(this.#folder, "page.html");
    writeFileSync(path, text);
    this.#address = pathToFileURL(path).href;
  }

  /** Opens the page at a hash. */
  async open(hash: string, options: BrowserContextOptions = {}): Promise<Page> {
    this.#browser ??= await launchChromium();
    const page = await this.#browser.newPage({ viewport: { width: 1000, height: 800 }, ...options });
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") this.troubles.push(message.text());
    });
    page.on("pageerror", (error) => this.troubles.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith(this.#address)) this.troubles.push(`asked for ${request.url()}`);
    });
    await page.goto(this.#address + hash);
    return page;
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    rmSync(this.#folder, { recursive: true });
  }
}
