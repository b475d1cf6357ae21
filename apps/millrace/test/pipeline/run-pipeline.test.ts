/** What runs, what is taken from the cache, and that neither order, threads nor interruptions change a byte. */
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folderWith, testData } from "../support/folder.ts";
import { millrace, type RunSettings } from "../support/recording-host.ts";

const right = readFileSync(`${testData}/pipelines/right.yaml`, "utf8");

/** Runs the pipeline of a folder; the document and how many stages were cached. */
async function run(folder: string, words: readonly string[] = [], settings: RunSettings = {}) {
  const { status, stdout, stderr } = await millrace(["run", "right.yaml", "--out", "out", "--json", ...words], {
    folder,
    ...settings,
  });
  return { status, stderr, document: stdout === "" ? undefined : JSON.parse(stdout) };
}

/** The states of a plan by stage, and why. */
async function plan(folder: string, words: readonly string[] = []) {
  const { document } = await run(folder, ["--dry-run", ...words]);
  return Object.fromEntries(
    document.stages.map((stage: { name: string; state: string; why: string }) => [
      stage.name,
      `${stage.state}: ${stage.why}`,
    ]),
  );
}

/** Every file of a run but the work that is under way. */
function bytesOf(folder: string): Record<string, string> {
  const files = readdirSync(join(folder, "out"), { recursive: true, withFileTypes: true }).filter((file) =>
    file.isFile(),
  );
  const names = files.map((file) => join(file.parentPath, file.name)).sort();
  return Object.fromEntries(names.map((name) => [name.slice(folder.length), readFileSync(name, "utf8")]));
}

describe("a pipeline", () => {
  test("checks every stage, runs none again, and says why one runs", async () => {
    const folder = folderWith({ "right.yaml": right });
    expect(await plan(folder)).toEqual({
      import: "runs: it has not run here",
      tune: "waits: takes from import, which runs first",
      fuse: "waits: takes from import, which runs first",
      simulate: "waits: takes from import, fuse and tune, which run first",
    });
    const first = await run(folder);
    expect(first.status).toBe(0);
    expect(first.document.cached).toBe(0);
    for (const { name, check } of first.document.stages) {
      if (name !== "import")
        expect(check).toMatchObject({ differing: 0, compared: expect.toSatisfy((count) => count > 0) });
    }
    expect(readdirSync(join(folder, "out")).sort()).toEqual([
      "cache",
      "ingredients.json",
      "pipeline.json",
      "report.html",
      "run.json",
      "views",
    ]);

    const again = await run(folder);
    expect(again.document).toEqual({ ...first.document, cached: 4 });

    const set = ["--set", "tune.budget=4"];
    expect(await plan(folder, set)).toEqual({
      import: "cached: nothing that it depends on changed",
      tune: "runs: budget was 3, is 4",
      fuse: "cached: nothing that it depends on changed",
      simulate: "waits: takes from tune, which runs first",
    });
    expect((await run(folder, set)).document.cached).toBe(2);
    // The results of before are still there.
    expect((await run(folder)).document.cached).toBe(4);
    expect((await plan(folder, ["--fresh"])).import).toBe("runs: --fresh leaves earlier results aside");

    const ingredients = join(folder, "out/ingredients.json");
    const other = readFileSync(ingredients, "utf8").replaceAll(/("tensor": "[^"+]*\+)\w*/g, "$1otherone");
    rmSync(join(folder, "out/cache"), { recursive: true });
    writeFileSync(ingredients, other);
    expect((await plan(folder)).import).toBe("runs: the code of tensor changed");
  });

  test("does not believe a result that was damaged", async () => {
    const folder = folderWith({ "right.yaml": right });
    const { document } = await run(folder);
    const before = bytesOf(folder);
    for (const [name, text] of Object.entries(before)) {
      if (name.includes("/cache/") && text.includes('"designs"'))
        writeFileSync(join(folder, name), text.replace('"cycles":', '"cycles":1'));
    }
    expect((await plan(folder)).simulate).toBe("runs: its result was damaged on the disk");
    expect((await run(folder)).document).toEqual({ ...document, cached: 3 });
    expect(bytesOf(folder)).toEqual(before);
  });

  test("runs a stage again when a file that it reads changed, and those behind it only if its result did", async () => {
    const folder = folderWith({ "right.yaml": right });
    cpSync(`${testData}/../../../../examples/data/karate.mtx`, join(folder, "A.mtx"));
    const set = [
      "--set",
      "import.operands={A: A.mtx}",
      "--set",
      "import.model=gcn:nodes=34,features=6,hidden=4,classes=2",
    ];
    const { status, stderr } = await run(folder, set);
    expect(stderr).toBe("");
    expect(status).toBe(0);
    const text = readFileSync(join(folder, "A.mtx"), "utf8");
    writeFileSync(join(folder, "A.mtx"), text.replace("\n", "\n% another comment\n"));
    const changed = await plan(folder, set);
    expect(changed.import).toBe("runs: the file A.mtx changed");
    // The comment is no entry: what the model gives is the same.
    expect((await run(folder, set)).document.cached).toBe(3);
  });

  test("goes on after an interruption, with the bytes of a run without one", async () => {
    const whole = folderWith({ "right.yaml": right });
    const { document } = await run(whole);
    const folder = folderWith({ "right.yaml": right });
    let interruptions = 0;
    for (let looks = 0; ; looks += 1) {
      let left = looks;
      const { status, document: found } = await run(folder, [], { stopRequested: () => left-- <= 0 });
      if (status === 0) {
        expect(found).toEqual({ ...document, cached: found.cached });
        break;
      }
      expect(status).toBe(130);
      interruptions += 1;
    }
    expect(interruptions).toBeGreaterThan(2);
    expect(bytesOf(folder)).toEqual(bytesOf(whole));
  });

  test("is refused as a whole before anything runs", async () => {
    const folder = folderWith({ "right.yaml": right });
    const { status, stderr } = await run(folder, ["--set", "simulate.memory=drum"]);
    expect(status).toBe(2);
    expect(stderr).toContain("must be none, hbm-burst or dram:PRESET");
    expect(readdirSync(folder)).toEqual(["right.yaml"]);
  });

  test("says which stage refused what it was given", async () => {
    const folder = folderWith({ "right.yaml": right });
    const { status, stderr } = await run(folder, ["--set", "import.operands={A: 'random:3x3'}"]);
    expect(status).toBe(2);
    expect(stderr).toBe("error: A is 12 x 12 in the model, but 3 x 3 as given\n  note: in stage import\n");
  });
});
