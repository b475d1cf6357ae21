import { readFileSync } from "node:fs";
import { DiagnosticError } from "@millrace/ir-text";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  compileDecoupled,
  describeDifference,
  firstDifference,
  interpretDlc,
  isPublishedSyntax,
  levelOf,
  memoryFrom,
  type Operation,
  operationNest,
  parseProgram,
  printProgram,
  readPublished,
  verify,
} from "../../src/index.ts";

const textOf = (name: string): string => readFileSync(new URL(`../data/mlir/${name}.mlir`, import.meta.url), "utf8");
const read = (text: string) => readPublished({ name: "given.mlir", text });
const sls: Operation = { kind: "bag", weights: "none", reduce: "add", finish: "none", table: "f32", index: "index" };

/** Bags of 2, none and 3 rows of 16; the number of rows of the nest comes from its output. */
function memories(width = 16) {
  const table = memoryFrom(
    "f32",
    [5, width],
    Array.from({ length: 5 * width }, (_, at) => 10 * Math.floor(at / width) + (at % width)),
  );
  const ptr = memoryFrom("index", [4], [0, 2, 2, 5]);
  const idx = memoryFrom("index", [5], [1, 3, 0, 4, 4]);
  return { ptr, idx, table, out: memoryFrom("f32", [3, width], new Float64Array(3 * width)) };
}

