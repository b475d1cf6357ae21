/** Kinds of tasks with products: rows times a matrix with what follows, layers, inner products. */
import type { RandomStream } from "@millrace/tensor";
import { type Unary, unaries } from "./elementwise.ts";
import { type Draft, type Family, mapFn, pickSome } from "./family.ts";

const block = (dim: string): object => ({ buffer: "f32", dims: [dim] });
const rows = { name: "X", elem: "f32", shape: ["K", "M"], gen: "normal" };

/** `rows` × matrix, row by row: `matrix` has `inner` rows of `columns`. */
function times(row: readonly number[], matrix: Float64Array, columns: number): number[] {
  return Array.from({ length: columns }, (_, column) =>
    row.reduce((sum, x, at) => sum + x * matrix[at * columns + column]!, 0),
  );
}

/** A row times a matrix, functions of what comes out, and the numbers streamed out again. */
const linears: Family = {
  name: "linear",
  like: "L2 9, 12, 14, 29, 40, 53, 59, 63, 70, 76, 81, 86, 95, 99",
  draw(random) {
    return layered(random, [pickSome(random, unaries, 1 + random.below(3))], ["N"]);
  },
};

/** Two or three layers. */
const perceptrons: Family = {
  name: "perceptron",
  like: "L3 1 to 3",
  draw(random) {
    const layers = 2 + random.below(2);
    const widths = ["N", "D", "K"].slice(0, layers);
    return layered(
      random,
      widths.map((_, layer) => (layer === layers - 1 ? [] : pickSome(random, unaries.slice(0, 5), 1))),
      widths,
    );
  },
};

function layered(random: RandomStream, chains: readonly (readonly Unary[])[], widths: readonly string[]): Draft {
  const fns: object[] = [];
  const ops: object[] = [{ op: "Bufferize", a: 1, in: ["X"], out: ["V0"] }];
  const apply = (name: string): void => {
    ops.push({ op: "Map", fn: name, in: [`V${ops.length - 1}`], out: [`V${ops.length}`] });
  };
  let inner = "K";
  for (const [layer, chain] of chains.entries()) {
    const width = widths[layer]!;
    fns.push(mapFn(`linear${layer}`, { in: block(inner), out: block(width) }, `vecmat(x[0],P["W${layer}"])`));
    apply(`linear${layer}`);
    for (const { name, formula } of chain) {
      fns.push(mapFn(`${name}${layer}`, { in: block(width), out: block(width) }, formula));
      apply(`${name}${layer}`);
    }
    inner = width;
  }
  const last = `V${ops.length - 1}`;
  ops.push({ op: "Streamify", in: [last], out: ["Y"] });
  const said = chains.map((chain, layer) => [`a matrix W${layer}`, ...chain.map(({ name }) => name)].join(", then "));
  return {
    about: `every row times ${said.join(", then times ")}`,
    symbols: ["M", "K", ...new Set(widths.filter((width) => width !== "K"))],
    inputs: [rows],
    params: widths.map((width, layer) => ({
      name: `W${layer}`,
      shape: [width, layer === 0 ? "K" : widths[layer - 1]!],
    })),
    fns: random.shuffle(fns),
    output: { elem: "f32", shape: [inner, "M"] },
    reference: { ops, ret: ["Y"] },
    dense({ inputs, params, sizes }) {
      const length = sizes.K!;
      const results = Array.from({ length: sizes.M! }, (_, row) => {
        let values = Array.from(inputs.X!.subarray(row * length, (row + 1) * length));
        for (const [layer, chain] of chains.entries()) {
          values = times(values, params[`W${layer}`]!, sizes[widths[layer]!]!);
          for (const { of } of chain) values = values.map(of);
        }
        return values;
      });
      return Float64Array.from(results.flat());
    },
  };
}

/** Inner products of rows that come in pairs, or of every row with one vector. */
const products: Family = {
  name: "product",
  like: "L1 4, 5, 12",
  draw(random) {
    return random.below(2) === 0 ? innerProducts() : matrixVector();
  },
};

function innerProducts(): Draft {
  return {
    about: "the inner product of every row of X with the same row of T",
    symbols: ["M", "K"],
    inputs: [rows, { ...rows, name: "T" }],
    fns: [
      { name: "add", kind: "fold", in: "f32", out: "f32", init: [0], expr: ["s[0]+x[0]"] },
      mapFn("multiply", { in: { tuple: ["f32", "f32"] }, out: "f32" }, "x[0]*x[1]"),
    ],
    output: { elem: "f32", shape: ["M"] },
    reference: {
      ops: [
        { op: "Zip", in: ["X", "T"], out: ["Z"] },
        { op: "Map", fn: "multiply", in: ["Z"], out: ["V"] },
        { op: "Accum", fn: "add", b: 1, in: ["V"], out: ["Y"] },
      ],
      ret: ["Y"],
    },
    dense({ inputs: { X, T }, sizes }) {
      const sums = new Float64Array(sizes.M!);
      for (const [at, x] of X!.entries()) sums[Math.floor(at / sizes.K!)]! += x * T![at]!;
      return sums;
    },
  };
}

function matrixVector(): Draft {
  return {
    about: "a matrix times a vector w",
    symbols: ["M", "K"],
    inputs: [rows],
    params: [{ name: "w", shape: ["K"] }],
    fns: [mapFn("weigh", { in: block("K"), out: "f32" }, 'dot(x[0],P["w"])')],
    output: { elem: "f32", shape: ["M"] },
    reference: {
      ops: [
        { op: "Bufferize", a: 1, in: ["X"], out: ["B"] },
        { op: "Map", fn: "weigh", in: ["B"], out: ["Y"] },
      ],
      ret: ["Y"],
    },
    dense({ inputs, params, sizes }) {
      const sums = new Float64Array(sizes.M!);
      for (const [at, x] of inputs.X!.entries()) sums[Math.floor(at / sizes.K!)]! += x * params.w![at % sizes.K!]!;
      return sums;
    },
  };
}

/** All of them. */
export const matrixFamilies: readonly Family[] = [linears, perceptrons, products];
