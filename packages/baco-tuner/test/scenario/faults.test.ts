import { describe, expect, it } from "vitest";
import { renderFaults } from "../../src/fault.ts";
import { checkScenario, readScenario } from "../../src/scenario/read-scenario.ts";

const check = (text: string) => checkScenario({ name: "tune.json", text });

/** A scenario of one parameter `x` with these fields, and more fields of the scenario. */
function scenario(x: object, more: object = {}): string {
  const parameters = { y: { parameter_type: "integer", values: [1, 4] }, x };
  return JSON.stringify({ optimization_objectives: ["t"], ...more, input_parameters: parameters }, null, 2);
}
const ordinal = { parameter_type: "ordinal", values: [1, 2, 4] };

const mutants: [what: string, text: string, message: RegExp][] = [
  ["no JSON at all", "", /expected a value, not the end/],
  ["an open brace", '{"a": 1', /"\{" is never closed/],
  ["an open string", '{"a: 1}', /not closed on its line/],
  ["a bare word", '{"a": yes}', /"yes" is no JSON value/],
  ["a missing colon", '{"a" 1}', /expected ":"/],
  ["two values", "{} {}", /expected the end/],
  ["a wrong escape", '{"a": "\\q"}', /wrong escape/],
  ["deep nesting", "[".repeat(5000), /nested deeper/],
  ["a list", "[]", /expected an object/],
  ["no parameters", '{"optimization_objectives": ["t"]}', /input_parameters: is missing/],
  ["parameters as a list", '{"input_parameters": []}', /one field per parameter/],
  ["an empty set of parameters", '{"input_parameters": {}}', /there are no parameters/],
  ["a parameter that is a number", scenario(3 as unknown as object), /x: expected an object/],
  ["no kind", scenario({ values: [1] }), /parameter_type is missing/],
  ["an unknown kind", scenario({ ...ordinal, parameter_type: "ordinals" }), /not "ordinals"/],
  ["no values", scenario({ parameter_type: "ordinal" }), /values is missing/],
  ["empty values", scenario({ ...ordinal, values: [] }), /there are no values/],
  ["values as a number", scenario({ ...ordinal, values: 4 }), /expected a list of numbers/],
  ["a value that is text", scenario({ ...ordinal, values: [1, "2"] }), /values\[1\]: expected a number, not "2"/],
  ["one bound", scenario({ parameter_type: "real", values: [1] }), /expected \[minimum, maximum\]/],
  [
    "a bound that is no integer",
    scenario({ parameter_type: "integer", values: [0, 1.5] }),
    /1.5 is not a finite integer/,
  ],
  ["the logarithm of 0", scenario({ ...ordinal, values: [0, 1], transform: "log" }), /log needs values above 0/],
  ["an unknown transform", scenario({ ...ordinal, transform: "sqrt" }), /expected log or none/],
  ["a category twice", scenario({ parameter_type: "categorical", values: ["a", "a"] }), /listed twice/],
  ["categories that are lists", scenario({ parameter_type: "categorical", values: [[1]] }), /a string or a number/],
  ["a permutation of 13", scenario({ parameter_type: "permutation", values: [13] }), /no size of a permutation/],
  ["naive with 7 elements", scenario({ parameter_type: "permutation", values: [7], parametrization: "naive" }), /5040/],
  [
    "an unknown metric",
    scenario({ parameter_type: "permutation", values: [3], parametrization: "cayley" }),
    /spearman, kendall/,
  ],
  ["a default outside", scenario({ ...ordinal, parameter_default: 3 }), /the default 3 is no value/],
  [
    "a default that is no permutation",
    scenario({ parameter_type: "permutation", values: [3], parameter_default: [0, 0, 1] }),
    /each once/,
  ],
  ["a prior of wrong length", scenario({ ...ordinal, prior: [1, 2] }), /2 weights for 3 values/],
  ["a prior of zeroes", scenario({ ...ordinal, prior: [0, 0, 0] }), /not all 0/],
  ["an unknown prior", scenario({ ...ordinal, prior: "cauchy" }), /expected uniform, gaussian/],
  [
    "a normal prior without width",
    scenario({ ...ordinal, prior: "gaussian", prior_parameters: [1, 0] }),
    /deviation above 0/,
  ],
  ["a constraint on nothing", scenario({ ...ordinal, constraints: ["z < 1"] }), /no parameter "z"/],
  ["a constraint that is no text", scenario({ ...ordinal, constraints: [1] }), /constraints\[0\]: expected a string/],
  ["constraints as a text", scenario({ ...ordinal, constraints: "x < 1" }), /expected a list of strings/],
  [
    "a dependency on nothing",
    scenario({ ...ordinal, dependencies: ["z"] }),
    /dependencies\[0\]: there is no parameter "z"/,
  ],
  ["constraints that nothing meets", scenario({ ...ordinal, constraints: ["x > y + 9"] }), /meet the constraints/],
  ["objectives as a text", scenario(ordinal, { optimization_objectives: "t" }), /expected a list of names/],
  ["an objective twice", scenario(ordinal, { optimization_objectives: ["t", "t"] }), /named twice/],
  [
    "an objective called like a parameter",
    scenario(ordinal, { optimization_objectives: ["t", "x"] }),
    /x names an objective and a parameter/,
  ],
  ["negative iterations", scenario(ordinal, { optimization_iterations: -1 }), /expected an integer from 0/],
  ["an unknown method", scenario(ordinal, { optimization_method: "magic" }), /not "magic"/],
  [
    "a design that is a number",
    scenario(ordinal, { design_of_experiment: 3 }),
    /design_of_experiment: expected an object/,
  ],
  [
    "a hyper-prior without parameters",
    scenario(ordinal, { lengthscale_prior: { name: "gamma" } }),
    /needs two parameters/,
  ],
  [
    "an unknown acquisition",
    scenario(ordinal, { acquisition_function: "luck" }),
    /expected one of EI, EI_PIBO, not "luck"/,
  ],
  ["a ceiling that is text", scenario(ordinal, { objective_ceiling: "low" }), /expected a number from -1/],
  [
    "an unknown surrogate",
    scenario(ordinal, { models: { model: "oracle" } }),
    /random_forest, automatic, not "oracle"/,
  ],
  ["a truth value that is text", scenario(ordinal, { noise: "yes" }), /expected true or false, not "yes"/],
];

