/** Kinds of tasks on numbers in rows: activations, reductions, running values, norms, losses. */

import type { RandomStream } from "@millrace/tensor";
import { folds, losses, startOf, type Unary, unaries } from "./elementwise.ts";
import { type DenseInputs, type Draft, type Family, mapFn, pick, pickSome } from "./family.ts";

const rows = { name: "X", elem: "f32", shape: ["N", "M"], gen: "normal" };
const scalars = { in: "f32", out: "f32" };
const pairs = { in: { tuple: ["f32", "f32"] }, out: "f32" };

const foldFn = ({ name, init, formula }: (typeof folds)[number], elem: unknown = "f32"): object => ({
  name,
  kind: "fold",
  in: elem,
  out: elem,
  init: [init],
  expr: [formula],
});

/** A chain of activations; the functions stand in another order than that of their use. */
const activations: Family = {
  name: "activation",
  like: "L1 19 to 32",
  draw(random) {
    const chain = pickSome(random, unaries, 1 + random.below(3));
    const ops = chain.map(({ name }, at) => ({
      op: "Map",
      fn: name,
      in: [at === 0 ? "X" : `V${at - 1}`],
      out: [`V${at}`],
    }));
    return {
      about: chain.map(({ name }) => name).join(", then "),
      symbols: ["M", "N"],
      inputs: [rows],
      fns: random.shuffle(chain.map(({ name, formula }) => mapFn(name, scalars, formula))),
      output: { elem: "f32", shape: ["N", "M"] },
      reference: { ops, ret: [`V${chain.length - 1}`] },
      dense: ({ inputs }) => inputs.X!.map((x) => chain.reduce((value, { of }) => of(value), x)),
    };
  },
};

/** A reduction over the inner or the outer axis, and perhaps a function of its result. */
const reductions: Family = {
  name: "reduction",
  like: "L1 47 to 49, 53",
  draw(random) {
    const fold = pick(random, folds.slice(0, 3));
    const after = random.below(2) === 0 ? undefined : pick(random, unaries);
    return random.below(2) === 0 ? overInner(fold, after) : overOuter(fold, after);
  },
};

function overInner(fold: (typeof folds)[number], after: Unary | undefined): Draft {
  const ops: object[] = [{ op: "Accum", fn: fold.name, b: 1, in: ["X"], out: ["R"] }];
  if (after !== undefined) ops.push({ op: "Map", fn: after.name, in: ["R"], out: ["Y"] });
  return {
    about: `${fold.name} of every row${after === undefined ? "" : `, then ${after.name}`}`,
    symbols: ["M", "N"],
    inputs: [rows],
    fns: [...(after === undefined ? [] : [mapFn(after.name, scalars, after.formula)]), foldFn(fold)],
    output: { elem: "f32", shape: ["M"] },
    reference: { ops, ret: [after === undefined ? "R" : "Y"] },
    dense: (given) => eachRow(given, "M", (row) => [(after?.of ?? same)(row.reduce(fold.of, startOf(fold)))]),
  };
}

function overOuter(fold: (typeof folds)[number], after: Unary | undefined): Draft {
  const buffer = { buffer: "f32", dims: ["N"] };
  const ops: object[] = [
    { op: "Bufferize", a: 1, in: ["X"], out: ["B"] },
    { op: "Promote", b: 1, in: ["B"], out: ["P"] },
    { op: "Accum", fn: fold.name, b: 1, in: ["P"], out: ["R"] },
    { op: "Streamify", in: ["R"], out: ["S"] },
    { op: "Flatten", level: 1, in: ["S"], out: ["F"] },
  ];
  if (after !== undefined) ops.push({ op: "Map", fn: after.name, in: ["F"], out: ["Y"] });
  return {
    about: `${fold.name} of every column${after === undefined ? "" : `, then ${after.name}`}`,
    symbols: ["M", "N"],
    inputs: [rows],
    fns: [...(after === undefined ? [] : [mapFn(after.name, scalars, after.formula)]), foldFn(fold, buffer)],
    output: { elem: "f32", shape: ["N"] },
    reference: { ops, ret: [after === undefined ? "F" : "Y"] },
    dense({ inputs, sizes }) {
      const [columns, count] = [sizes.N!, sizes.M!];
      return Float64Array.from({ length: columns }, (_, column) => {
        let state = startOf(fold);
        for (let row = 0; row < count; row++) state = fold.of(state, inputs.X![row * columns + column]!);
        return (after?.of ?? same)(state);
      });
    },
  };
}

/** Running sums, products or maxima along rows, perhaps of what a mask leaves. */
const running: Family = {
  name: "running",
  like: "L1 89, 90, 93",
  draw(random) {
    const fold = pick(random, folds);
    const masked = random.below(2) === 1;
    const mask = { name: "G", elem: "f32", shape: ["N", "M"], gen: "uniform01" };
    const ops = [
      ...(masked
        ? [
            { op: "Zip", in: ["X", "G"], out: ["Z"] },
            { op: "Map", fn: "gate", in: ["Z"], out: ["V"] },
          ]
        : []),
      { op: "Scan", fn: fold.name, b: 1, in: [masked ? "V" : "X"], out: ["Y"] },
    ];
    return {
      about: `running ${fold.name} along every row${masked ? ", of X where G is above one half, and of 0.5 elsewhere" : ""}`,
      symbols: ["M", "N"],
      inputs: masked ? [rows, mask] : [rows],
      fns: [foldFn(fold), ...(masked ? [mapFn("gate", pairs, "(x[1]>0.5)*x[0]+(x[1]<=0.5)*0.5")] : [])],
      output: { elem: "f32", shape: ["N", "M"] },
      reference: { ops, ret: ["Y"] },
      dense(given) {
        const { X, G } = given.inputs;
        const gated = masked ? X!.map((x, at) => (G![at]! > 0.5 ? x : 0.5)) : X!;
        return eachRow({ ...given, inputs: { X: gated } }, "M", (row) => {
          let state = startOf(fold);
          return Array.from(row, (x) => {
            state = fold.of(state, x);
            return state;
          });
        });
      },
    };
  },
};

