/** The studio as a user meets it: `millrace studio` started as a program, its page opened in a real browser. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Counter, RunRecord, StudyView } from "@millrace/studio";
import { chromiumProgram, launchChromium } from "@millrace/vitest/chromium";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { manyEvaluations } from "../src/studio-documents.ts";
import { repository } from "../src/workspace.ts";

type Views = Readonly<Record<string, readonly [kind: string, document: unknown]>>;

/** Writes a run as a command leaves it; again, in place of what was there. */
function keep(folder: string, name: string, views: Views): void {
  const record: RunRecord = {
    ...{ format: "millrace-run-1", title: `run ${name}`, command: ["millrace", name], version: "0" },
    views: Object.entries(views).map(([id, [kind]]) => ({ id, kind, title: `${id} of ${name}`, file: `${id}.json` })),
  };
  mkdirSync(join(folder, name), { recursive: true });
  for (const [id, [, document]] of Object.entries(views))
    writeFileSync(join(folder, name, `${id}.json`), JSON.stringify(document));
  writeFileSync(join(folder, name, "run.json"), JSON.stringify(record));
}

const counters = (cycles: number): readonly Counter[] => [
  { name: "cycles", unit: "cycles", value: cycles },
  { name: "busy", unit: "cycles", value: 40, owner: "adder" },
];
const studyOf = (count: number): readonly [string, StudyView] => ["study", manyEvaluations(count, 1)];

describe.skipIf(chromiumProgram === undefined)(
  "millrace studio in a browser (skipped where no Chromium is found; CHROME_PATH names one)",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "millrace-live-"));
    let server: ChildProcess;
    let url: URL;
    let browser: Browser;
    let page: Page;

    beforeAll(async () => {
      const program = join(repository, "apps", "millrace", "bin", "millrace.js");
      server = spawn(process.execPath, [program, "studio"], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
      let said = "";
      for await (const piece of server.stderr!.setEncoding("utf8")) {
        said += piece;
        if (said.includes("\n")) break;
      }
      url = new URL(/http:\S+/.exec(said)![0]);
      browser = await launchChromium("--host-resolver-rules=MAP evil.test 127.0.0.1");
      page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
    }, 60_000);
    afterAll(async () => {
      await browser.close();
      server.kill("SIGKILL");
      rmSync(folder, { recursive: true });
    });

    const heading = (name: string) => page.getByRole("heading", { name, exact: true }).waitFor();

    it("gives nothing away without the token, nor to a page that renamed itself to this machine", async () => {
      const elsewhere = await browser.newPage();
      const wrong = `/${"0".repeat(32)}/`;
      for (const path of ["/", "/runs.json", wrong, `${wrong}runs.json`]) {
        const answer = await elsewhere.goto(new URL(path, url).href);
        expect([answer!.status(), await answer!.text()]).toEqual([404, "there is nothing here\n"]);
      }
      const renamed = await elsewhere.goto(`http://evil.test:${url.port}${url.pathname}runs.json`);
      expect([renamed!.status(), await renamed!.text()]).toEqual([421, "this is not that host\n"]);
      await elsewhere.goto("about:blank");
      const read = await elsewhere.evaluate(
        (address) =>
          fetch(address).then(
            () => "read",
            () => "refused",
          ),
        `${url.href}runs.json`,
      );
      expect(read).toBe("refused");
      await elsewhere.close();
    });

    it("says how a run comes about where there is none, and shows one as soon as it is there", async () => {
      await page.goto(url.href);
      await page.getByText("There is no run here yet").waitFor();
      keep(folder, "a", { study: studyOf(40), counters: ["counters", counters(100)] });
      await heading("study of a");
      await page.getByText("All 40 evaluations, best first").waitFor();
    });

    it("follows a run that grows and gains views, and keeps what was chosen", async () => {
      await page.keyboard.press("b");
      const best = await page.locator(".chosen-evaluation h3").textContent();
      keep(folder, "a", {
        study: studyOf(64),
        counters: ["counters", counters(100)],
        words: ["text", { text: "it ended" }],
      });
      await page.getByText("All 64 evaluations, best first").waitFor();
      await page.getByRole("link", { name: "words of a" }).waitFor();
      expect(await page.locator(".chosen-evaluation h3").textContent()).toBe(best);
    });

    it("goes through views and runs by keys alone", async () => {
      keep(folder, "b", { counters: ["counters", counters(150)] });
      await page.getByRole("link", { name: "run b" }).waitFor();
      for (const [key, title] of [
        ["]", "counters of a"],
        ["]", "words of a"],
        ["[", "counters of a"],
        ["}", "counters of b"],
        ["{", "study of a"],
        ["]", "counters of a"],
      ] as const) {
        await page.keyboard.press(key);
        await heading(title);
      }
    });

    it("holds the counters of one run against those of another", async () => {
      await page.getByLabel("compare with").selectOption({ label: "counters of b (b)" });
      const row = page.locator("tr", { hasText: "cycles" }).filter({ hasText: "150" }).first();
      await row.waitFor();
      expect(await row.textContent()).toBe("the runcycles100150cycles0.6667x");
    });

    it("tells what is damaged, where, and goes on once it is whole", async () => {
      writeFileSync(join(folder, "b", "counters.json"), '[{"name":');
      await page.keyboard.press("}");
      await page.locator("main .fault", { hasText: "b/counters.json" }).waitFor();
      writeFileSync(join(folder, "b", "counters.json"), JSON.stringify(counters(7)));
      await page.locator(".counters", { hasText: "cycles" }).waitFor();
      writeFileSync(join(folder, "b", "run.json"), '{ "format": "millrace-run-0" }');
      await page.locator(".runs .broken", { hasText: "b/run.json: at $.format: this is" }).waitFor();
      await heading("counters of a");
    });

    it("keeps what it showed when the server ends, and says so", async () => {
      server.kill("SIGINT");
      await once(server, "exit");
      await page.getByRole("status").filter({ hasText: "The server does not answer" }).waitFor();
      await heading("counters of a");
    });
  },
);
