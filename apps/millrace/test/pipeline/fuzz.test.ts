import { DiagnosticBag, renderDiagnostics } from "@millrace/ir-text";
import { array, check, constantFrom, property, string } from "fast-check";
import { expect, test } from "vitest";
import { checkPipeline } from "../../src/pipeline/read/check-pipeline.ts";
import { readOverrides } from "../../src/pipeline/read/overrides.ts";
import { readPipeline } from "../../src/pipeline/read/read-pipeline.ts";
import { folderWith } from "../support/folder.ts";

/** Pieces of pipelines, right and wrong, that a text is put together from. */
const piece = constantFrom(
  ...[
    "stages:",
    "\n",
    "  ",
    "    ",
    "a: ",
    "b: ",
    "kind: ",
    "from: ",
    "choose-fusion",
    "import-sparse-model",
    "model: ",
    "gcn",
    "{",
    "}",
    "[",
    "]",
  ],
  ...[
    "&x ",
    "*x",
    "!!set ",
    "? ",
    "- ",
    "|",
    ">",
    "'",
    '"',
    "#",
    ",",
    ": ",
    "<<: ",
    "null",
    "1e999",
    "budget: ",
    "operands: ",
    "random:3x3",
    "memory: dram:",
  ],
);

test("any text is read and checked, with faults whose places lie in it, or without any", () => {
  const folder = folderWith();
  const total = (text: string, set: readonly string[]): void => {
    const bag = new DiagnosticBag();
    const source = { name: "any.yaml", text };
    const stages = checkPipeline(readPipeline(source, folder, bag), readOverrides(set, folder, bag), {
      folder,
      bag,
      seed: 0,
    });
    expect(Array.isArray(stages)).toBe(true);
    for (const { span } of bag.diagnostics) {
      if (span === undefined) continue;
      expect(span.start).toBeGreaterThanOrEqual(0);
      expect(span.end).toBeLessThanOrEqual(span.source.text.length);
    }
    expect(renderDiagnostics(bag.diagnostics)).not.toContain("undefined");
  };
  const texts = array(piece, { maxLength: 40 }).map((pieces) => `stages:\n  a:\n    ${pieces.join("")}`);
  const pieces = check(property(texts, array(string({ maxLength: 12 }), { maxLength: 2 }), total), {
    seed: 7,
    numRuns: 150,
  });
  expect(pieces.errorInstance ?? null).toBeNull();
  const random = check(
    property(
      string({ unit: "binary", maxLength: 60 }),
      array(
        string().map((value) => `a.model=${value}`),
        { maxLength: 2 },
      ),
      total,
    ),
    { seed: 8, numRuns: 80 },
  );
  expect(random.errorInstance ?? null).toBeNull();
});
