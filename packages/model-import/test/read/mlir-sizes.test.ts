import { describe, expect, it } from "vitest";
import { evaluate, importModel, type ModelTensor, normalise, printSize } from "../../src/index.ts";

const read = async (text: string) =>
  normalise(await importModel(new TextEncoder().encode(text), { name: "open.mlir" }));
const tensor = (shape: number[], ...values: number[]): ModelTensor => ({
  dtype: "f64",
  shape,
  values: Float64Array.from(values),
});
const shapes = (graph: Awaited<ReturnType<typeof read>>) =>
  [...graph.inputs, ...graph.outputs].map((name) => graph.values.get(name)?.shape?.map(printSize).join(" x "));

const product = `#rows = {
  indexing_maps = [affine_map<(i,j) -> (i,j)>, affine_map<(i,j) -> (j)>, affine_map<(i,j) -> (i)>],
  iterator_types = ["parallel", "reduction"]
}
func.func @rows(%a: tensor<?x?xf64>, %b: tensor<SIZExf64>, %x: tensor<?xf64>) -> tensor<?xf64> {
  %y = linalg.generic #rows ins(%a, %b : tensor<?x?xf64>, tensor<SIZExf64>) outs(%x : tensor<?xf64>) {
    ^bb0(%p: f64, %q: f64, %r: f64):
      %m = arith.mulf %p, %q : f64
      %s = arith.addf %r, %m : f64
      linalg.yield %s : f64
  } -> tensor<?xf64>
  return %y : tensor<?xf64>
}
`;

describe("sizes that a text leaves open", () => {
  it("are one where one loop runs over them, named after the first input", async () => {
    const graph = await read(product.replaceAll("SIZE", "?"));
    expect(shapes(graph)).toEqual(["a.0 x a.1", "a.1", "a.0", "a.0"]);
    expect([...graph.symbols.keys()]).toEqual(["a.0", "a.1"]);
    const { outputs } = await evaluate(graph, [
      tensor([2, 3], 1, 2, 3, 4, 5, 6),
      tensor([3], 1, 0, 2),
      tensor([2], 10, 20),
    ]);
    expect([...outputs[0]!.values]).toEqual([17, 36]);
    const short = evaluate(graph, [tensor([2, 3], 1, 2, 3, 4, 5, 6), tensor([2], 1, 0), tensor([2], 0, 0)]);
    await expect(short).rejects.toThrow("input b is 2, the model takes a.1: axis 0 is 2 instead of 3");
  });

  it("are numbers where one of them is", async () => {
    expect(shapes(await read(product.replaceAll("SIZE", "7")))).toEqual(["a.0 x 7", "7", "a.0", "a.0"]);
  });

  it("that would be two numbers are refused where they meet", async () => {
    const text = product.replaceAll("SIZE", "7").replaceAll("tensor<?x?xf64>", "tensor<?x8xf64>");
    await expect(read(text)).rejects.toThrow("one loop runs over 8 along axis 1 of %a and over 7 along axis 0 of %b");
  });

  it("pass through named operations, sizes of tensors, and tensors made of them", async () => {
    const graph = await read(`func.func @chain(%a: tensor<?x?xf64>, %b: tensor<?x?xf64>) -> tensor<?x?xf64> {
  %zero = arith.constant 0.0 : f64
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = tensor.dim %a, %c0 : tensor<?x?xf64>
  %n = tensor.dim %b, %c1 : tensor<?x?xf64>
  %e = tensor.empty(%m, %n) : tensor<?x?xf64>
  %f = linalg.fill ins(%zero : f64) outs(%e : tensor<?x?xf64>) -> tensor<?x?xf64>
  %p = linalg.matmul ins(%a, %b : tensor<?x?xf64>, tensor<?x?xf64>) outs(%f : tensor<?x?xf64>) -> tensor<?x?xf64>
  %q = linalg.exp ins(%p : tensor<?x?xf64>) outs(%e : tensor<?x?xf64>) -> tensor<?x?xf64>
  bufferization.dealloc_tensor %p : tensor<?x?xf64>
  return %q : tensor<?x?xf64>
}
`);
    expect(shapes(graph)).toEqual(["a.0 x a.1", "a.1 x b.1", "a.0 x b.1"]);
    // A product into zeros needs no sum with them.
    expect(graph.nodes.map(({ op }) => op)).toEqual(["matmul", "exp"]);
  });
});

describe("a body", () => {
  const body = (out: string, steps: string) => `#each = {
  indexing_maps = [affine_map<(i,j) -> (i,j)>],
  iterator_types = ["parallel", "parallel"]
}
func.func @each(%a: tensor<?x?xf64>) -> tensor<?x?xf64> {
  %two = arith.constant 2.0 : f64
  %0 = linalg.generic #each outs(%a : tensor<?x?xf64>) {
    ^bb0(%x: f64):
${steps}
      linalg.yield ${out} : f64
  } -> tensor<?x?xf64>
  return %0 : tensor<?x?xf64>
}
`;
  const given = () => tensor([2, 3], 1, 2, 3, 4, 5, 6);

  it("that works on its output in place is element-wise", async () => {
    const graph = await read(body("%y", "      %y = arith.mulf %x, %two : f64"));
    expect(graph.nodes.map(({ op }) => op)).toEqual(["full", "mul"]);
    expect([...(await evaluate(graph, [given()])).outputs[0]!.values]).toEqual([2, 4, 6, 8, 10, 12]);
  });

  it("reads where the loops stand", async () => {
    const steps = `      %i = linalg.index 0 : index
      %j = linalg.index 1 : index
      %lower = arith.cmpi "ult", %i, %j : index
      %y = arith.select %lower, %two, %x : f64`;
    const graph = await read(body("%y", steps));
    expect([...(await evaluate(graph, [given()])).outputs[0]!.values]).toEqual([1, 2, 2, 4, 5, 2]);
  });
});

describe("a driver function", () => {
  it("is refused with what to do instead", async () => {
    const text =
      "func.func @main(%f: index) -> tensor<4xf64> {\n  %t = sparse_tensor.new %f : index to tensor<4xf64>\n  return %t : tensor<4xf64>\n}\n";
    await expect(read(text)).rejects.toThrow(/'sparse_tensor\.new' is not modelled/);
    const refused = await read(text).catch((error: { diagnostics: { hint?: string }[] }) => error);
    expect(JSON.stringify(refused)).toContain("make the tensor an argument of the function");
  });
});