/** The nest of the bag with the argument that stands for the descriptor of its rows. */
const nest = parseProgram(
  printProgram(operationNest(sls)).replace(/(\^bb0\((?:%arg\d: [^,]*, ){2})/, "$1%rows: index, "),
);

describe("programs in the syntax of the published compiler", () => {
  test.each(["sls.slc", "sls.slcv", "sls.dlc"])("%s is read, printed and read again as the same program", (name) => {
    const program = read(textOf(name));
    expect(levelOf(program)).toBe(name.slice(4));
    expect(printProgram(parseProgram(printProgram(program)))).toBe(printProgram(program));
  });

  test.each(["sls.slc", "sls.slcv"])("%s and what it is lowered to store what the loop nest stores", (name) => {
    const program = read(textOf(name));
    for (const width of [16, 11]) {
      const { ptr, idx, table, out } = memories(width);
      const given = [ptr, idx, 3, table, out];
      expect(firstDifference(nest, program, given)).toBeUndefined();
      for (const level of [0, 1, 2, 3] as const) {
        const { slcv, dlc } = compileDecoupled(program, { level, lanes: 8, verifyEach: true });
        for (const lowered of [slcv, dlc]) expect(firstDifference(nest, lowered, given)).toBeUndefined();
      }
    }
  });

  test("sls.dlc stores what the loop nest stores, with the traffic of its level", () => {
    const program = read(textOf("sls.dlc"));
    verify(program, "input");
    for (const width of [16, 11]) {
      const { ptr, idx, table, out } = memories(width);
      expect(firstDifference(nest, program, [ptr, idx, 3, table, out])).toBeUndefined();
    }
    const { ptr, idx, table, out } = memories(11);
    const traffic = interpretDlc(program, [ptr, idx, 3, table, out]);
    expect(traffic).toMatchObject({ tokens: 5 + 3, scalars: 0, vectors: 5 * 2 });
  });

  test.each([
    ["a token at the end of the bag instead of the row", "%element_unit,  end {id = 5", "%row_unit,  end {id = 5"],
    ["vectors pushed once a row", "%element_unit,  ite, %x", "%element_unit,  end, %x"],
    ["a core that goes on by one element", "scf.for %k = %c0 to %d step %c8", "scf.for %k = %c0 to %d step %c1"],
  ])("the published mistake, %s, is found in the units and queues", (_, from, to) => {
    const text = textOf("sls.dlc");
    expect(text).toContain(from);
    const { ptr, idx, table, out } = memories();
    const wrong = read(text.replace(from, to));
    expect(firstDifference(nest, wrong, [ptr, idx, 3, table, out])).toMatchObject({ argument: 4 });
  });

  test.each([
    ["case 2 {", "case 5 {", "case 5 stands here twice"],
    ["{id = 5 : i64}", "{id = 6 : i64}", "no case takes the token 6"],
    ["%row_unit,  end {", "%row_unit,  now {", "expected beg, ite or end"],
    ["dlc.register_callback %row_unit", "dlc.register_callback %row", "expected a traversal unit"],
    ["slc.mem_stream %idx[%p]", "slc.mem_stream %idx[%c0]", "depends on no traversal unit"],
    ["dlc.increment_var", "dlc.push_back", "dlc.push_back is not read in this syntax"],
    ["arith.addf %before, %xs", "arith.addf %before, %held", "this is a buffer: only slcvec.from_buffer reads it"],
  ])("%s, as %s, is refused in units and queues", (from, to, message) => {
    const text = textOf("sls.dlc");
    expect(text).toContain(from);
    expect(() => read(text.replace(from, to))).toThrow(message);
  });

  test("the published mistake, a core that goes on by one element after each vector, is found at its first wrong store", () => {
    const text = textOf("sls.slcv");
    const wrong = text.replace("scf.for %k = %c0 to %d step %c8", "scf.for %k = %c0 to %d step %c1");
    expect(wrong).not.toBe(text);
    const { ptr, idx, table, out } = memories();
    const difference = firstDifference(nest, read(wrong), [ptr, idx, 3, table, out])!;
    expect(difference).toMatchObject({ store: 8, argument: 4, indices: [0, 8] });
    expect(describeDifference(difference)).toMatch(/^store 8, to argument 4 at \[0, 8\]: /);
  });

  test.each([
    ["slc.alu_stream< add>", "slc.alu_stream< xor>", "expected <add>, <sub>, <mul> or <div>"],
    ["%table[%row, %j]", "%table[%row, %i]", "%i is not defined here"],
    ["arith.addf %held, %xv : f32", "arith.addf %held, %xv : f64", "arith.addf of f32 and f32, as f64"],
    ["arith.addf %held, %xv : f32", "math.exp %xv : f32", "math.exp is not read in this syntax"],
    ["slc.yield\n        }", "dlc.yield_never\n        }", "dlc.yield_never is not read in this syntax"],
  ])("%s, as %s, is refused where it stands", (from, to, message) => {
    const text = textOf("sls.slc");
    expect(text).toContain(from);
    expect(() => read(text.replace(from, to))).toThrow(message);
  });

  test.each([
    [
      "a loop inside of a loop that carries a value",
      "%to step %s1 : !slc",
      "%to step %s1 init_args(%q = %c0) -> (index) : !slc",
    ],
    ["another step than that of vectors", "to %sd step %s8", "to %sd step %three"],
    ["a callback that yields what its loop carries", "slc.yield %more : index", "slc.yield %bag : index"],
  ])("%s is refused", (_, from, to) => {
    const text = textOf("sls.slcv").replace("%c8 = ", "%three = arith.constant 3 : index\n    %c8 = ");
    expect(text).toContain(from);
    expect(() => read(text.replace(from, to))).toThrow(
      /only an outermost loop may carry|not by 3|yields a number that it computes/,
    );
  });

  test("gives a program or a located fault, whatever is left out or put in", () => {
    const texts = [textOf("sls.slcv"), textOf("sls.dlc")];
    const change = fc.record({ at: fc.nat(texts[0]!.length), drop: fc.nat(40), put: fc.string({ maxLength: 6 }) });
    const property = fc.property(change, fc.constantFrom(...texts), ({ at, drop, put }, text) => {
      try {
        read(text.slice(0, at) + put + text.slice(at + drop));
      } catch (error) {
        expect(error).toBeInstanceOf(DiagnosticError);
      }
    });
    fc.assert(property, { seed: 4, numRuns: 300 });
  });

  test("are told from the generic form and from loop nests", () => {
    expect(isPublishedSyntax(textOf("sls.slc"))).toBe(true);
    expect(isPublishedSyntax(textOf("sls.scf"))).toBe(false);
    expect(isPublishedSyntax(printProgram(read(textOf("sls.slc"))))).toBe(false);
  });
});
