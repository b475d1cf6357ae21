import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  operators,
  parseProgram,
  printGraphviz,
  printMlir,
  printProgram,
  programFromJson,
  programToJson,
} from "../../src/index.ts";

const file = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");
const everything = file("every-operator.step");
const parse = (text: string, name = "program.step") => parseProgram({ name, text });

/** Compares with a file kept beside the test; GOLDEN=write replaces it. */
function expectGolden(name: string, actual: string): void {
  if (process.env.GOLDEN === "write") writeFileSync(new URL(name, import.meta.url), actual);
  expect(actual).toBe(file(name));
}

describe("program text", () => {
  it("of every operator is printed and read back as the same program", () => {
    const program = parse(everything);
    const used = new Set(program.nodes.map((node) => node.operator.name));
    expect([...operators.keys()].filter((name) => !used.has(name))).toEqual([]);
    const printed = printProgram(program);
    expect(printProgram(parse(printed))).toBe(printed);
    expectGolden("every-operator.expect", printProgram(program, { types: true }));
    expect(printProgram(parse(printProgram(program, { types: true })))).toBe(printed);
  });

  it("survives JSON", () => {
    const program = parse(everything);
    const json = JSON.parse(JSON.stringify(programToJson(program)));
    expect(printProgram(programFromJson(json))).toBe(printProgram(program));
  });

  it("is drawn with Graphviz and written in MLIR's generic form", () => {
    const program = parse(everything);
    expectGolden("every-operator.dot.expect", printGraphviz(program));
    expectGolden("every-operator.mlir.expect", printMlir(program));
  });
});

describe("faults in program text", () => {
  const faulty = (text: string): string => {
    try {
      parse(text);
      return "accepted";
    } catch (error) {
      return (error as Error).message;
    }
  };

  it("are all told, each in its place", () => {
    expectGolden("faults.expect", `${faulty(file("faults.step"))}\n`);
  });

  it("never take the parser down, whatever is cut off or changed", () => {
    for (let cut = 0; cut < everything.length; cut += 13) {
      const mangled = everything.slice(0, cut) + everything.slice(cut + 5);
      expect(() => faulty(mangled)).not.toThrow();
      expect(() => faulty(everything.slice(0, cut))).not.toThrow();
    }
  });

  it("of JSON are told with their path", () => {
    const json = programToJson(parse(everything));
    const broken = (change: object) => () => programFromJson({ ...json, ...change });
    expect(broken({ version: 2 })).toThrow('$: expected format "millrace-step" of version 1');
    expect(broken({ nodes: [{ ...json.nodes[0], operator: "sink" }] })).toThrow(
      "$.nodes[0].operator: there is no operator 'sink'",
    );
    expect(broken({ nodes: [{ ...json.nodes[0], attributes: { shape: "[Q]", element: "f32[1, 1]" } }] })).toThrow(
      "$.nodes[0].attributes.shape: there is no symbol 'Q'",
    );
    expect(broken({ symbols: "B" })).toThrow("$.symbols: expected a list");
    expect(() => programFromJson(null)).toThrow("$: expected an object");
  });
});
