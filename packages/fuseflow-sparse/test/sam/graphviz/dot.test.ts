import { DiagnosticError } from "@millrace/ir-text";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readGraphviz } from "../../../src/sam/graphviz/read-graphviz.ts";
import { validateGraph } from "../../../src/sam/validate/validate.ts";
import { messageOf, readText } from "../../support/graph-files.ts";

const read = (text: string) => readGraphviz({ name: "graph.gv", text });

describe("DOT syntax", () => {
  test("comments, defaults, chains, subgraphs, joined and quoted strings, numbers and keywords in any case are read", () => {
    const { graph, places } = read(`
      // a whole file
      strict DiGraph "my \\"graph\\"" {
        # preprocessor line
        comment = "B=" + "s0,x=s0"; /* over
        lines */
        Node [type=fiberlookup, format=compressed]
        subgraph cluster_0 { label=inner; 1.5 [tensor=B mode=0 index=i root] }
        edge [type=ref]
        -2 [type="arrayvals"; tensor=B]
        w [type=fiberwrite mode=vals tensor=x] ; c [type=fiberwrite tensor=x mode=0 index=i]
        1.5:e -> -2:p:w
        -2 -> w [type=val]
        1.5 -> c [type=crd]
      }`);
    expect(graph.name).toBe('my "graph"');
    expect(graph.blocks.map(({ id, type }) => `${id} ${type}`)).toEqual([
      "1.5 scanner",
      "-2 array",
      "w write-values",
      "c write-level",
      "root-1.5 root",
    ]);
    expect(validateGraph(graph, places)).toEqual([]);
  });

  test("an output with several users gets a broadcast", () => {
    const { graph } = read(`digraph { comment="x=s0"
      a [type=repsiggen] b [type=repeat tensor=x] c [type=repeat tensor=x]
      a -> b [type=repsig] a -> c [type=repsig] }`);
    expect(graph.blocks.at(-1)).toEqual({ id: "broadcast-a.repsig", type: "broadcast", stream: "repsig", ways: 2 });
    expect(graph.edges.map(({ id }) => id)).toEqual([
      "broadcast-a.repsig.out0->b.repsig",
      "broadcast-a.repsig.out1->c.repsig",
      "a.repsig->broadcast-a.repsig.in",
    ]);
  });

  test("a tensor joined with itself has two operands", () => {
    const { graph } = read(`digraph { comment="B=s0"
      1 [type=fiberlookup tensor=B mode=0 index=i root=true] 2 [type=fiberlookup tensor=B mode=0 index=i root=true]
      3 [type=intersect index=i]
      1 -> 3 [type=crd comment="in-B"] 2 -> 3 [type=crd comment="in-B"] 1 -> 3 [type=ref comment="in-B"] 2 -> 3 [type=ref comment="in-B"] }`);
    expect(graph.blocks.find(({ id }) => id === "3")).toMatchObject({ arity: 2 });
    expect(graph.edges.filter(({ to }) => to.block === "3").map(({ from, to }) => `${from.block} ${to.port}`)).toEqual([
      "1 crd0",
      "2 crd1",
      "1 ref0",
      "2 ref1",
    ]);
  });
});

