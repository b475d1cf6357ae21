import { coordinateList, csr, denseFormat, pack, parseFormat, uniformTensor } from "@millrace/tensor";
import { describe, expect, it } from "vitest";
import { interpreterEngine, wasmEngine } from "../../src/run/engine.ts";
import { compileKernel } from "../../src/run/kernel.ts";
import { evaluate, type KernelConfiguration } from "../../src/tune/evaluate.ts";
import { searchSpace } from "../../src/tune/search-space.ts";
import { denseResult } from "../support/random-kernel.ts";

const text = "Y(i,k) = A(i,j) * X(j,k)";
const panel = (shape: number[]) => {
  const size = shape.reduce((all, n) => all * n, 1);
  return pack(uniformTensor({ shape, entries: size, seed: 2, values: "quarters" }), denseFormat(2));
};
const operands = {
  A: pack(uniformTensor({ shape: [12, 9], entries: 40, seed: 1, values: "quarters" }), csr),
  X: panel([9, 5]),
};
const engines = { interpreter: interpreterEngine, wasm: wasmEngine() };

/** A clock that moves on by one at each look. */
function counting(): () => number {
  let time = 0;
  return () => ++time;
}

describe("the search space of a kernel", () => {
  it("has formats, the order of the loops, units, weights and targets, with what the kernel does by itself as defaults", () => {
    const space = searchSpace(text, { operands, targets: ["interpreter", "wasm"], maximumUnits: 8 });
    expect(JSON.parse(JSON.stringify(space))).toEqual(space);
    expect(space.input_parameters).toEqual({
      format_A: {
        parameter_type: "categorical",
        values: ["ds01", "ss01", "ds10", "ss10"],
        parameter_default: "ds01",
      },
      format_X: { parameter_type: "categorical", values: ["dd01", "dd10"], parameter_default: "dd01" },
      order: {
        parameter_type: "permutation",
        values: [3],
        parametrization: "spearman",
        parameter_default: [0, 1, 2],
      },
      units: { parameter_type: "ordinal", values: [1, 2, 4, 8], transform: "log", parameter_default: 1 },
      visit_weight: { parameter_type: "ordinal", values: [-1, 0, 1, 2, 4], parameter_default: -1 },
      target: { parameter_type: "categorical", values: ["interpreter", "wasm"], parameter_default: "interpreter" },
    });
  });

  it("gives the same result in every configuration that is feasible, and names the reason for the others", async () => {
    const expected = [...denseResult((await compileKernel(text, { operands }).run()).result).values];
    const found = { feasible: 0, infeasible: 0 };
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ];
    for (const format_A of ["ds01", "ss01", "ds10", "ss10"])
      for (const format_X of ["dd01", "dd10"])
        for (const order of orders) {
          const configuration = { format_A, format_X, order, units: 4, target: "wasm" };
          const measured = await evaluate(text, configuration, { operands, engines, now: counting(), repeats: 1 });
          const label = JSON.stringify(configuration);
          if (measured.feasible) {
            found.feasible += 1;
            expect([...denseResult(measured.result).values], label).toEqual(expected);
            expect(measured.run_ns, label).toBe(1);
          } else {
            found.infeasible += 1;
            expect(measured.detail, label).toMatch(/transpose A|do not suit/);
          }
        }
    // Two orders of the rows' and columns' loops for A by rows, with k anywhere; by columns k must be outside.
    expect(found).toEqual({ feasible: 16, infeasible: 32 });
  });

  it("leaves parameters that are not given at their defaults", async () => {
    const measured = await evaluate(text, {}, { operands, engines, now: counting() });
    expect(measured.feasible && [...measured.result.values]).toEqual([
      ...(await compileKernel(text, { operands }).run()).result.values,
    ]);
  });

  it("refuses values that the space does not have", async () => {
    const refused = (configuration: KernelConfiguration) =>
      expect(evaluate(text, configuration, { operands, engines, now: counting() })).rejects;
    await refused({ target: "gpu" }).toThrow('target is "gpu"; expected one of interpreter, wasm');
    await refused({ order: [0, 0, 1] }).toThrow("order is [0,0,1]; expected a permutation of 0 to 2");
    await refused({ units: 1.5 }).toThrow("units is 1.5; expected an integer");
    await refused({ format_A: 3 }).toThrow("format_A is 3; expected the text of a format");
  });
});

describe("an order of the loops that is asked for", () => {
  it("is taken, and stores operands anew where they do not follow it", async () => {
    const kernel = compileKernel(text, { operands, order: ["k", "j", "i"] });
    expect(kernel.firstStage().stage.order).toEqual(["k", "j", "i"]);
    expect(kernel.firstStage().stage.notes.join()).toContain("transpose A: CSR to CSC");
    expect([...denseResult((await kernel.run({ units: 3 })).result).values]).toEqual([
      ...denseResult((await compileKernel(text, { operands }).run()).result).values,
    ]);
  });

  it("must name every variable once, and suit the statement", () => {
    expect(() => compileKernel(text, { operands, order: ["i", "j"] })).toThrow(
      "the loops cannot be over i,j: expected each of i,j,k once",
    );
    const list = coordinateList([3, 3], [[0, 1, 1]]);
    const sparse = { A: pack(list, csr), B: pack(list, csr) };
    const kernel = compileKernel("C(i,k) = A(i,j) * B(j,k)", {
      operands: sparse,
      resultFormat: parseFormat("CSR"),
      order: ["j", "i", "k"],
    });
    expect(() => kernel.firstStage()).toThrow("loops over j,i,k do not suit the statement for C");
  });
});
