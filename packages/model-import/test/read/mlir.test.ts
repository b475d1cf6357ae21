import { readdirSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { evaluate, importModel, type ModelTensor, normalise, printEncoding } from "../../src/index.ts";
import { sample } from "../support/samples.ts";

interface Program {
  readonly argOrder: readonly string[];
  readonly inputs: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly coo: readonly (readonly number[])[] }>
  >;
  readonly output: { readonly shape: readonly number[]; readonly data: readonly unknown[] };
}

const files = readdirSync(new URL("../data/mlir", import.meta.url)).filter((name) => name.endsWith(".mlir"));
const text = (content: string) => new TextEncoder().encode(content);
const read = (content: string, model?: string) =>
  importModel(text(content), { name: "a.mlir", ...(model === undefined ? {} : { model }) });
const tensor = (shape: number[], ...values: number[]): ModelTensor => ({
  dtype: "f32",
  shape,
  values: Float64Array.from(values),
});
const indices = (...values: number[]): ModelTensor => ({
  dtype: "i64",
  shape: [values.length],
  values: Float64Array.from(values),
});

function spread({ shape, coo }: Program["inputs"][string]): ModelTensor {
  const values = new Float64Array(shape.reduce((a, b) => a * b, 1));
  for (const entry of coo)
    values[shape.reduce((at, extent, axis) => at * extent + (entry[axis] ?? 0), 0)] = entry[shape.length] ?? 0;
  return { dtype: "f32", shape, values };
}

describe("a program with sparse tensors", () => {
  it.each(files)("%s gives the recorded result", async (file) => {
    const graph = normalise(await importModel(sample(`mlir/${file}`), { name: file }));
    const recorded = sample(`mlir/${file.replace(/(\.generic)?\.mlir$/, "")}.io.json.gz`);
    const program: Program = JSON.parse(Buffer.from(gunzipSync(recorded)).toString());
    const { outputs } = await evaluate(
      graph,
      program.argOrder.map((name) => spread(program.inputs[name] ?? { shape: [], coo: [] })),
    );
    expect(outputs[0]?.shape).toEqual(program.output.shape);
    const expected = program.output.data.flat(8) as number[];
    const errors = expected.map((value, at) => Math.abs(value - (outputs[0]?.values[at] ?? Number.NaN)));
    expect(Math.max(...errors)).toBeLessThan(1e-5);
  });

  it.each(files.filter((name) => name.endsWith(".generic.mlir")))(
    "%s is the same graph as its printed form",
    async (file) => {
      const generic = await importModel(sample(`mlir/${file}`), { name: file });
      const pretty = await importModel(sample(`mlir/${file.replace(".generic", "")}`), { name: file });
      const operators = (graph: typeof generic) => normalise(graph).nodes.map(({ op, attributes }) => [op, attributes]);
      expect(operators(generic)).toEqual(operators(pretty));
      expect(generic.inputs.map((name) => generic.values.get(name)?.format)).toEqual(
        pretty.inputs.map((name) => pretty.values.get(name)?.format),
      );
    },
  );

  it("is raised to products, softmax and relu, and keeps its formats", async () => {
    const graph = normalise(await importModel(sample("mlir/gcn2_karate.mlir"), { name: "gcn" }));
    expect(graph.nodes.map(({ op }) => op)).toEqual([
      "matmul",
      "matmul",
      "add",
      "relu",
      "matmul",
      "matmul",
      "add",
      "max",
      "sub",
      "exp",
      "sum",
      "div",
    ]);
    expect(graph.tags.map(({ pattern }) => pattern)).toEqual(["softmax"]);
    expect(graph.values.get("A")?.format).toEqual({
      levels: [{ kind: "compressed" }, { kind: "compressed" }],
      modeOrder: [0, 1],
    });
  });
});

describe("an encoding", () => {
  const encoded = async (encoding: string, shape: string) => {
    const graph = await read(
      `#E = ${encoding}\nfunc.func @main(%a: tensor<${shape}xf32, #E>) -> tensor<${shape}xf32, #E> {\n  return %a : tensor<${shape}xf32, #E>\n}\n`,
    );
    return graph.values.get("a");
  };
  it.each([
    ["(d0, d1) -> (d0 : dense, d1 : compressed)", "4x4"],
    ["(d0, d1) -> (d1 : dense, d0 : compressed), posWidth = 32, crdWidth = 16", "4x4"],
    ["(d0, d1) -> (d0 : compressed(nonunique), d1 : singleton)", "4x4"],
    ["(d0, d1) -> (d0 : compressed(nonunique), d1 : singleton(soa))", "4x4"],
    ["(d0, d1) -> (d0 : dense, d1 : loose_compressed)", "4x4"],
    ["(d0, d1) -> (d0 floordiv 2 : dense, d1 floordiv 2 : compressed, d0 mod 2 : dense, d1 mod 2 : dense)", "4x4"],
    ["(d0, d1) -> (d0 : dense, d1 floordiv 4 : dense, d1 mod 4 : structured[2, 4])", "4x8"],
    ["(d0, d1) -> (d0 : batch, d1 : compressed(nonordered))", "4x4"],
  ])("%s prints back", async (map, shape) => {
    const [levels = "", ...widths] = map.split(/, (?=posWidth|crdWidth)/);
    const value = await encoded(
      `#sparse_tensor.encoding<{ map = ${levels}${widths.map((width) => `, ${width}`).join("")} }>`,
      shape,
    );
    expect(printEncoding(value!.encoding!)).toBe(
      `#sparse_tensor.encoding<{ map = ${levels}${widths.map((width) => `, ${width}`).join("")} }>`,
    );
  });

  it("in the syntax before MLIR 17 means the same", async () => {
    const value = await encoded(
      '#sparse_tensor.encoding<{ dimLevelType = [ "dense", "compressed-nu" ], dimOrdering = affine_map<(i,j) -> (j,i)>, pointerBitWidth = 32 }>',
      "4x4",
    );
    expect(printEncoding(value!.encoding!)).toBe(
      "#sparse_tensor.encoding<{ map = (d0, d1) -> (d1 : dense, d0 : compressed(nonunique)), posWidth = 32 }>",
    );
  });

  it("of blocks is a format with block levels", async () => {
    const graph = await importModel(sample("mlir/bsr4_spmm.mlir"), { name: "bsr" });
    expect(graph.values.get("A")?.format).toEqual({
      levels: [
        { kind: "dense" },
        { kind: "compressed" },
        { kind: "block", blockSize: 4 },
        { kind: "block", blockSize: 4 },
      ],
      modeOrder: [0, 1, 0, 1],
    });
  });
});

