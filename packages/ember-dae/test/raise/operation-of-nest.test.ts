import { describe, expect, test } from "vitest";
import { compile, type Operation, operationNest, operationOfNest, raiseNest } from "../../src/index.ts";
import { operations } from "../support/random-instance.ts";
import { nestModel } from "../support/recorded.ts";

describe("loop nests", () => {
  test.each([
    ["sls", { weights: "none", reduce: "add" }, { val: undefined }],
    ["spmm", { weights: "multiply", reduce: "add" }, { val: 2 }],
    ["kg_maxplus", { weights: "add", reduce: "maximum" }, { val: 2 }],
  ] as const)("that MLIR makes of %s are bags", async (name, operation, places) => {
    const found = operationOfNest(raiseNest(await nestModel(`${name}.scf.mlir`)).program);
    expect(found?.operation).toEqual({ kind: "bag", finish: "none", table: "f32", index: "index", ...operation });
    expect(found?.places).toEqual({ ptr: 0, idx: 1, bags: 3, table: 4, out: 5, ...places });
  });

  test.each(operations.map((operation) => [JSON.stringify(operation), operation] as const))(
    "of our own are found again, and only where a kernel has their form: %s",
    (_, operation: Operation) => {
      const found = operationOfNest(operationNest(operation));
      const plain = operation.kind === "bag" && operation.finish === "none";
      expect(found?.operation).toEqual(plain ? operation : undefined);
    },
  );

  test("are not found once they are decoupled", () => {
    const nest = operationNest(operations[0] as Operation);
    expect(operationOfNest(compile(nest, { level: 0 }).slc)).toBeUndefined();
  });
});
