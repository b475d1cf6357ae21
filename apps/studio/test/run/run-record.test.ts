import { describe, expect, it } from "vitest";
import { readRunList } from "../../src/run/run-list.ts";
import { readRunRecord, staysInside } from "../../src/run/run-record.ts";

const view = { id: "graph", kind: "graph", title: "Graph", file: "views/graph.json" };
const record = { format: "millrace-run-1", title: "SpMV", command: ["millrace"], version: "0.0.0", views: [view] };

describe("run.json", () => {
  it("is read as it was written", () => {
    expect(readRunRecord(record)).toEqual(record);
  });

  it.each([
    [{ ...record, format: "millrace-run-2" }, "run.json: at $.format: "],
    [{ ...record, views: [view, view] }, "two views have one id"],
    [{ ...record, views: [{ ...view, kind: 7 }] }, "at $.views[0].kind: "],
    [{ ...record, views: [{ ...view, file: "../secret" }] }, "at $.views[0].file: must be a file inside"],
    [{ ...record, views: [{ ...view, id: "" }] }, "at $.views[0].id: must not be empty"],
  ])("of another form is refused with the place (%#)", (document, message) => {
    expect(() => readRunRecord(document)).toThrow(message);
  });

  it.each(["", ".", "..", "a/../b", "/etc/passwd", "a//b", "a/", "C:/x", "a\\..\\b", "./a", "a\0b", "file:x"])(
    "names no file outside its folder: %j",
    (file) => expect(staysInside(file)).toBe(false),
  );

  it.each(["a", "a/b.json", "..a", "a..b/c", "ü/ß.json"])("may name the file %j", (file) => {
    expect(staysInside(file)).toBe(true);
  });
});

it("a list of runs checks the record of each", () => {
  const listed = { name: "out", record, stamps: ["1"] };
  expect(readRunList({ runs: [listed], broken: [] }).runs).toEqual([listed]);
  expect(() => readRunList({ runs: [{ ...listed, record: {} }], broken: [] })).toThrow("run.json: at $.format: ");
});
