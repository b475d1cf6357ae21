import { expect, it } from "vitest";
import { diagnosticsToJson } from "../../src/index.ts";
import { sourceOf, spanOf } from "../support/texts.ts";

it("a diagnostic becomes a plain value with every key, ends exclusive", () => {
  const source = sourceOf("ab\ncde\n");
  const json = diagnosticsToJson([
    {
      severity: "error",
      code: "order-mismatch",
      message: "wrong",
      span: spanOf(source, "de\n"),
      notes: [{ message: "declared", span: spanOf(source, "ab") }, { message: "by rule" }],
      help: "fix it",
    },
    { severity: "warning", code: "odd", message: "strange" },
  ]);
  const nowhere = { file: null, line: null, column: null, endLine: null, endColumn: null };
  expect(json).toEqual([
    {
      severity: "error",
      code: "order-mismatch",
      message: "wrong",
      file: "t",
      line: 2,
      column: 2,
      endLine: 3,
      endColumn: 1,
      notes: [
        { message: "declared", file: "t", line: 1, column: 1, endLine: 1, endColumn: 3 },
        { message: "by rule", ...nowhere },
      ],
      help: "fix it",
    },
    { severity: "warning", code: "odd", message: "strange", ...nowhere, notes: [], help: null },
  ]);
  expect(JSON.parse(JSON.stringify(json))).toEqual(json);
});
