/** PyTorch operators that work element by element. */
import { binary, castTo, type Lowerings, row, scaled, unary } from "./lowering.ts";
import type { TorchCall } from "./torch-call.ts";

const bounded = (call: TorchCall, minimum: number | undefined, maximum: number | undefined) =>
  call.result("clamp", [call.tensor("self")], { minimum: minimum ?? null, maximum: maximum ?? null });

const numberOr = (call: TorchCall, name: string) => (call.argument(name) === undefined ? undefined : call.number(name));

/** Rows for arithmetic, comparison, logic and activation functions. */
export const elementwise: Lowerings = {
  abs: unary("abs"),
  neg: unary("neg"),
  exp: unary("exp"),
  exp2: unary("exp2"),
  expm1: unary("expm1"),
  log: unary("log"),
  log2: unary("log2"),
  log10: unary("log10"),
  log1p: unary("log1p"),
  sqrt: unary("sqrt"),
  rsqrt: unary("rsqrt"),
  square: unary("square"),
  reciprocal: unary("reciprocal"),
  sin: unary("sin"),
  cos: unary("cos"),
  tan: unary("tan"),
  tanh: unary("tanh"),
  erf: unary("erf"),
  floor: unary("floor"),
  ceil: unary("ceil"),
  round: unary("round"),
  trunc: unary("trunc"),
  sign: unary("sign"),
  relu: unary("relu"),
  relu6: row("self", (call) => bounded(call, 0, 6)),
  sigmoid: unary("sigmoid"),
  silu: unary("silu"),
  mish: unary("mish"),
  hardswish: unary("hard-swish"),
  hardsigmoid: row("self", (call) => call.result("hard-sigmoid", [call.tensor("self")], { alpha: 1 / 6, beta: 0.5 })),
  logical_not: unary("not"),
  bitwise_not: unary("bitwise-not"),
  isnan: unary("is-nan"),
  isinf: unary("is-infinite"),
  gelu: row("self, approximate", (call) =>
    call.result("gelu", [call.tensor("self")], { approximate: call.text("approximate", "none") === "tanh" }),
  ),
  leaky_relu: row("self, negative_slope", (call) =>
    call.result("leaky-relu", [call.tensor("self")], { alpha: call.number("negative_slope", 0.01) }),
  ),
  elu: row("self, alpha, scale, input_scale", (call) =>
    call.result("elu", [call.tensor("self")], { alpha: call.number("alpha", 1) }),
  ),
  softplus: row("self, beta, threshold", (call) => {
    if (call.number("beta", 1) !== 1)
      throw call.unserved("has a beta other than 1", "scale its input and output instead");
    call.result("softplus", [call.tensor("self")]);
  }),
  hardtanh: row("self, min_val, max_val", (call) =>
    bounded(call, call.number("min_val", -1), call.number("max_val", 1)),
  ),
  clamp: row("self, min, max", (call) => bounded(call, numberOr(call, "min"), numberOr(call, "max"))),
  clip: row("self, min, max", (call) => bounded(call, numberOr(call, "min"), numberOr(call, "max"))),
  clamp_min: row("self, min", (call) => bounded(call, call.number("min"), undefined)),
  clamp_max: row("self, max", (call) => bounded(call, undefined, call.number("max"))),
  add: scaled("add"),
  sub: scaled("sub"),
  rsub: scaled("sub", true),
  mul: binary("mul"),
  div: row("self, other, rounding_mode", (call) => {
    const mode = call.argument("rounding_mode");
    const operands = [call.tensor("self"), call.tensor("other")];
    if (mode === "floor") call.result("floor-div", operands);
    else if (mode === "trunc") call.result("trunc", [call.emit("div", operands)]);
    else call.result("div", operands);
  }),
  true_divide: binary("div"),
  floor_divide: binary("floor-div"),
  remainder: binary("mod"),
  pow: row("self, exponent", (call) => call.result("pow", [call.tensor("self"), call.tensor("exponent")])),
  maximum: binary("maximum"),
  minimum: binary("minimum"),
  atan2: binary("atan2"),
  eq: binary("equal"),
  ne: binary("not-equal"),
  lt: binary("less"),
  le: binary("less-equal"),
  gt: binary("greater"),
  ge: binary("greater-equal"),
  logical_and: binary("and"),
  logical_or: binary("or"),
  logical_xor: binary("xor"),
  bitwise_and: binary("bitwise-and"),
  __and__: binary("bitwise-and"),
  bitwise_or: binary("bitwise-or"),
  __or__: binary("bitwise-or"),
  bitwise_xor: binary("bitwise-xor"),
  __xor__: binary("bitwise-xor"),
  where: row("condition, self, other", (call) =>
    call.result("where", [call.tensor("condition"), call.tensor("self"), call.tensor("other")]),
  ),
  masked_fill: row("self, mask, value", (call) =>
    call.result("where", [call.tensor("mask"), call.tensor("value"), call.tensor("self")]),
  ),
  lerp: row("self, end, weight", (call) => {
    const difference = call.emit("sub", [call.tensor("end"), call.tensor("self")]);
    call.result("add", [call.tensor("self"), call.emit("mul", [call.tensor("weight"), difference])]);
  }),
  addcmul: row("self, tensor1, tensor2, value", (call) => {
    const product = call.emit("mul", [call.tensor("tensor1"), call.tensor("tensor2")]);
    call.result("add", [call.tensor("self"), call.emit("mul", [product, call.constant(call.number("value", 1))])]);
  }),
  glu: row("self, dim", (call) => {
    const self = call.tensor("self");
    const axis = call.integer("dim", -1);
    const halves = [call.builder.fresh(`${call.outputs[0]}.half`), call.builder.fresh(`${call.outputs[0]}.half`)];
    call.builder.node({
      op: "split",
      inputs: [self],
      attributes: { axis, parts: 2 },
      outputs: halves,
      place: call.place,
    });
    call.result("mul", [halves[0] as string, call.emit("sigmoid", [halves[1] as string])]);
  }),
  _to_copy: row("self, dtype", (call) => cast(call, "dtype")),
  to: row("self, dtype", (call) => cast(call, "dtype")),
  "to.device": row("self, device, dtype", (call) => cast(call, "dtype")),
  type_as: row("self, other", (call) => {
    const dtype = call.builder.valueOf(call.tensor("other")).dtype;
    call.result("cast", [call.tensor("self")], { dtype: dtype ?? "f32" });
  }),
  float: row("self", (call) => call.result("cast", [call.tensor("self")], { dtype: "f32" })),
  long: row("self", (call) => call.result("cast", [call.tensor("self")], { dtype: "i64" })),
  bool: row("self", (call) => call.result("cast", [call.tensor("self")], { dtype: "bool" })),
};

/** Operators that give their operand back, at least when a model is not being trained. */
export const passedOn: Lowerings = Object.fromEntries(
  ["clone", "contiguous", "detach", "alias", "lift_fresh_copy", "lift", "dropout", "native_dropout", "feature_dropout"]
    .concat(["alpha_dropout", "_assert_tensor_metadata", "positive", "requires_grad_"])
    .map((name) => [name, row("self, p, train", passOn)]),
);

// Dropout calls its operand "input", the others "self".
function passOn(call: TorchCall): void {
  const operand = call.tensor(call.argument("self") === undefined ? "input" : "self");
  const [first = ""] = call.outputs;
  call.builder.node({ op: "identity", inputs: [operand], outputs: [first], place: call.place });
}

function cast(call: TorchCall, parameter: string): void {
  const value = castTo(call, call.tensor("self"), parameter);
  call.result("identity", [value]);
}