describe("a scenario file with", () => {
  it.each(mutants)("%s is refused with its place", (_, text, message) => {
    const { scenario: read, faults } = check(text);
    expect(read).toBeUndefined();
    const errors = faults.filter(({ severity }) => severity === "error");
    expect(renderFaults(errors, "tune.json")).toMatch(message);
    for (const { place } of errors) expect(place?.line).toBeGreaterThan(0);
    expect(() => readScenario({ name: "tune.json", text })).toThrow(expect.objectContaining({ code: "scenario" }));
  });
});

it("what is known before is read from a scenario, and what is not here is stood in for", () => {
  const fields = { acquisition_function: "EI_PIBO", model_weight: 5, objective_ceiling: 1 };
  const { settings } = readScenario({ name: "tune.json", text: scenario(ordinal, fields) });
  expect(settings).toMatchObject({ acquisition: "EI_PIBO", priorWeight: 5, ceiling: 1, surrogate: "gaussian_process" });
  const automatic = { models: { model: "automatic" }, scalarization_method: "hypervolume", objective_ceiling: -1 };
  const other = readScenario({ name: "tune.json", text: scenario(ordinal, automatic) }).settings;
  expect(other).toMatchObject({ surrogate: "automatic", severalObjectives: "hypervolume", ceiling: null });
  const foreign = check(scenario(ordinal, { acquisition_function: "UCB", scalarization_method: "linear" }));
  expect(foreign.scenario?.settings).toMatchObject({ acquisition: "EI", severalObjectives: "tchebyshev" });
  const warnings = foreign.faults.map(({ message }) => message);
  for (const said of ["UCB is not here; EI stands in", "linear is not here; tchebyshev stands in"])
    expect(warnings.some((message) => message.includes(said))).toBe(true);
});

describe("faults of a scenario", () => {
  it("are drawn with carets under the words of a constraint", () => {
    const text = `{
  "input_parameters": {
    "tile": {"parameter_type": "ordinal", "values": [1, 2], "constraints": ["tile < lines"]},
    "wide": {"parameter_type": "integer", "values": [0, 8], "transform": "log"},
  }
}`;
    const { faults } = check(text);
    expect(
      renderFaults(
        faults.filter(({ severity }) => severity === "error"),
        "tune.json",
      ),
    ).toBe(`tune.json:4:74: error: input_parameters.wide.transform: log needs values above 0, and 0 is among them
  4 |     "wide": {"parameter_type": "integer", "values": [0, 8], "transform": "log"},
    |                                                                          ^^^^^
  help: use none, or drop the value`);
    expect(renderFaults(check(text.replace("[0, 8]", "[1, 8]")).faults, "tune.json")).toContain(`
tune.json:3:85: error: input_parameters.tile.constraints[0]: there is no parameter "lines"
  3 | alues": [1, 2], "constraints": ["tile < lines"]},
    |                                         ^^^^^
  help: parameters: tile, wide`);
  });

  it("that forbid nothing are warnings: commas, repeated, unknown and idle fields", () => {
    const text = scenario({ ...ordinal, colour: 1 }, { GP_model: "gpy", colour: 2 }).replace(
      /\n\}$/,
      ',\n"GP_model": "gpy",\n}',
    );
    const { scenario: read, faults } = check(text);
    expect(read?.space.size).toBe(12n);
    expect(faults.map(({ severity, code, path }) => `${severity} ${code} ${path}`)).toEqual([
      "warning json ",
      "warning json ",
      "warning ignored GP_model",
      "warning ignored colour",
      "warning ignored input_parameters.x.colour",
    ]);
  });
});
