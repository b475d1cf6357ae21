import { coordinateList } from "@millrace/tensor";
import { describe, expect, test } from "vitest";
import { fitShapes } from "../../src/inputs/fit-shapes.ts";
import { readOperands } from "../../src/inputs/operands.ts";

const operand = (name: string, indices: string[], shape: number[], exactShape: boolean) => ({
  name,
  indices,
  list: coordinateList(shape, []),
  exactShape,
});

describe("extents", () => {
  test("of a file that states none come from the operands that do", () => {
    const fitted = fitShapes([operand("x", ["j"], [3], false), operand("A", ["i", "j"], [2, 9], true)]);
    expect([fitted.x!.shape, fitted.A!.shape]).toEqual([[9], [2, 9]]);
  });

  test("are the largest needed where no file states any", () => {
    const fitted = fitShapes([operand("x", ["j"], [3], false), operand("y", ["j"], [5], false)]);
    expect([fitted.x!.shape, fitted.y!.shape]).toEqual([[5], [5]]);
  });

  test("that contradict each other are refused, also where an entry lies outside", () => {
    const disagree = () => fitShapes([operand("x", ["j"], [3], true), operand("y", ["j"], [5], true)]);
    expect(disagree).toThrow("index j takes 3 values in mode 0 of x, but 5 in mode 0 of y");
    expect(() => fitShapes([operand("x", ["j"], [3], true), operand("y", ["j"], [5], false)])).toThrow(
      "index j takes 3",
    );
  });

  test("of indices without a name are left alone", () => {
    const fitted = fitShapes([operand("x", [""], [3], true), operand("y", [""], [5], true)]);
    expect([fitted.x!.shape, fitted.y!.shape]).toEqual([[3], [5]]);
  });
});

describe("random operands", () => {
  const source = { folder: ".", seed: 3, reading: () => () => {} };
  const draw = (name: string, given: string, seed = 3) =>
    readOperands([{ name, indices: ["i", "j"] }], new Map([[name, given]]), { ...source, seed }).then(
      (operands) => operands[name]!,
    );

  test("have the shape and the share of entries asked for", async () => {
    const list = await draw("B", "random:20x10:0.25");
    expect([list.shape, list.values.length]).toEqual([[20, 10], 50]);
    expect((await draw("B", "random:4x3")).values.length).toBe(12);
  });

  test("depend on the seed and the name", async () => {
    const values = async (...inputs: Parameters<typeof draw>) => [...(await draw(...inputs)).values];
    expect(await values("B", "random:9x9:0.5")).toEqual(await values("B", "random:9x9:0.5"));
    expect(await values("B", "random:9x9:0.5")).not.toEqual(await values("C", "random:9x9:0.5"));
    expect(await values("B", "random:9x9:0.5")).not.toEqual(await values("B", "random:9x9:0.5", 4));
  });
});
