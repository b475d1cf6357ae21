import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { fileKey, pageFile, type RunRecord, type ViewDocuments, type ViewKind, withIsland } from "@millrace/studio";
import { chromiumProgram, launchChromium } from "@millrace/vitest/chromium";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { diagonalUnits, manyCounters, manyDesigns, manyEvaluations, splitExperts } from "../src/studio-documents.ts";

const study = manyEvaluations(10_000, 1);
const designs = manyDesigns(5000);

function kept<Kind extends ViewKind>(id: string, kind: Kind, document: ViewDocuments[Kind]) {
  return { id, kind, title: id, file: `${id}.json`, document };
}

const views = [
  kept("study", "study", study),
  kept("other", "study", manyEvaluations(60, 2)),
  kept("designs", "points", designs),
  kept("units", "units", diagonalUnits),
  kept("experts", "placement", splitExperts),
  kept("counters", "counters", manyCounters),
];

/** The page with all views inside, as `millrace studio --export` writes it. */
function exportedPage(): string {
  const record: RunRecord = {
    format: "millrace-run-1",
    title: "a run",
    command: ["millrace"],
    version: "0",
    views: views.map(({ document: _, ...view }) => view),
  };
  const files = views.map(({ id, document }) => [
    fileKey("out", id),
    Buffer.from(JSON.stringify(document)).toString("base64"),
  ]);
  const list = { runs: [{ name: "out", record, stamps: views.map(() => "") }], broken: [] };
  const island = JSON.stringify({ list, files: Object.fromEntries(files) });
  return withIsland(readFileSync(pageFile, "utf8"), gzipSync(island).toString("base64"));
}

