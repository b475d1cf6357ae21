/** What a wrong pipeline is told: each file of test/data/pipelines/mistakes has mistakes, and the text of all of them, exactly. */
import { readdirSync, readFileSync } from "node:fs";
import { DiagnosticError, renderDiagnostics } from "@millrace/ir-text";
import { describe, expect, test } from "vitest";
import { loadPipeline } from "../../src/pipeline/read/load-pipeline.ts";

const folder = new URL("../data/pipelines/mistakes", import.meta.url).pathname;
const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));

/** The texts of all faults of a file, or of settings for a right one. */
function faults(file: string, set: readonly string[] = []): string {
  try {
    loadPipeline(folder, file, { set, seed: 0 });
  } catch (error) {
    if (error instanceof DiagnosticError) return `${renderDiagnostics(error.diagnostics)}\n`;
    throw error;
  }
  return "";
}

describe("mistakes in a pipeline", () => {
  test.each(files)("%s is told all of them at once", async (file) => {
    await expect(faults(file)).toMatchFileSnapshot(`../data/pipelines/mistakes/${file.replace(".yaml", ".expect")}`);
  });
});

describe("mistakes in --set", () => {
  test("are told with their place in what was typed, all at once", async () => {
    const set = [
      "tune.budget",
      "tuen.budget=4",
      "tune.budgte=4",
      "tune.budget=many",
      "tune.lanes=2",
      "tune.lanes=4",
      "import.model=nowhere.pt2",
      "fuse.survivors={",
    ];
    await expect(faults("../right.yaml", set)).toMatchFileSnapshot("../data/pipelines/mistakes/set.expect");
  });

  test("a right one takes the place of what the pipeline says", () => {
    const { stages } = loadPipeline(folder, "../right.yaml", { set: ["tune.budget=4"], seed: 7 });
    const tune = stages.find(({ name }) => name === "tune");
    expect(tune?.options).toEqual({ orders: 4, lanes: 8, block: 8, budget: 4, seed: 7 });
  });
});

test("every mistake is in the files once", () => {
  expect(files.length).toBeGreaterThanOrEqual(12);
  const texts = files.map((file) => readFileSync(`${folder}/${file.replace(".yaml", ".expect")}`, "utf8")).join("");
  expect(texts.match(/error:/g)?.length).toBeGreaterThanOrEqual(30);
});
