import { chromiumProgram } from "@millrace/vitest/chromium";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportedPage, PageOnDisk } from "../support/browser.ts";

const NODES = 5000;
/** Layers of fifty nodes, each joined to two of the layer above. */
const large = {
  cycles: 100,
  nodes: Array.from({ length: NODES }, (_, at) => ({
    ...{ id: `n${at}`, label: `node ${at}`, kind: `kind ${at % 7}` },
    group: `g${Math.floor(at / 500)}`,
    counters: { busy: at % 100, starved: 100 - (at % 100), blocked: 0 },
  })),
  edges: Array.from({ length: NODES - 50 }, (_, at) => ({ from: `n${at}`, to: `n${at + 50}`, tokens: at + 1 })).concat(
    Array.from({ length: NODES - 50 }, (_, at) => ({
      from: `n${at}`,
      to: `n${at + 50 - (at % 50 > 0 ? 1 : 0)}`,
      tokens: 1,
    })),
  ),
};
const small = {
  cycles: 10,
  nodes: ["a", "b", "c"].map((id) => ({
    id,
    label: `node ${id}`,
    kind: "alu",
    counters: { busy: 4, starved: 6, blocked: 0 },
  })),
  edges: [
    { from: "a", to: "b", tokens: 5 },
    { from: "b", to: "c", tokens: 7 },
    { from: "c", to: "b", tokens: 1 },
  ],
};
const passes = {
  stages: [
    { name: "program", changed: true, text: "one\ntwo\nthree" },
    { name: "idle", changed: false, text: "one\ntwo\nthree" },
    { name: "rewrite", changed: true, text: "one\n2\nthree", note: "two became 2" },
  ],
};
const hostile = "<img src=x onerror=document.title='broken-in'>";