describe.skipIf(chromiumProgram === undefined)(
  "the studio's page (skipped where no Chromium is found; CHROME_PATH names one)",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "millrace-studio-"));
    const file = join(folder, "page.html");
    const faults: string[] = [];
    let browser: Browser;
    let page: Page;
    beforeAll(async () => {
      writeFileSync(file, exportedPage());
      browser = await launchChromium();
      page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
      page.on("pageerror", (error) => faults.push(error.message));
      page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    }, 60_000);
    afterAll(async () => {
      await browser.close();
      rmSync(folder, { recursive: true });
    });

    /** Opens the page at a state anew, and waits for a selector. */
    async function open(hash: string, selector: string): Promise<void> {
      await page.goto("about:blank");
      await page.goto(`${pathToFileURL(file)}#${hash}`);
      await page.waitForSelector(selector);
    }

    /** Pixels that something was drawn on, of all canvases of a box. */
    function inked(box: string): Promise<number> {
      return page.evaluate((selector) => {
        let count = 0;
        for (const canvas of document.querySelectorAll<HTMLCanvasElement>(`${selector} canvas`)) {
          const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
          for (let at = 3; at < data.length; at += 4) if (data[at]! > 0) count += 1;
        }
        return count;
      }, box);
    }

    const text = (selector: string): Promise<string> => page.locator(selector).first().textContent() as Promise<string>;
    /** Waits until the page says so. */
    const said = (words: string) =>
      page.waitForFunction((wanted) => document.getElementById("studio")!.textContent.includes(wanted), words);

    it("shows ten thousand evaluations with few elements, and all of them drawn", async () => {
      await open("view=study", ".evaluations tbody tr:nth-child(5)");
      expect(await text("section:has(> .evaluations) h3")).toBe("All 10,000 evaluations, best first");
      expect(await page.locator("*").count()).toBeLessThan(1500);
      await page.waitForFunction(() => document.querySelectorAll(".parallel canvas").length > 0);
      expect(await inked(".history")).toBeGreaterThan(5000);
      expect(await inked(".parallel")).toBeGreaterThan(20_000);
    });

    it("takes a brush by pointer, keeps it in the address, and shows the same when opened again", async () => {
      await open("view=study", ".parallel .brush-field");
      await page.locator(".parallel .brush-field").first().scrollIntoViewIfNeeded();
      const axis = (await page.locator(".parallel .brush-field").first().boundingBox())!;
      const across = axis.x + axis.width / 2;
      await page.mouse.move(across, axis.y + axis.height - 8);
      await page.mouse.down();
      await page.mouse.move(across, axis.y + axis.height * 0.82, { steps: 4 });
      await page.mouse.up();
      // The lowest fifth of the first axis: the evaluations of the first tile.
      const first = study.evaluations.config[0]!.filter((tile) => tile === 0).length;
      const title = `${first.toLocaleString("en-US")} of 10,000 evaluations, best first`;
      await said(title);
      const address = await page.evaluate(() => location.hash);
      expect(address).toContain("brush=tile");
      await open(address.slice(1), ".evaluations");
      await said(title);
    });

    it("is walked by keys: the best evaluation, the next, and the list of keys", async () => {
      await open("view=study", ".evaluations");
      const { values } = study.evaluations;
      const order = [...values[0]!.keys()]
        .filter((at) => values[0]![at] !== null)
        .sort((a, b) => values[0]![a]! - values[0]![b]! || a - b);
      await page.keyboard.press("b");
      await page.waitForSelector(".chosen-evaluation");
      expect(await text(".chosen-evaluation h3")).toBe(`Evaluation ${order[0]! + 1}: ok`);
      await page.keyboard.press("ArrowDown");
      await said(`Evaluation ${order[1]! + 1}: ok`);
      await page.keyboard.press("?");
      expect(await text("dialog.keys")).toContain("choose the best evaluation");
    });

    it("holds another study against the one that is shown", async () => {
      await open("view=study", ".study select");
      await page.getByLabel("beside").selectOption("out other");
      await page.waitForSelector("table.plain");
      expect(await text("table.plain")).toContain("60, ");
      expect(await page.locator(".history .other-best").count()).toBe(1);
    });

    it("finds the front of thousands of designs, and those in a rectangle", async () => {
      await open("view=designs", ".scatter canvas");
      const beats = (a: number, b: number) =>
        [0, 1].every((axis) => designs.points[a]!.values[axis]! <= designs.points[b]!.values[axis]!);
      const all = [...designs.points.keys()];
      const front = all.filter((b) => !all.some((a) => a !== b && beats(a, b) && (!beats(b, a) || a < b)));
      expect(await text("section:has(> .evaluations) h3")).toContain(`The front: ${front.length} of 5,000 designs`);
      expect(await page.locator(".front circle").count()).toBe(front.length);
      await page.getByRole("button", { name: "odd" }).click();
      await said("of 2,500 designs");
      const box = (await page.locator(".scatter").boundingBox())!;
      await page.mouse.move(box.x + 100, box.y + 60);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width / 2, box.y + 300, { steps: 3 });
      await page.mouse.up();
      await said("designs in the rectangle");
      expect(await page.evaluate(() => location.hash)).toContain("region=");
    });

    it("shows units, experts and counters, each chosen by keys or words", async () => {
      await open("view=units", ".matrix-map canvas");
      await page.keyboard.press("ArrowRight");
      expect(await text(".units .facts")).toContain("16 work, 8 entries");
      expect(await inked(".matrix-map")).toBeGreaterThan(1000);
      await open("view=experts", ".experts svg");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      await said("Expert 5: 24 tokens, 20 on GPU 0, 4 on PIM 0");
      await open("view=counters", ".counters tbody tr:not(.gap)");
      await page.getByLabel("find").fill("node 499 starved");
      await said("1 of 1,500");
      expect(await text(".counters tbody tr:not(.gap)")).toContain("4,991");
    });

    it("fits three widths without a bar to scroll the page sideways", async () => {
      for (const { id } of views) {
        await open(`view=${id}`, "main .charts, main .counters");
        for (const width of [400, 900, 1600]) {
          await page.setViewportSize({ width, height: 900 });
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          expect({ id, width, wide }).toEqual({ id, width, wide: width });
        }
      }
      await page.setViewportSize({ width: 1200, height: 900 });
    });

    it("runs what is typed into the playground, marks what is wrong, and answers while it works", async () => {
      await open("page=playground", ".good");
      expect(await text(".good")).toBe("equals the dense evaluation in all 24 places, exactly");
      const field = page.locator(".expression textarea");
      await field.fill("y(i) = A(i,j) x(j)");
      await page.waitForSelector(".expression mark");
      expect(await text(".expression mark")).toBe("x");
      expect(await text("pre.fault")).toContain("help: write '*' between two factors");
      // Millions of points keep the worker busy; the field takes letters all the same.
      await field.fill("C(i,k) = A(i,j) * B(j,k)");
      await page.getByLabel("extent of each index").fill("150");
      await page.waitForTimeout(200);
      await field.fill("");
      await field.pressSequentially("z(i) = 2 * x(i)");
      expect(await field.inputValue()).toBe("z(i) = 2 * x(i)");
      await page.getByLabel("extent of each index").fill("7");
      await page.getByRole("tab", { name: "WebAssembly" }).click();
      await page.waitForFunction(() => document.querySelector(".answer .good")?.textContent?.includes("all 7 places"));
      expect(await text(".answer pre.code")).toContain("(module");
      await page.waitForFunction(() => location.hash.includes("n=7") && location.hash.includes("tab=wat"));
      await open((await page.evaluate(() => location.hash)).slice(1), ".answer .good");
      expect(await page.locator(".expression textarea").inputValue()).toBe("z(i) = 2 * x(i)");
    }, 60_000);

    it("meets no fault on all these ways", () => expect(faults).toEqual([]));
  },
);
