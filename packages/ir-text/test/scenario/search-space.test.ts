import { expect, test } from "vitest";
import { type SpaceParameter, strayChoice } from "../../src/index.ts";

const parameters: Readonly<Record<string, SpaceParameter>> = {
  tile: { parameter_type: "ordinal", values: [1, 2, 4], transform: "log", parameter_default: 1 },
  policy: { parameter_type: "categorical", values: ["near", "far"], parameter_default: "near" },
};

test("a choice of a value for each parameter is in the space, whatever else it names", () => {
  expect(strayChoice(parameters, { tile: 4, policy: "far", other: 1 })).toBeUndefined();
});

test("the first parameter with another value is named, with the values that it has", () => {
  expect(strayChoice(parameters, { tile: "4", policy: "odd" })).toEqual({
    parameter: "tile",
    message: 'tile must be one of 1, 2, 4, not "4"',
  });
  expect(strayChoice(parameters, { tile: 1 })?.message).toBe("policy must be one of near, far, not left out");
});
