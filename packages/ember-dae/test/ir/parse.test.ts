import { DiagnosticError } from "@millrace/ir-text";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile, operationNest, parseProgram, printProgram } from "../../src/index.ts";
import { operations } from "../support/random-instance.ts";

const text = printProgram(compile(operationNest(operations[0]!), { level: 3 }).dlc);

describe("the reader of programs", () => {
  test("gives a program or a located fault, whatever is left out or put in", () => {
    const change = fc.record({ at: fc.nat(text.length), drop: fc.nat(40), put: fc.string({ maxLength: 6 }) });
    const property = fc.property(change, ({ at, drop, put }) => {
      const changed = text.slice(0, at) + put + text.slice(at + drop);
      try {
        parseProgram({ name: "changed.mlir", text: changed });
      } catch (error) {
        expect(error).toBeInstanceOf(DiagnosticError);
      }
    });
    fc.assert(property, { seed: 4, numRuns: 500 });
  });

  test("knows operations by the names of the paper and of its compiler", () => {
    const { slc, slcv, dlc } = compile(operationNest(operations[0]!), { level: 1 });
    const other = (program: typeof slc, names: readonly (readonly [string, string])[]) =>
      names.reduce((changed, [own, name]) => changed.replaceAll(`"${own}`, `"${name}`), printProgram(program));
    const renamed: readonly (readonly [typeof slc, string])[] = [
      [
        slc,
        other(slc, [
          ["slc.mem_stream", "slc.mem_str"],
          ["slc.alu_stream", "slc.alu_str"],
          ["slc.from_stream", "slc.str_to_val"],
          ["slc.for", "slc.loop_tr"],
        ]),
      ],
      [slcv, other(slcv, [["slcv.", "slcvec."]])],
      [
        dlc,
        other(dlc, [
          ["dlc.access", "dlc.configure_access_engine"],
          ["dlc.execute", "dlc.compute_loop"],
          ["dlc.tu", "dlc.new_tu"],
          ["dlc.induction", "dlc.get_ind_var"],
          ["dlc.push", "dlc.register_operand"],
          ["dlc.token", "dlc.register_callback"],
          ["dlc.pop", "dlc.pop_operand"],
        ]),
      ],
    ];
    for (const [program, changed] of renamed) {
      expect(changed).not.toBe(printProgram(program));
      expect(printProgram(parseProgram(changed))).toBe(printProgram(program));
    }
  });

  test.each([
    ["a value that is not defined", text.replace("%arg0, %7", "%arg0, %70"), "%70 is not defined here"],
    [
      "an operand of another type",
      text.replace("(%1, %3, %2) : (index, index", "(%1, %3, %2) : (index, i64"),
      "takes operands of types",
    ],
    ["what follows the function", `${text}x`, "expected the end"],
  ])("refuses %s", (_, changed, message) => {
    expect(changed).not.toBe(text);
    expect(() => parseProgram(changed)).toThrow(message);
  });

  test("keeps numbers that are not finite", () => {
    const constant = (value: string) =>
      `"func.func"() ({\n  %0 = "arith.constant"() {value = ${value}} : () -> f32\n}) {sym_name = "c"} : () -> ()`;
    for (const value of ["0xFF800000 : f32", "0x7FC00000 : f32", "-0.0 : f32", "1.0e-7 : f32"])
      expect(printProgram(parseProgram(constant(value)))).toContain(`value = ${value}`);
  });
});
