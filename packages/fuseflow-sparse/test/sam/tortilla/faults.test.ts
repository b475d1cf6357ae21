import { DiagnosticError } from "@millrace/ir-text";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FuseflowError } from "../../../src/errors.ts";
import { graphToTortilla } from "../../../src/sam/tortilla/convert/from-graph.ts";
import { tortillaToGraph } from "../../../src/sam/tortilla/convert/to-graph.ts";
import { decodeTortilla } from "../../../src/sam/tortilla/decode.ts";
import { encodeTortilla } from "../../../src/sam/tortilla/encode.ts";
import { parseTortillaText } from "../../../src/sam/tortilla/parse-text.ts";
import { printTortillaText } from "../../../src/sam/tortilla/print-text.ts";
import { messageOf, readBytes, readText } from "../../support/graph-files.ts";

const bytes = readBytes("tortilla/comal/spmv_ij--n12.bin");
const text = readText("tortilla/comal/spmv_ij--n12.pbtxt.gz");

describe("decoding", () => {
  test("a length past the end is reported with its byte and field path", () => {
    expect(messageOf(() => decodeTortilla(bytes.slice(0, 100), "newest"))).toBe(
      "not a Comal graph file: byte 13, in graph: length 562 reaches byte 577, past its message's end 100\n",
    );
  });

  test("an unknown field is refused, not dropped", () => {
    expect(messageOf(() => decodeTortilla(new Uint8Array([0x1a, 2, 0x28, 1])))).toBe(
      "not a Comal graph file: byte 2, in graph: ProgramGraph has no field 5\n",
    );
  });

  test("another wire type than the field's is refused", () => {
    expect(messageOf(() => decodeTortilla(new Uint8Array([0x12, 0])))).toBe(
      "not a Comal graph file: byte 1, in channel_size: wire type 2 where a uint64 has 0\n",
    );
  });

  test("an integer that a number cannot hold is refused", () => {
    const huge = new Uint8Array([0x10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]);
    expect(messageOf(() => decodeTortilla(huge))).toContain("is above 2^53 - 1");
  });

  test("text that is not UTF-8 is refused", () => {
    expect(() => decodeTortilla(new Uint8Array([0x0a, 1, 0xff]))).toThrow(FuseflowError);
  });

  test("random, cut and changed bytes give a graph or a package error", () => {
    const attempt = (input: Uint8Array): void => {
      try {
        tortillaToGraph(decodeTortilla(input).message);
      } catch (error) {
        if (!(error instanceof FuseflowError) && !(error instanceof DiagnosticError)) throw error;
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), attempt), { seed: 1, numRuns: 500 });
    fc.assert(
      fc.property(
        fc.nat(bytes.length),
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 4 }),
        (cut, changes) => {
          const input = bytes.slice(0, cut < 100 ? bytes.length : cut);
          for (const [at, value] of changes) if (at < input.length) input[at] = value;
          attempt(input);
        },
      ),
      { seed: 2, numRuns: 1000 },
    );
  });

  test("what is decoded and encoded is decoded the same again", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 }),
        (changes) => {
          const input = bytes.slice();
          for (const [at, value] of changes) input[at] = value;
          let decoded: ReturnType<typeof decodeTortilla>;
          try {
            decoded = decodeTortilla(input);
          } catch {
            return;
          }
          const canonical = encodeTortilla(decoded.message, decoded.version);
          const again = decodeTortilla(canonical, decoded.version);
          expect(encodeTortilla(again.message, decoded.version)).toEqual(canonical);
          expect(printTortillaText(again.message, decoded.version)).toBe(
            printTortillaText(decoded.message, decoded.version),
          );
        },
      ),
      { seed: 3, numRuns: 500 },
    );
  });
});

