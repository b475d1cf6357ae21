import { DiagnosticError } from "@millrace/ir-text";
import fc from "fast-check";
import { expect, test } from "vitest";
import { connectBlocks, withoutBroadcasts } from "../../src/sam/connect-blocks.ts";
import { drawGraph } from "../../src/sam/draw/draw.ts";
import { readGraphviz } from "../../src/sam/graphviz/read-graphviz.ts";
import { printGraphviz } from "../../src/sam/graphviz/write-graphviz.ts";
import { printGraphJson, readGraphJson } from "../../src/sam/json/graph-json.ts";
import { portsOf } from "../../src/sam/ports.ts";
import { graphToTortilla } from "../../src/sam/tortilla/convert/from-graph.ts";
import { tortillaToGraph } from "../../src/sam/tortilla/convert/to-graph.ts";
import { decodeTortilla } from "../../src/sam/tortilla/decode.ts";
import { encodeTortilla } from "../../src/sam/tortilla/encode.ts";
import { validateGraph } from "../../src/sam/validate/validate.ts";
import { arbitraryGraph } from "../support/arbitrary-graph.ts";

test("any graph is written to Graphviz form and read back equal", () => {
  fc.assert(
    fc.property(arbitraryGraph, (graph) => {
      expect(readGraphviz({ name: "any.gv", text: printGraphviz(graph) }).graph).toEqual(graph);
    }),
    { seed: 1, numRuns: 500 },
  );
});

test("any graph is written to JSON and read back equal", () => {
  fc.assert(
    fc.property(arbitraryGraph, (graph) => {
      expect(readGraphJson({ name: "any.json", text: printGraphJson(graph) }).graph).toEqual(graph);
    }),
    { seed: 2, numRuns: 300 },
  );
});

test("any graph becomes bytes that decode to it again, or is refused with reasons", () => {
  fc.assert(
    fc.property(arbitraryGraph, fc.constantFrom("newest", "6daaa11", "45d1855" as const), (graph, version) => {
      try {
        const bytes = encodeTortilla(graphToTortilla(graph, version), version);
        const { message } = decodeTortilla(bytes, version);
        expect(encodeTortilla(message, version)).toEqual(bytes);
        tortillaToGraph(message);
      } catch (error) {
        expect(error).toBeInstanceOf(DiagnosticError);
      }
    }),
    { seed: 3, numRuns: 500 },
  );
});

test("any graph is validated and drawn without an exception", async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryGraph, async (graph) => {
      expect(Array.isArray(validateGraph(graph))).toBe(true);
      expect(await drawGraph(graph)).toContain("</svg>");
    }),
    { seed: 4, numRuns: 50 },
  );
});

test("taking broadcasts out and putting them in again keeps what is connected", () => {
  fc.assert(
    fc.property(arbitraryGraph, (graph) => {
      const { blocks, connections } = withoutBroadcasts(graph);
      const again = withoutBroadcasts(connectBlocks(blocks, connections));
      expect(again.blocks).toEqual(blocks);
      const ends = (list: typeof connections): string[] => list.map((each) => JSON.stringify(each)).toSorted();
      expect(ends(again.connections)).toEqual(ends(connections));
    }),
    { seed: 5, numRuns: 200 },
  );
});

test("ports of a block have different names on each side", () => {
  fc.assert(
    fc.property(arbitraryGraph, ({ blocks }) => {
      for (const block of blocks) {
        const { inputs, outputs } = portsOf(block);
        for (const side of [inputs, outputs]) expect(new Set(side.map(({ name }) => name)).size).toBe(side.length);
      }
    }),
    { seed: 6, numRuns: 200 },
  );
});
