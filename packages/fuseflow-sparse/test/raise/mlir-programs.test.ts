import { evaluate, importModel, type ModelTensor, normalise } from "@millrace/model-import";
import { type CoordinateList, coordinateList, pack, parseFormat, spread, uniformTensor } from "@millrace/tensor";
import { describe, expect, test } from "vitest";
import { raisedOperand, raiseModel } from "../../src/index.ts";
import { checkedRun, denseOf } from "../support/compile-runs.ts";

const sparse = "#sparse_tensor.encoding<{ map = (d0, d1) -> (d0 : dense, d1 : compressed) }>";
const cube = "#sparse_tensor.encoding<{ map = (d0, d1, d2) -> (d0 : compressed, d1 : compressed, d2 : compressed) }>";
const list = "#sparse_tensor.encoding<{ map = (d0) -> (d0 : compressed) }>";

const accumulate = (maps: string, factors: readonly [string, string][], result: string): string => {
  const given = factors.map(([name, type]) => `%${name}: ${type}`).join(", ");
  const scalars = factors.map(([name]) => `%s${name}: f64`).join(", ");
  const products = factors.slice(1).map(([name], at) => {
    return `%p${at + 1} = arith.mulf ${at === 0 ? `%s${factors[0]![0]}` : `%p${at}`}, %s${name} : f64`;
  });
  return `func.func @kernel(${given}, %x: ${result}) -> ${result} {
  %0 = linalg.generic { indexing_maps = [${maps}], iterator_types = [] }
    ins(${factors.map(([name]) => `%${name}`).join(", ")} : ${factors.map(([, type]) => type).join(", ")})
    outs(%x : ${result}) {
    ^bb0(${scalars}, %sx: f64):
      ${products.join("\n      ")}
      %sum = arith.addf %sx, %p${factors.length - 1} : f64
      linalg.yield %sum : f64
  } -> ${result}
  return %0 : ${result}
}
`;
};
const maps = (loops: string, ...results: string[]): string =>
  results.map((result) => `affine_map<(${loops}) -> (${result})>`).join(", ");
const named = (op: string, a: string, b: string, result: string): string =>
  `func.func @kernel(%a: ${a}, %b: ${b}, %x: ${result}) -> ${result} {
  %0 = linalg.${op} ins(%a, %b : ${a}, ${b}) outs(%x : ${result}) -> ${result}
  return %0 : ${result}
}
`;

/** Programs of which every size is open, with the shapes that their inputs are given. */
const programs: readonly (readonly [string, string, readonly (readonly number[])[]])[] = [
  [
    "a product with a vector",
    accumulate(
      maps("i,j", "i,j", "j", "i"),
      [
        ["a", `tensor<?x?xf64, ${sparse}>`],
        ["b", "tensor<?xf64>"],
      ],
      "tensor<?xf64>",
    ),
    [[5, 9], [9], [5]],
  ],
  [
    "a product of a tensor with two matrices",
    accumulate(
      maps("i,j,k,l", "i,k,l", "k,j", "l,j", "i,j"),
      [
        ["b", `tensor<?x?x?xf64, ${cube}>`],
        ["c", "tensor<?x?xf64>"],
        ["d", "tensor<?x?xf64>"],
      ],
      "tensor<?x?xf64>",
    ),
    [
      [3, 4, 5],
      [4, 6],
      [5, 6],
      [3, 6],
    ],
  ],
  [
    "a sampled product",
    accumulate(
      maps("i,j,k", "i,j", "i,k", "k,j", "i,j"),
      [
        ["s", `tensor<?x?xf64, ${sparse}>`],
        ["a", "tensor<?x?xf64>"],
        ["b", "tensor<?x?xf64>"],
      ],
      "tensor<?x?xf64>",
    ),
    [
      [6, 7],
      [6, 3],
      [3, 7],
      [6, 7],
    ],
  ],
  [
    "an inner product",
    named("dot", `tensor<?xf64, ${list}>`, `tensor<?xf64, ${list}>`, "tensor<f64>"),
    [[40], [40], []],
  ],
  [
    "a row with a matrix",
    named("vecmat", "tensor<?xf64>", `tensor<?x?xf64, ${sparse}>`, "tensor<?xf64>"),
    [[4], [4, 6], [6]],
  ],
  [
    "products of a batch",
    named("batch_matmul", "tensor<?x?x?xf64>", "tensor<?x?x?xf64>", "tensor<?x?x?xf64>"),
    [
      [2, 3, 4],
      [2, 4, 5],
      [2, 3, 5],
    ],
  ],
];

const drawn = (shape: readonly number[], seed: number): CoordinateList => {
  if (shape.length === 0) return coordinateList([], [[0.5]]);
  const places = shape.reduce((product, extent) => product * extent, 1);
  return uniformTensor({ shape, entries: Math.ceil(places / 2), seed, values: "quarters" });
};

describe("an MLIR program whose sizes its inputs decide", () => {
  test.each(programs)("%s gives what its reference evaluation gives", async (_, text, inputs) => {
    const graph = normalise(await importModel(new TextEncoder().encode(text), { name: "kernel.mlir" }));
    const lists = inputs.map((shape, at) => drawn(shape, at + 1));
    const sizes = new Map<string, number>();
    for (const [at, input] of graph.inputs.entries()) {
      for (const [mode, size] of graph.values.get(input)!.shape!.entries())
        if (typeof size === "object" && "symbol" in size) sizes.set(size.symbol, inputs[at]![mode]!);
    }
    const { program, operands } = raiseModel(graph, { sizes });
    const stored = Object.fromEntries(
      operands.map((operand) => {
        const given = raisedOperand(operand, lists[graph.inputs.indexOf(operand.source.from)]!);
        return [
          operand.name,
          pack(given, parseFormat(operand.format ?? "d".repeat(operand.shape.length), operand.shape.length)),
        ];
      }),
    );
    const regions = program.statements.map(({ tensor }) => ({ name: tensor, tensors: [tensor] }));
    const { run, error } = checkedRun(program, stored, { regions });
    expect(error).toBeLessThan(1e-12);
    const dense = lists.map(
      (each): ModelTensor => ({ dtype: "f64", shape: each.shape, values: Float64Array.from(spread(each).values) }),
    );
    const { outputs } = await evaluate(graph, dense);
    expect([...denseOf(run.tensors.get(program.outputs[0]!)!)]).toEqual([...outputs[0]!.values]);
  });

  test("a size that nothing decides is named", async () => {
    const text = programs[0]![1];
    const graph = normalise(await importModel(new TextEncoder().encode(text), { name: "kernel.mlir" }));
    expect(() => raiseModel(graph, { sizes: new Map([["a.0", 5]]) })).toThrow("the size a.1 of input a is not known");
  });

  test("a body without a graph is refused with what is in it", async () => {
    const text = `func.func @kernel(%a: tensor<4xi32>, %x: tensor<i32>) -> tensor<i32> {
  %0 = linalg.generic { indexing_maps = [${maps("i", "i", "")}], iterator_types = [] }
    ins(%a : tensor<4xi32>) outs(%x : tensor<i32>) {
    ^bb0(%p: i32, %q: i32):
      %0 = arith.ori %p, %q : i32
      linalg.yield %0 : i32
  } -> tensor<i32>
  return %0 : tensor<i32>
}
`;
    const graph = normalise(await importModel(new TextEncoder().encode(text), { name: "kernel.mlir" }));
    expect(() => raiseModel(graph)).toThrow(/kernel\.mlir:2:\d+.*no dataflow graph for a body of bitwise-or/);
  });
});
