import { coordinateList, formatOf, pack, parseAssignment } from "@millrace/tensor";
import { describe, expect, test } from "vitest";
import { checkResult, checkToJson, checkToText, referenceValue } from "../../src/simulation/check-result.ts";

const assignment = parseAssignment("y(i) = A(i,j) * x(j)");
const A = coordinateList(
  [3, 2],
  [
    [0, 0, 2],
    [1, 1, 3],
    [2, 0, 1],
  ],
);
const x = coordinateList(
  [2],
  [
    [0, 10],
    [1, 100],
  ],
);
const vector = (...rows: number[][]) => pack(coordinateList([3], rows), formatOf(["compressed"]));

describe("a check", () => {
  test("says how many values agree, and with which reference", () => {
    const check = checkResult(vector([0, 20], [1, 300], [2, 10]), referenceValue(assignment, { A, x }));
    expect(checkToText("y", check)).toBe("check     y equals the dense reference in all 3 places, exactly\n");
  });

  test("lists wrong, missing and surplus values", () => {
    const check = checkResult(vector([0, 21], [2, 10]), referenceValue(assignment, { A, x }));
    expect(check).toMatchObject({ compared: 3, differing: 2 });
    expect(checkToText("y", check)).toBe(
      "check     y differs from the dense reference in 2 of 3 places:\n  y(0) is 21, expected 20\n  y(1) is 0, expected 300\n",
    );
    expect(checkToJson(check)).toMatchObject({ reference: "dense", compared: 3, differing: 2 });
  });

  test("takes the reference that joins entries where the index space is too large to walk", () => {
    const wide = coordinateList([100_000, 100_000], [[7, 99_999, 2]]);
    const tall = coordinateList([100_000], [[99_999, 4]]);
    const { list, evaluator } = referenceValue(assignment, { A: wide, x: tall });
    expect(evaluator).toBe("sparse");
    expect([...list.coordinates[0]!, ...list.values]).toEqual([7, 8]);
  });
});
