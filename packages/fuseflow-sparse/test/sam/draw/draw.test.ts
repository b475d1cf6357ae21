import { expect, test } from "vitest";
import { drawGraph } from "../../../src/sam/draw/draw.ts";
import { printMermaid } from "../../../src/sam/draw/mermaid.ts";
import { pictureDot } from "../../../src/sam/draw/picture.ts";
import type { SamBlock, SamGraph } from "../../../src/sam/graph.ts";
import { readGraphviz } from "../../../src/sam/graphviz/read-graphviz.ts";
import { tortillaToGraph } from "../../../src/sam/tortilla/convert/to-graph.ts";
import { decodeTortilla } from "../../../src/sam/tortilla/decode.ts";
import { readBytes, readText } from "../../support/graph-files.ts";

const small = readGraphviz({ name: "g", text: readText("graphviz/custard/mat_vecmul_ij.gv") }).graph;
const large = tortillaToGraph(decodeTortilla(readBytes("tortilla/compiler/attn_32x8b4__f_full.bin")).message);
const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;

test("a picture has a node for every block and a line for every edge", async () => {
  for (const graph of [small, large]) {
    const svg = await drawGraph(graph);
    expect(count(svg, /<g id="node\d+"/g)).toBe(graph.blocks.length);
    expect(count(svg, /<g id="edge\d+"/g)).toBe(graph.edges.length);
  }
});

test("a picture has no background, so that the page's own shows", async () => {
  expect(await drawGraph(small)).not.toMatch(/<polygon fill="white"/);
});

test("the same graph gives the same picture", async () => {
  expect(await drawGraph(large)).toBe(await drawGraph(large));
});

test("activity is drawn as a bar whose parts are in proportion", () => {
  const activity = new Map([["6", { busy: 0.5, starved: 0.25, blocked: 0 }]]);
  const dot = pictureDot(small, { activity });
  expect([...dot.matchAll(/WIDTH="(\d+)"[^>]*BGCOLOR="(#\w+)"/g)].map(([, width, colour]) => [width, colour])).toEqual([
    ["36", "#2f8f4e"],
    ["18", "#d9a21b"],
    ["18", "#ffffff"],
  ]);
});

test("names of any characters neither break the picture nor the page", async () => {
  const label = '<script>"&\\\n\u0001';
  const blocks: SamBlock[] = [
    { id: label, type: "root", tensor: label },
    { id: "b", type: "scanner", tensor: label, level: 0, index: "]; }", format: "dense" },
  ];
  const edges: SamGraph["edges"] = [
    { id: label, kind: "ref", from: { block: label, port: "ref" }, to: { block: "b", port: "ref" } },
  ];
  const graph: SamGraph = { name: label, tensors: {}, blocks, edges };
  const activity = new Map([[label, { busy: 1, starved: 1, blocked: Number.NaN }]]);
  for (const svg of [await drawGraph(graph), await drawGraph(graph, { activity })]) {
    expect(svg).not.toContain("<script");
    expect(count(svg, /<g id="node\d+"/g)).toBe(2);
  }
  expect(printMermaid(graph)).not.toContain("<script");
});

test("a picture beyond what anyone reads is refused", async () => {
  const blocks = Array.from({ length: 2001 }, (_, k): SamBlock => ({ id: `b${k}`, type: "root", tensor: "" }));
  await expect(drawGraph({ name: "", tensors: {}, blocks, edges: [] })).rejects.toThrow("2001 blocks is not drawn");
});

test("a flowchart names blocks, streams and families", async () => {
  await expect(printMermaid(small)).toMatchFileSnapshot("mat_vecmul_ij.mermaid.expect");
});
