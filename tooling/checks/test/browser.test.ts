import { chromiumProgram, launchChromium } from "@millrace/vitest/chromium";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundle, openPage } from "../src/browser.ts";
import { fencedBlocks } from "../src/markdown.ts";
import { libraries, readText } from "../src/workspace.ts";

/** What a page calls of a package's README example, `example`, and what that gives or prints. */
const calls: Readonly<Record<string, { readonly call?: string; readonly shows: string }>> = {
  "ir-text": {
    call: 'example.readSetting({ name: "a.conf", text: "lanes = 4" })',
    shows: '{"name":"lanes","value":4}',
  },
  tensor: {
    call: `example.squareOf("m.mtx", new TextEncoder().encode(
      "%%MatrixMarket matrix coordinate real symmetric\\n3 3 3\\n1 1 2\\n3 1 1\\n3 3 4\\n"))`,
    shows: "square: 5 6 6 17",
  },
  "sim-core": { shows: "13" },
  "model-import": {
    call: `example.readAndRun(
      'class GraphModule(torch.nn.Module):\\n    def forward(self, a: "f32[n, n]"):\\n        exp: "f32[n, n]" = torch.ops.aten.exp.default(a)\\n        return (exp,)\\n',
      { a: { dtype: "f32", shape: [1, 1], values: Float32Array.of(0) } })`,
    shows: "n is 1: 1",
  },
  "loop-ir": {
    // The README's example is for Node, which has a compiler and threads; nests and WebAssembly are for both.
    call: `(() => {
      const b = new library.NestBuilder("twice");
      const y = b.buffer("y", "f64", { access: "read-write", extent: 2 });
      b.for("i", 0, 2, (i) => b.store(y, i, b.multiply(b.load(y, i), b.f64(2))));
      const heap = new library.Heap();
      const array = heap.copy("f64", [3, 4]);
      library.compileWasm(b.finish(), heap).bind({ y: array }).run(0, 1);
      return [...array];
    })()`,
    shows: "[6,8]",
  },
  "fuseflow-sparse": { call: "example.product()", shows: "4231 cycles, 41647 tokens" },
  "step-ir": {
    call: `example.packAndMultiply({
      sources: {
        rows: library.encodeTokens(
          [5, 1, 8].map((count) => Array.from({ length: count }, () => new library.TileValue(1, 64, new Float64Array(64)))), 1),
      },
      tensors: { w: new Float64Array(64 * 64) },
    })`,
    shows: "= 81920 here",
  },
  "sparse-partitioner": { call: "example.addFour()", shows: "recounted: true" },
  "baco-tuner": { shows: "{tile: 64, unroll: 8" },
  "sieve-pim": { shows: "sieve" },
  "ember-dae": { shows: "Float32Array(12) 8 0 5" },
  "aspl-agent": { shows: "step.Accum(fn=add, b=1).apply(E0)" },
};

const inBrowsers = libraries.filter(({ path }) => path !== "packages/sweep");

describe.skipIf(chromiumProgram === undefined)(
  "in a browser (skipped where no Chromium is found; CHROME_PATH names one)",
  () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launchChromium();
    });
    afterAll(() => browser.close());

    it.each(inBrowsers)("$manifest.name runs its README's example", async ({ path, manifest }) => {
      const { call = "null", shows } = calls[path.slice("packages/".length)] ?? { shows: "" };
      const [example = ""] = fencedBlocks(readText(`${path}/README.md`), "ts");
      const forNode = /declare const process/.test(example);
      const script = await bundle({
        "example.ts": forNode ? "export {};" : example,
        "main.ts": `
        import * as example from "./example.ts";
        import * as library from "${manifest.name}";
        globalThis.given = Promise.resolve().then(() => ${call});
        globalThis.used = [example, library].length;`,
      });
      const page = await openPage(browser);
      const seen: string[] = [];
      page.on("console", (message) => void seen.push(message.text()));
      page.on("pageerror", (fault) => void seen.push(String(fault)));
      await page.addScriptTag({ type: "module", content: script });
      // A module runs some time after its element is there.
      await page.waitForFunction("globalThis.given !== undefined");
      seen.push(JSON.stringify(await page.evaluate("given")));
      await page.close();
      expect(seen.join("\n")).toContain(shows);
      expect(shows).not.toBe("");
    });
  },
);

it("a bundle that asks for Node is refused", async () => {
  const files = { "main.ts": 'import { readFileSync } from "node:fs";\nconsole.log(readFileSync);' };
  await expect(bundle(files)).rejects.toThrow(/node:fs, which no browser has/);
});
