import { renderDiagnostics } from "@millrace/ir-text";
import { describe, expect, test } from "vitest";
import { readGraphviz } from "../../../src/sam/graphviz/read-graphviz.ts";
import { printGraphviz } from "../../../src/sam/graphviz/write-graphviz.ts";
import { printGraphJson, readGraphJson } from "../../../src/sam/json/graph-json.ts";
import { validateGraph } from "../../../src/sam/validate/validate.ts";
import { graphFiles, readText } from "../../support/graph-files.ts";

const files = ["sam", "custard"].flatMap((folder) =>
  graphFiles(`graphviz/${folder}`, ".gv").map((name) => `graphviz/${folder}/${name}.gv`),
);

test("all graphs of the SAM repository and of Custard are here", () => {
  expect(files).toHaveLength(62);
});

describe.each(files)("%s", (file) => {
  const { graph, places } = readGraphviz({ name: file, text: readText(file) });

  test("is written back to a file of the equal graph", () => {
    const written = printGraphviz(graph);
    expect(readGraphviz({ name: "written.gv", text: written }).graph).toEqual(graph);
  });

  test("has the place of every block of its own and of every edge", () => {
    const made = (id: string): boolean => id.startsWith("root-") || id.startsWith("broadcast-");
    for (const { id } of graph.blocks) expect(places.blocks.has(id) || made(id)).toBe(true);
    for (const { id, from } of graph.edges) expect(places.edges.has(id) || made(from.block)).toBe(true);
  });

  test("has a JSON form of the equal graph", () => {
    expect(readGraphJson({ name: "graph.json", text: printGraphJson(graph) }).graph).toEqual(graph);
  });
});

test("the malformed ones are refused, each with its reason; the others have no error", async () => {
  const report = files.map((file) => {
    const { graph, places } = readGraphviz({ name: file, text: readText(file) });
    const faults = validateGraph(graph, places).map(({ severity, code }) =>
      severity === "warning" ? `(${code})` : code,
    );
    return `${file.slice("graphviz/".length)}: ${faults.join(" ") || "ok"}\n`;
  });
  await expect(report.join("")).toMatchFileSnapshot("faults.expect");
});

test("reasons are shown in the file, with what to do", async () => {
  const shown = [
    "custard/mat_vecmul_ji",
    "custard/mat_vecmul_ij",
    "custard/matmul_ikj",
    "sam/onyx-dot__matmul_ikj",
  ].map((name) => {
    const file = `graphviz/${name}.gv`;
    const { graph, places } = readGraphviz({ name: `${name}.gv`, text: readText(file) });
    return renderDiagnostics(validateGraph(graph, places));
  });
  await expect(shown.join("\n")).toMatchFileSnapshot("reasons.expect");
});
