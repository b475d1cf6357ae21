import { describe, expect, it } from "vitest";
import { readGraphView } from "../../src/view/graph.ts";
import { readPassesView } from "../../src/view/passes.ts";
import { readTableView } from "../../src/view/table.ts";
import { readTextView } from "../../src/view/text.ts";

const node = (id: string) => ({ id, label: id, kind: "alu" });

describe("a graph", () => {
  it("keeps what is known, and drops what it does not know", () => {
    const graph = { cycles: 9, nodes: [{ ...node("a"), group: "x/y", counters: { busy: 3 } }], edges: [] };
    expect(readGraphView({ ...graph, more: 1 })).toEqual(graph);
  });

  it("may have cycles, and edges of a node to itself", () => {
    const edges = [
      { from: "a", to: "b" },
      { from: "b", to: "a" },
      { from: "b", to: "b" },
    ];
    expect(readGraphView({ nodes: [node("a"), node("b")], edges }).edges).toEqual(edges);
  });

  it.each([
    [{ nodes: [node("a"), { ...node("b"), label: 7 }], edges: [] }, "at $.nodes[1].label: "],
    [{ nodes: [node("a"), node("a")], edges: [] }, 'two nodes have the id "a"'],
    [{ nodes: [node("a")], edges: [{ from: "a", to: "c" }] }, 'edge 0 names "c", which is no node'],
    [{ nodes: [{ ...node("a"), counters: { busy: Number.NaN } }], edges: [] }, "at $.nodes[0].counters.busy: "],
    [[], "graph: at $"],
  ])("of another form is refused with the place (%#)", (document, message) => {
    expect(() => readGraphView(document)).toThrow(message);
  });
});

describe("other views", () => {
  it("a table needs as many cells as columns", () => {
    const columns = [{ name: "a" }, { name: "b", unit: "ns" }];
    expect(readTableView({ columns, rows: [["x", 1]] }).rows).toEqual([["x", 1]]);
    expect(() => readTableView({ columns, rows: [["x", 1], ["x"]] })).toThrow("row 1 has 1 cells under 2 columns");
    expect(() => readTableView({ columns, rows: [["x", {}]] })).toThrow("at $.rows[0][1]: expected a text, a number");
  });

  it("passes check the graphs in them", () => {
    const graph = { nodes: [node("a")], edges: [{ from: "b", to: "a" }] };
    expect(() => readPassesView({ stages: [{ name: "in", changed: true, graph }] })).toThrow(
      'at $.stages[0].graph: edge 0 names "b"',
    );
    expect(readPassesView({ stages: [{ name: "in", changed: false, text: "x" }] }).stages).toHaveLength(1);
  });

  it("a text is a text", () => {
    expect(readTextView({ text: "a", language: "c" })).toEqual({ text: "a", language: "c" });
    expect(() => readTextView({ text: null })).toThrow("text: at $.text: ");
  });
});
