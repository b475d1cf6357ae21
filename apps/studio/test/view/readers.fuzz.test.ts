import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StudioError } from "../../src/errors.ts";
import { panels } from "../../src/panels.ts";
import { parseJson } from "../../src/read/checked.ts";
import { readRunList } from "../../src/run/run-list.ts";
import { readRunRecord } from "../../src/run/run-record.ts";
import { readIsland } from "../../src/source/island.ts";
import { readGraphView } from "../../src/view/graph.ts";
import { readPassesView } from "../../src/view/passes.ts";
import { readTextView } from "../../src/view/text.ts";

const json = (read: (document: unknown) => unknown) => (bytes: Uint8Array) => read(parseJson(bytes, "x"));

const readers: readonly (readonly [string, (bytes: Uint8Array) => unknown])[] = [
  ["run.json", json(readRunRecord)],
  ["list of runs", json(readRunList)],
  ["island", readIsland],
  ["graph", json(readGraphView)],
  ["passes", json(readPassesView)],
  ["text", json(readTextView)],
  ...Object.entries(panels).map(([kind, panel]) => [kind, (bytes: Uint8Array) => panel.read(bytes, "x")] as const),
];

// Names that documents use, so that random documents get past the first check.
const name = fc.constantFrom(
  ...["runs", "broken", "record", "stamps", "views", "format", "title", "command", "version", "id", "kind", "file"],
  ...["list", "files", "nodes", "edges", "from", "to", "label", "group", "counters", "cycles", "stages", "changed"],
  ...["columns", "rows", "name", "unit", "text", "language", "__proto__", "constructor"],
  ...["parameters", "objectives", "outcomes", "evaluations", "config", "values", "outcome", "axes", "points"],
  ...[
    "goal",
    "least",
    "most",
    "cells",
    "owners",
    "work",
    "bound",
    "scale",
    "devices",
    "experts",
    "expert",
    "value",
    "owner",
  ],
);
const document = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: "medium" },
    fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null), fc.constant("millrace-run-1")),
    fc.array(tie("any"), { maxLength: 4 }),
    fc.array(fc.tuple(name, tie("any")), { maxLength: 6 }).map((entries) => Object.fromEntries(entries)),
  ),
})).any;

function readOrRefused(read: (bytes: Uint8Array) => unknown, bytes: Uint8Array): void {
  try {
    expect(read(bytes)).toBeDefined();
  } catch (error) {
    expect(error).toBeInstanceOf(StudioError);
    expect((error as StudioError).message).not.toBe("");
  }
}

describe.each(readers)("the reader of %s", (_, read) => {
  it("reads or refuses any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => readOrRefused(read, bytes)),
      { seed: 11, numRuns: 200 },
    );
  });

  it("reads or refuses any JSON document", () => {
    fc.assert(
      fc.property(document, (value) => readOrRefused(read, new TextEncoder().encode(JSON.stringify(value)))),
      { seed: 12, numRuns: 500 },
    );
  });
});