describe("the text form", () => {
  const parse = (input: string): unknown => parseTortillaText({ name: "graph.pbtxt", text: input }, "newest");

  test("faults are collected and shown in place", () => {
    const broken =
      'name: "x"\nchanel_size: 3\ngraph {\n  operators {\n    id: -1\n    alu { stages { op: MULL } }\n  }\n';
    expect(messageOf(() => parse(broken))).toMatchInlineSnapshot(`
      "graph.pbtxt:2:1: error: ComalGraph of schema newest has no field 'chanel_size'
        2 | chanel_size: 3
          | ^^^^^^^^^^^
        help: did you mean 'channel_size'?
      graph.pbtxt:5:10: error: id must be an integer from 0 to 2^53 - 1, not '-1'
        5 |     id: -1
          |          ^
      graph.pbtxt:6:24: error: AluOp has no value 'MULL'
        6 |     alu { stages { op: MULL } }
          |                        ^^^^
        help: did you mean MUL?
      graph.pbtxt:8:1: error: expected '}' to end graph, found end of input
        8 |
          | ^
      "
    `);
  });

  test("numbers print as the reference implementation prints them", () => {
    const print = (scalar: number): string | undefined => {
      const operators = [{ alu: { scalar } }];
      return /scalar: (.*)/.exec(printTortillaText({ graph: { operators } }))?.[1];
    };
    expect([2.8284271247461903, 3, -0.5, 1e-5, 0.0001, 1e16, 123456789012345680, 1e300, Number.NaN].map(print)).toEqual(
      ["2.8284271247461903", "3.0", "-0.5", "1e-05", "0.0001", "1e+16", "1.2345678901234568e+17", "1e+300", "nan"],
    );
  });

  test("strings of any characters survive printing and parsing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 30 }), (name) => {
        const message = name === "" ? {} : { name };
        expect(parse(printTortillaText(message))).toEqual({ version: "newest", message });
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  test("changed text gives a message or diagnostics", () => {
    fc.assert(
      fc.property(fc.nat(text.length), fc.string({ maxLength: 4 }), fc.nat(8), (at, insert, remove) => {
        const input = text.slice(0, at) + insert + text.slice(at + remove);
        try {
          tortillaToGraph(parseTortillaText({ name: "x", text: input }).message);
        } catch (error) {
          expect(error).toBeInstanceOf(DiagnosticError);
        }
      }),
      { seed: 5, numRuns: 200 },
    );
  });
});

describe("conversion", () => {
  test("names every operation without a block and every loose stream", () => {
    const message = {
      graph: {
        operators: [
          { name: "f", id: 1, func: { name: "tanh" } },
          { name: "a", id: 2, array: { tensor: "B", input_ref: { id: { id: 4 } }, stream_shape: 16 } },
          { name: "r", id: 3, reduce: { input_val: { id: { id: 9 } }, output_val: { id: { id: 1 } } } },
          { name: "r", id: 4, reduce: { input_val: { id: {} }, output_val: { id: { id: 1 } } } },
          { name: "x", id: 5 },
        ],
      },
    };
    expect(messageOf(() => tortillaToGraph(message))).toMatchInlineSnapshot(`
      "error: operator 0 (f-1) cannot be used: operation func has no meaning in a SAM graph
      error: operator 1 (a-2) cannot be used: array works on tiles (stream_shape above 1)
      error: operator 4 (x-5) says no operation
      error: stream val 1 is written by r-3.val and by r-4.val
      error: stream val 9 into r-3.val has no producer
      error: input r-4.val is connected to no stream
      "
    `);
  });

  test("names every block that Comal has no operation for", () => {
    const graph = {
      name: "x",
      tensors: {},
      blocks: [
        { id: "s", type: "stop-drop" },
        { id: "p", type: "spacc", form: "points", order: 1, indices: ["j", "i"] },
        { id: "l", type: "unary", operation: "leakyrelu", constant: 0.1 },
      ],
      edges: [],
    } as const;
    expect(messageOf(() => graphToTortilla(graph))).toMatchInlineSnapshot(`
      "error: s (stop-drop) has no Comal operation: it has no stop-drop
      error: p (spacc) has no Comal operation: its accumulators sum fibres, not points
      error: l (unary) has no Comal operation: it has no operation leakyrelu
      "
    `);
  });

  test("a version that lacks a field refuses the message", () => {
    const operators = [{ reduce: { reduce_type: "MAX" } }];
    expect(() => encodeTortilla({ graph: { operators } }, "45d1855")).toThrow(
      "version 45d1855 of the schema has no field 'reduce_type' in Reduce",
    );
  });
});