describe.skipIf(chromiumProgram === undefined)(
  "the page in a browser (skipped where no Chromium is found; CHROME_PATH names one)",
  () => {
    let disk: PageOnDisk;
    const open = (run: string, view: string, more = "", options = {}) =>
      disk.open(`#run=${run}&view=${view}${more}`, options);
    const address = async (page: Page) => new URLSearchParams(new URL(page.url()).hash.slice(1));

    beforeAll(() => {
      disk = new PageOnDisk(
        exportedPage({
          small: [
            { kind: "graph", title: "Small graph", document: small },
            { kind: "passes", title: "Passes", document: passes },
            { kind: "text", title: "Text", document: { text: hostile } },
            { kind: "graph", title: "Broken", document: { nodes: 7 } },
            { kind: "poem", title: "Unknown", document: {} },
          ],
          large: [{ kind: "graph", title: "Large graph", document: large }],
        }),
      );
    });
    afterAll(async () => {
      await disk.close();
    });

    it("opens from disk, lists its runs, and goes from view to view by keys", async () => {
      const page = await disk.open("");
      await page.getByRole("heading", { name: "Small graph" }).waitFor();
      expect(await page.locator(".runs .run b").allTextContents()).toEqual(["run small", "run large"]);
      await page.keyboard.press("]");
      await page.getByRole("heading", { name: "Passes" }).waitFor();
      expect((await address(page)).get("view")).toBe("1");
      await page.goBack();
      await page.getByRole("heading", { name: "Small graph" }).waitFor();
      await page.keyboard.press("?");
      expect(await page.locator("dialog.keys").textContent()).toContain("along an edge");
      await page.keyboard.press("Escape");
      await page.locator("dialog.keys").waitFor({ state: "detached" });
      await page.close();
    });

    it("follows edges by keys, and a link shows what was chosen", async () => {
      const page = await open("small", "0");
      await page.locator("canvas.graph-canvas").waitFor();
      for (const [key, name] of [
        ["ArrowDown", "node a"],
        ["ArrowDown", "node b"],
        ["ArrowDown", "node c"],
        ["ArrowUp", "node b"],
      ] as const) {
        await page.keyboard.press(key);
        await page.locator(".node-facts h3", { hasText: name }).waitFor();
      }
      const link = new URL(page.url()).hash;
      await page.close();
      const again = await disk.open(link);
      await again.locator(".node-facts h3", { hasText: "node b" }).waitFor();
      expect(await again.locator(".node-facts").textContent()).toContain("40.0 %");
      await again.close();
    });

    it("pans and zooms a graph of 5,000 nodes without losing a step of the pointer or the wheel", async () => {
      const page = await open("large", "0");
      const canvas = page.locator("canvas.graph-canvas");
      await canvas.waitFor();
      await page.getByText("10 shown").waitFor();
      await page.keyboard.press("e");
      await page.getByText(/^5,000 nodes, 9,900 edges; 100 cycles$/).waitFor();
      await page.keyboard.press("0");
      await page.waitForFunction(() => location.hash.includes("camera="));
      const camera = async () => (await address(page)).get("camera")!.split(",").map(Number);
      const [left, top, scale] = await camera();
      const { x, y, width, height } = (await canvas.boundingBox())!;
      const [middleX, middleY] = [x + width / 2, y + height / 2];
      await page.mouse.move(middleX, middleY);
      await page.mouse.down();
      for (let step = 1; step <= 100; step++) await page.mouse.move(middleX + step, middleY + step / 2);
      await page.mouse.up();
      const rests = (what: (camera: readonly number[]) => number, at: number, digits: number) =>
        expect.poll(async () => what(await camera()), { timeout: 20_000 }).toBeCloseTo(at, digits);
      await rests(([nowLeft]) => (left! - nowLeft!) * scale!, 100, -1);
      await rests(([, nowTop]) => (top! - nowTop!) * scale!, 50, -1);
      const inputs = Number(await canvas.getAttribute("data-inputs"));
      for (let step = 0; step < 60; step++) await page.mouse.wheel(0, -10);
      // Sixty steps of ten pixels are 600: two doublings.
      await rests(([, , nowScale]) => nowScale! / scale!, 4, 1);
      expect(Number(await canvas.getAttribute("data-inputs")) - inputs).toBe(60);
      await page.keyboard.press("c");
      await page.getByText("10 shown").waitFor();
      await page.close();
    });

    it("finds a node in a folded group and opens the group", async () => {
      const page = await open("large", "0");
      await page.getByText("10 shown").waitFor();
      await page.keyboard.press("/");
      await page.keyboard.type("node 4321");
      await page.getByText("1 found").waitFor();
      await page.keyboard.press("Enter");
      await page.locator(".node-facts h3", { hasText: "node 4321" }).waitFor();
      await page.getByText("509 shown").waitFor();
      await page.close();
    });

    it("shows the pass that changed something, with what it changed, and folds the idle one", async () => {
      const page = await open("small", "1");
      await page.getByText("two became 2").waitFor();
      expect(await page.locator("button.pass").allTextContents()).toEqual(["program", "rewrite"]);
      expect(await page.locator("tr.old .text, tr.new .text").allTextContents()).toEqual(["two", "2"]);
      await page.keyboard.press("u");
      await page.locator("button.pass.idle").waitFor();
      await page.keyboard.press("2");
      expect(await page.locator("tr.pair").count()).toBe(3);
      await page.close();
    });

    it("shows markup in a document as text, a document that is none as one fault, and goes on", async () => {
      const page = await open("small", "2");
      expect(await page.locator(".text-panel pre").textContent()).toBe(hostile);
      await page.keyboard.press("]");
      await page.locator(".fault", { hasText: "small/3.json: at $.nodes" }).or(page.locator(".fault")).waitFor();
      expect(await page.locator(".fault").textContent()).toContain("at $.nodes: ");
      await page.keyboard.press("]");
      await page.getByText("no panel for views of the kind poem").waitFor();
      expect(await page.title()).toContain("Millrace studio");
      await page.close();
    });

    it.each([400, 900, 1600])("fits a screen %i pixels wide, light and dark", async (width) => {
      const grounds = [];
      for (const colorScheme of ["light", "dark"] as const) {
        for (const view of ["0", "1"]) {
          const page = await open("small", view, "", { viewport: { width, height: 800 }, colorScheme });
          await page.locator("h2.title").waitFor();
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
          grounds.push(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
          await page.close();
        }
      }
      expect(new Set(grounds).size).toBe(2);
    });

    it("complained of nothing and asked for nothing", () => {
      expect(disk.troubles).toEqual([]);
    });
  },
);
