import { nonzerosOf, pack, parseFormat, type Tensor, unpack } from "@millrace/tensor";
import { expect, test } from "vitest";
import { FuseflowError, lowerExpression, printGraphviz, readGraphviz, simulateSam } from "../../src/index.ts";

const text = "y(i) = A(i,j) * x(j)";

function store(shape: number[], cells: number[], format: string): Tensor {
  return pack(nonzerosOf({ shape, valueType: "float64", values: Float64Array.from(cells) }), parseFormat(format));
}

const empty = { A: store([2, 3], [0, 0, 0, 0, 0, 0], "ss"), x: store([3], [1, 2, 3], "s") };

test("a reduction is guided only where a fibre around it may be empty", () => {
  const guided = (formats: Record<string, string>) =>
    lowerExpression(text, { formats }).graph.edges.some(({ to }) => to.block === "reduce-j" && to.port === "crd");
  expect(guided({ A: "ss" })).toBe(true);
  expect(guided({ A: "sd" })).toBe(true);
  expect(guided({ A: "ds" })).toBe(false);
});

test.each(["comal", "sam-sync"] as const)("an empty matrix gives no sum in profile %s", (profile) => {
  const { outputs } = simulateSam(lowerExpression(text).graph, empty, { profile });
  expect(outputs["y"]?.shape).toEqual([2]);
  expect(unpack(outputs["y"]!).values).toHaveLength(0);
});

test("without a guide the empty matrix gives a sum that belongs to no row, which is refused", () => {
  const { graph } = lowerExpression(text, { guides: false });
  expect(() => simulateSam(graph, empty)).toThrow(FuseflowError);
});

test("a guide costs no cycle where no fibre is empty", () => {
  const operands = { A: store([2, 3], [1, 0, 2, 0, 3, 0], "ss"), x: store([3], [1, 2, 3], "s") };
  for (const profile of ["comal", "sam-sync"] as const) {
    const [guided, plain] = [true, false].map((guides) => {
      const { report, outputs } = simulateSam(lowerExpression(text, { guides }).graph, operands, { profile });
      expect([...outputs["y"]!.values]).toEqual([7, 6]);
      return report.cycles;
    });
    expect(guided).toBe(plain);
  }
});

test("a guided reduction survives being written to Graphviz and read back", () => {
  const { graph } = lowerExpression(text);
  const { graph: read } = readGraphviz({ name: "y.gv", text: printGraphviz(graph) });
  expect(simulateSam(read, empty).outputs["y"]?.values).toHaveLength(0);
});
