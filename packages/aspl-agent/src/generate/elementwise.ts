/** Functions of numbers that generated tasks are made of: as formulas for programs, and as code for the dense evaluation. */

/** A function of one number. */
export interface Unary {
  readonly name: string;
  readonly formula: string;
  readonly of: (x: number) => number;
}

/** Activations and the like; on buffers they work place by place. */
export const unaries: readonly Unary[] = [
  { name: "relu", formula: "relu(x[0])", of: (x) => Math.max(x, 0) },
  { name: "leaky_relu", formula: "max2(x[0],0.1*x[0])", of: (x) => (x > 0 ? x : x / 10) },
  { name: "sigmoid", formula: "sigmoid(x[0])", of: (x) => 1 / (1 + Math.exp(-x)) },
  { name: "tanh", formula: "tanh(x[0])", of: (x) => 1 - 2 / (Math.exp(2 * x) + 1) },
  { name: "swish", formula: "silu(x[0])", of: (x) => x / (1 + Math.exp(-x)) },
  { name: "softplus", formula: "log(1+exp(x[0]))", of: (x) => Math.log1p(Math.exp(x)) },
  { name: "hardtanh", formula: "max2(-1,min2(1,x[0]))", of: (x) => Math.min(1, Math.max(-1, x)) },
  { name: "softsign", formula: "x[0]/(1+abs(x[0]))", of: (x) => x / (1 + Math.abs(x)) },
  { name: "halve", formula: "x[0]/2", of: (x) => x * 0.5 },
  { name: "increment", formula: "x[0]+1", of: (x) => 1 + x },
  { name: "negate", formula: "-x[0]", of: (x) => 0 - x },
];

/** A function of two numbers. */
export interface Binary {
  readonly name: string;
  readonly formula: string;
  readonly of: (x: number, y: number) => number;
}

/** What losses measure of a prediction and a target. */
export const losses: readonly Binary[] = [
  { name: "squared_error", formula: "(x[0]-x[1])*(x[0]-x[1])", of: (x, y) => (x - y) ** 2 },
  { name: "absolute_error", formula: "abs(x[0]-x[1])", of: (x, y) => Math.abs(x - y) },
  { name: "hinge", formula: "max2(0,1-x[0]*x[1])", of: (x, y) => Math.max(0, 1 - x * y) },
];

/** A fold of numbers. */
export interface FoldOf {
  readonly name: string;
  readonly init: number | "-inf" | "inf";
  readonly formula: string;
  readonly of: (state: number, x: number) => number;
}

/** Reductions; `multiply` is for running products. */
export const folds: readonly FoldOf[] = [
  { name: "add", init: 0, formula: "s[0]+x[0]", of: (s, x) => s + x },
  { name: "largest", init: "-inf", formula: "max2(s[0],x[0])", of: (s, x) => Math.max(x, s) },
  { name: "smallest", init: "inf", formula: "min2(s[0],x[0])", of: (s, x) => Math.min(x, s) },
  { name: "multiply", init: 1, formula: "s[0]*x[0]", of: (s, x) => s * x },
];

/** Where a fold starts, as a number. */
export function startOf({ init }: FoldOf): number {
  return init === "inf" ? Number.POSITIVE_INFINITY : init === "-inf" ? Number.NEGATIVE_INFINITY : init;
}