// Two bags of rows 1, 3 and of rows 0, 4, 4, with an empty one between them; T[i, j] = 10 i + j.
const table = tensor([5, 4], ...Array.from({ length: 20 }, (_, at) => 10 * Math.floor(at / 4) + (at % 4)));
const bags = [indices(0, 2, 2, 5), indices(1, 3, 0, 4, 4)];
const specifier = indices(3, 5, 4, 5, 5);

describe("an embedding program", () => {
  const adjacency = tensor([3, 5], 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2);
  const zeros = () => tensor([3, 4], ...new Array<number>(12).fill(0));

  it("as loops over memory gives sums of bags, empty ones included", async () => {
    const graph = await importModel(sample("ember-mlir/sls.scf.mlir"), { name: "sls.scf.mlir" });
    const { outputs } = await evaluate(graph, [...bags, tensor([5], 1, 1, 1, 1, 1), specifier, table, zeros()]);
    expect([...(outputs[0]?.values ?? [])]).toEqual([40, 42, 44, 46, 0, 0, 0, 0, 80, 83, 86, 89]);
  });

  it("as linalg with a semiring gives the same where ids do not repeat", async () => {
    const graph = await importModel(sample("ember-mlir/sls.linalg.mlir"), { name: "sls.linalg.mlir" });
    const { outputs } = await evaluate(graph, [adjacency, table, zeros()]);
    expect([...(outputs[0]?.values ?? [])]).toEqual([40, 42, 44, 46, 0, 0, 0, 0, 40, 42, 44, 46]);
  });

  it.each(["kg_maxplus", "spmm"])("%s gives the same as linalg and as loops", async (name) => {
    const linalg = await importModel(sample(`ember-mlir/${name}.linalg.mlir`), { name });
    const loops = await importModel(sample(`ember-mlir/${name}.scf.mlir`), { name });
    const values = tensor([4], 1, 1, 1, 2);
    const stored = [indices(0, 2, 2, 4), indices(1, 3, 0, 4), values];
    const lowest = () => tensor([3, 4], ...new Array<number>(12).fill(name === "spmm" ? 0 : -1000));
    const [a, b] = [
      await evaluate(linalg, [adjacency, table, lowest()]),
      await evaluate(loops, [...stored, specifier, table, lowest()]),
    ];
    expect([...(a.outputs[0]?.values ?? [])]).toEqual([...(b.outputs[0]?.values ?? [])]);
    expect(a.outputs[0]?.values[8]).toBe(name === "spmm" ? 80 : 42);
  });
});

describe("an operation that is not modelled", () => {
  it.each([
    [
      "%s = sparse_tensor.assemble (%p, %i), %d : (tensor<2xindex>, tensor<3x2xindex>), tensor<3xf64>",
      "sparse_tensor.assemble",
    ],
    ["%m = memref.alloc(%c) : memref<?xindex>", "memref.alloc"],
  ])("is named, whatever follows it: %s", async (operation, name) => {
    const text = `module {\n  func.func @main(%c: index) {\n    ${operation}\n    return\n  }\n}\n`;
    const read = importModel(new TextEncoder().encode(text), { name: "a.mlir" });
    await expect(read).rejects.toThrow(`a.mlir:3:10: error: operation '${name}' is not modelled`);
  });

  it("is named with its line", async () => {
    await expect(importModel(sample("ember-mlir/sls.vectorized-vl16.mlir"), { name: "v.mlir" })).rejects.toThrow(
      /v\.mlir:\d+:\d+: error: operation 'affine\.\w+' is not modelled/,
    );
  });

  it("does not hide other functions of the file", async () => {
    const content =
      "func.func @f(%a: tensor<2xf32>) -> tensor<2xf32> {\n  %0 = gpu.wait %a : tensor<2xf32>\n  return %0 : tensor<2xf32>\n}\nfunc.func @g(%a: tensor<2xf32>) -> tensor<2xf32> {\n  return %a : tensor<2xf32>\n}\n";
    expect((await read(content)).name).toBe("g");
    await expect(read(content, "f")).rejects.toThrow(/a\.mlir:2:8: error: operation 'gpu\.wait' is not modelled/);
    await expect(read(content, "h")).rejects.toThrow();
  });
});