interface Norm {
  readonly name: string;
  readonly before: Unary;
  readonly scale: string;
  readonly scaleOf: (sum: number, count: number) => number;
}

const square: Unary = { name: "square", formula: "x[0]*x[0]", of: (x) => x * x };
const norms: readonly Norm[] = [
  {
    name: "softmax",
    before: { name: "exponential", formula: "exp(x[0])", of: Math.exp },
    scale: "x[0]",
    scaleOf: (sum) => sum,
  },
  { name: "rms_norm", before: square, scale: "sqrt(x[0]/N+0.00001)", scaleOf: (sum, n) => Math.sqrt(sum / n + 1e-5) },
  { name: "l2_norm", before: square, scale: "sqrt(x[0])", scaleOf: (sum) => Math.sqrt(sum) },
  {
    name: "l1_norm",
    before: { name: "magnitude", formula: "abs(x[0])", of: Math.abs },
    scale: "x[0]",
    scaleOf: (sum) => sum,
  },
];

/** A row divided by what its sum of something says. */
const normalizations: Family = {
  name: "normalization",
  like: "L1 23, 36, 38, 39",
  draw(random) {
    const norm = pick(random, norms);
    const shown = norm.name === "softmax";
    // A softmax divides what it sums; the others what came in.
    const copied = shown
      ? [
          { op: "Map", fn: norm.before.name, in: ["X"], out: ["V"] },
          { op: "Copy", in: ["V"], out: ["A", "B"] },
        ]
      : [
          { op: "Copy", in: ["X"], out: ["V", "B"] },
          { op: "Map", fn: norm.before.name, in: ["V"], out: ["A"] },
        ];
    const ops = [
      ...copied,
      { op: "Accum", fn: "add", b: 1, in: ["A"], out: ["S"] },
      { op: "Map", fn: "scale", in: ["S"], out: ["C"] },
      { op: "Repeat", n: "N", in: ["C"], out: ["R"] },
      { op: "Zip", in: ["B", "R"], out: ["Z"] },
      { op: "Map", fn: "divide", in: ["Z"], out: ["Y"] },
    ];
    const { before, scale, scaleOf } = norm;
    return {
      about: `${norm.name} of every row`,
      symbols: ["M", "N"],
      inputs: [rows],
      fns: random.shuffle([
        mapFn(before.name, scalars, before.formula),
        mapFn("scale", scalars, scale),
        mapFn("divide", pairs, "x[0]/x[1]"),
        foldFn(folds[0]!),
      ]),
      output: { elem: "f32", shape: ["N", "M"] },
      reference: { ops, ret: ["Y"] },
      dense: (given) =>
        eachRow(given, "M", (row) => {
          const parts = Array.from(row, before.of);
          const by = scaleOf(
            parts.reduce((sum, one) => sum + one, 0),
            row.length,
          );
          return (shown ? parts : Array.from(row)).map((x) => x / by);
        }),
    };
  },
};

/** The mean of a loss over everything. */
const meanLosses: Family = {
  name: "loss",
  like: "L1 94, 96, 100",
  draw(random: RandomStream) {
    const loss = pick(random, losses);
    const target = { name: "T", elem: "f32", shape: ["N", "M"], gen: "normal" };
    return {
      about: `mean ${loss.name.replace("_", " ")} of X against T`,
      symbols: ["M", "N"],
      inputs: [rows, target],
      fns: random.shuffle([
        mapFn(loss.name, pairs, loss.formula),
        foldFn(folds[0]!),
        mapFn("mean", scalars, "x[0]/(M*N)"),
      ]),
      output: { elem: "f32", shape: ["1"] },
      reference: {
        ops: [
          { op: "Zip", in: ["X", "T"], out: ["Z"] },
          { op: "Map", fn: loss.name, in: ["Z"], out: ["V"] },
          { op: "Promote", b: 2, in: ["V"], out: ["P"] },
          { op: "Accum", fn: "add", b: 2, in: ["P"], out: ["S"] },
          { op: "Map", fn: "mean", in: ["S"], out: ["Y"] },
        ],
        ret: ["Y"],
      },
      dense({ inputs: { X, T } }) {
        return Float64Array.of(X!.reduce((sum, x, at) => sum + loss.of(x, T![at]!), 0) / X!.length);
      },
    };
  },
};

const same = (x: number): number => x;

/** What `of` makes of every row of X, one after the other. */
function eachRow(
  { inputs, sizes }: DenseInputs,
  count: string,
  of: (row: Float64Array) => readonly number[],
): Float64Array {
  const all = inputs.X!;
  const length = all.length / sizes[count]!;
  return Float64Array.from(
    Array.from({ length: sizes[count]! }, (_, row) => of(all.subarray(row * length, (row + 1) * length))).flat(),
  );
}

/** All of them. */
export const rowFamilies: readonly Family[] = [activations, reductions, running, normalizations, meanLosses];
