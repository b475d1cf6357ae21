import { DiagnosticError } from "@millrace/ir-text";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readGraphviz } from "../../../src/sam/graphviz/read-graphviz.ts";
import { printGraphJson, readGraphJson } from "../../../src/sam/json/graph-json.ts";
import { validateGraph } from "../../../src/sam/validate/validate.ts";
import { messageOf, readText } from "../../support/graph-files.ts";

const read = (text: string) => readGraphJson({ name: "graph.json", text });
const whole = printGraphJson(readGraphviz({ name: "g", text: readText("graphviz/custard/mat_vecmul_ij.gv") }).graph);

test("faults of shape are shown where they stand", () => {
  const text = `{
  "name": "x",
  "tensors": {"B": {"levels": ["sparse"], "modeOrder": [0]}},
  "blocks": [
    {"id": "a", "type": "scanner", "tensor": "B", "level": -1, "index": "i", "format": "dense"},
    {"id": "b", "type": "alu", "operation": "mul", "ways": 3},
    {"id": "c", "type": "nothing"},
    {"id": "bad\\\\", "type": "reduce", "operation": "add"}
  ],
  "edges": []
}
`;
  expect(messageOf(() => read(text))).toMatchInlineSnapshot(`
    "graph.json:3:32: error: tensors.B.levels[0]: expected ("dense" | "compressed" | "bitvector"), found "sparse"
      3 |   "tensors": {"B": {"levels": ["sparse"], "modeOrder": [0]}},
        |                                ^^^^^^^^
    graph.json:5:60: error: blocks[0].level: expected >=0, found -1
      5 |     {"id": "a", "type": "scanner", "tensor": "B", "level": -1, "index": "i", "format": "dense"},
        |                                                            ^^
    graph.json:6:60: error: blocks[1].ways: there is no such key
      6 |     {"id": "b", "type": "alu", "operation": "mul", "ways": 3},
        |                                                            ^
    graph.json:7:25: error: blocks[2].type: expected ("root" | "scanner" | "intersect" | "union" | "locate" | "repsiggen" | "repeat" | "array" | "alu" | "unary" | "reduce" | "spacc" | "crdhold" | "crddrop" | "val-drop" | "stop-drop" | "empty-fiber-drop" | "gen-ref" | "pack-bits" | "split" | "mask" | "broadcast" | "fork" | "join" | "write-level" | "write-values"), found "nothing"
      7 |     {"id": "c", "type": "nothing"},
        |                         ^^^^^^^^^
    graph.json:8:12: error: blocks[3].id: a text without quotes, backslashes and control characters
      8 |     {"id": "bad\\\\", "type": "reduce", "operation": "add"}
        |            ^^^^^^^
    "
  `);
});

test("faults of the graph are shown at the block or edge", () => {
  const { graph, places } = read(whole.replace('"type":"array","tensor":"B"', '"type":"array","tensor":"C"'));
  const [fault] = validateGraph(graph, places);
  expect(fault?.code).toBe("tensor-missing");
  expect(fault?.span?.source.text.slice(fault.span.start, fault.span.end)).toContain('"tensor":"C"');
});

test("text that is not JSON is shown where it breaks off", () => {
  const place = (text: string): string | undefined => messageOf(() => read(text)).split("\n")[0];
  expect(place('{"name": x}')).toBe("graph.json:1:10: error: not JSON: expected a value");
  expect(place('{"name": 1,}')).toBe("graph.json:1:12: error: not JSON: expected a key");
  expect(place('{"a": [1 2]}')).toBe("graph.json:1:10: error: not JSON: expected ',' or ']'");
  expect(place('{"a": [], "b": {}, "c": "x\ty"}')).toBe("graph.json:1:25: error: not JSON: expected a value");
  expect(place("{} {}")).toBe("graph.json:1:4: error: not JSON: expected the end");
  expect(place("")).toBe("graph.json:1:1: error: not JSON: expected a value, found the end of the text");
  expect(place("[".repeat(100_000))).toContain("expected a value or ']', found the end of the text");
});

test("changed JSON gives a graph or diagnostics", () => {
  fc.assert(
    fc.property(
      fc.nat(whole.length),
      fc.constantFrom("", "0", '"', "]", "null", "1e99", ","),
      fc.nat(12),
      (at, insert, remove) => {
        try {
          const { graph, places } = read(whole.slice(0, at) + insert + whole.slice(at + remove));
          validateGraph(graph, places);
        } catch (error) {
          expect(error).toBeInstanceOf(DiagnosticError);
        }
      },
    ),
    { seed: 1, numRuns: 500 },
  );
});