describe("faults", () => {
  test("of syntax are collected, each with its place", () => {
    expect(
      messageOf(() => read('digraph SAM {\n  a [= "mul"]\n  b -- c\n  d [label=<b>]\n  e -> {f g}\n  "open\n')),
    ).toMatchInlineSnapshot(`
      "graph.gv:2:6: error: expected an attribute's name, found '='
        2 |   a [= "mul"]
          |      ^
      graph.gv:3:5: error: an edge without direction; write '->'
        3 |   b -- c
          |     ^^
      graph.gv:4:12: error: an HTML string; only plain and quoted strings are read
        4 |   d [label=<b>]
          |            ^
      graph.gv:5:8: error: an edge to a whole subgraph; write one edge for each of its nodes
        5 |   e -> {f g}
          |        ^
      graph.gv:6:3: error: this string has no closing "
        6 |   "open
          |   ^
      graph.gv:7:1: error: expected '}' to end the graph, found end of input
        7 |
          | ^
      "
    `);
  });

  test("of meaning name the attribute and what was meant", () => {
    expect(
      messageOf(() =>
        read(`digraph SAM {
    comment="B=ss01,C=sx1,x=s0"
    1 [type="fiberlokup" tensor="B"]
    2 [type="fiberlookup" index="i" tensor="D" mode="0" format="compressed"]
    3 [type="fiberlookup" index="i" tensor="B" mode="2" format="comprest"]
    4 [label="no type"]
    5 [type="spaccumulator" order="1e9"]
    2 -> 3 [type="reff"]
    3 -> 55 [type="ref"]
}
`),
      ),
    ).toMatchInlineSnapshot(`
      "graph.gv:2:13: error: 'C=sx1' is not the format of a tensor
        2 |     comment="B=ss01,C=sx1,x=s0"
          |             ^^^^^^^^^^^^^^^^^^^
        help: a format is a level kind (s, d, b) for each level, then the mode of each: B=ss01; none for a scalar
      graph.gv:8:18: error: there is no stream of type 'reff'
        8 |     2 -> 3 [type="reff"]
          |                  ^^^^^^
        help: write type="crd", "ref", "val", "repsig" or "bv"
      graph.gv:9:10: error: node 55 is not declared
        9 |     3 -> 55 [type="ref"]
          |          ^^
      graph.gv:3:13: error: there is no block of type 'fiberlokup'
        3 |     1 [type="fiberlokup" tensor="B"]
          |             ^^^^^^^^^^^^
        help: did you mean 'fiberlookup'?
      graph.gv:4:44: error: the comment of the graph gives no format of tensor 'D'
        4 |     2 [type="fiberlookup" index="i" tensor="D" mode="0" format="compressed"]
          |                                            ^^^
        help: add it to the comment of the graph
      graph.gv:5:53: error: B has 2 modes, and no mode 2
        5 |     3 [type="fiberlookup" index="i" tensor="B" mode="2" format="comprest"]
          |                                                     ^^^
      graph.gv:5:64: error: format must be compressed, dense, bitvector, not 'comprest'
        5 |     3 [type="fiberlookup" index="i" tensor="B" mode="2" format="comprest"]
          |                                                                ^^^^^^^^^^
      graph.gv:6:5: error: node 4 has no type
        6 |     4 [label="no type"]
          |     ^
        help: give it a type, as in type="fiberlookup"
      graph.gv:7:35: error: order must be an integer from 1 to 4096, not 1000000000
        7 |     5 [type="spaccumulator" order="1e9"]
          |                                   ^^^^^
      "
    `);
  });

  test("an undirected graph is refused", () => {
    expect(messageOf(() => read("graph { a -- b }"))).toMatchInlineSnapshot(`
      "graph.gv:1:1: error: an undirected graph; a dataflow graph is a digraph
        1 | graph { a -- b }
          | ^^^^^
      "
    `);
  });

  test("random and changed text gives a graph or diagnostics", () => {
    const attempt = (text: string): void => {
      try {
        const { graph, places } = read(text);
        validateGraph(graph, places);
      } catch (error) {
        if (!(error instanceof DiagnosticError)) throw error;
      }
    };
    const piece = fc.constantFrom(
      "digraph",
      "{",
      "}",
      "[",
      "]",
      "->",
      "=",
      '"',
      ";",
      "a",
      "type",
      "mul",
      "subgraph",
      "<",
      "-",
      "1",
      "\\",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => attempt(pieces.join(" "))),
      { seed: 1, numRuns: 500 },
    );
    fc.assert(fc.property(fc.string({ maxLength: 200 }), attempt), { seed: 2, numRuns: 300 });
    const whole = readText("graphviz/custard/matmul_ikj.gv");
    fc.assert(
      fc.property(fc.nat(whole.length), fc.string({ maxLength: 3 }), fc.nat(30), (at, insert, remove) =>
        attempt(whole.slice(0, at) + insert + whole.slice(at + remove)),
      ),
      { seed: 3, numRuns: 400 },
    );
  });

  test("deep nesting is refused", () => {
    expect(messageOf(() => read(`digraph ${"{".repeat(100_000)}`))).toContain("nested more than 256 levels deep");
  });
});
