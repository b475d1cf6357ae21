/** Traced `torch.fx` graphs: their calls brought to ATen's operators, then to neutral ones. */
import { type DiagnosticBag, nearest } from "@millrace/ir-text";
import { ModelError } from "../../errors.ts";
import type { GraphBuilder } from "../../graph/graph-builder.ts";
import type { Attribute } from "../../graph/model-graph.ts";
import { type ModuleCall, moduleCallOf, moduleNames } from "./fx-modules.ts";
import type { FxHints, FxModule, FxRow } from "./fx-rows.ts";
import { loweringOf, lowerTorchCall } from "./lower.ts";
import { parsePrintedType } from "./printed-type.ts";
import { byParameter } from "./python-lexer.ts";
import { placeOf, reported } from "./text-place.ts";
import { isValue, TorchCall } from "./torch-call.ts";

const operators: Readonly<Record<string, string>> = {
  add: "add",
  iadd: "add",
  sub: "sub",
  mul: "mul",
  imul: "mul",
  truediv: "div",
  floordiv: "floor_divide",
  mod: "remainder",
  pow: "pow",
  neg: "neg",
  matmul: "matmul",
  eq: "eq",
  ne: "ne",
  lt: "lt",
  le: "le",
  gt: "gt",
  ge: "ge",
  and_: "bitwise_and",
  or_: "bitwise_or",
};

/** The ATen operator that a Python function or method is, as `aten.NAME`. */
function atenOf(target: string): string {
  const ops = target.replace(/^torch\.ops\./, "");
  if (ops !== target) return ops;
  const name = target.slice(target.lastIndexOf(".") + 1);
  if (/^_?operator\./.test(target)) return `aten.${Object.hasOwn(operators, name) ? operators[name] : name}`;
  return `aten.${name}`;
}

/** Methods whose sizes may be written as arguments of their own: `x.view(a, b)` is `x.view([a, b])`. */
const spreading = new Set(["view", "reshape", "permute", "expand", "repeat", "flip", "squeeze", "tile"]);
/** Functions whose tensors are arguments of their own: `einsum(equation, a, b)`. */
const gathering = new Set(["einsum"]);

/** Adds one row to the graph. */
export function lowerFxRow(builder: GraphBuilder, row: FxRow, bag: DiagnosticBag, hints: FxHints): void {
  reported(bag, row.span, () => {
    switch (row.opcode) {
      case "placeholder":
        declare(builder, row, hints);
        builder.input(row.name, row.target, placeOf(row.span, row.target));
        return;
      case "get_attr":
        declare(builder, row, hints);
        builder.param(row.name, { name: row.target, weight: undefined }, placeOf(row.span, row.target));
        return;
      case "call_function":
      case "call_method":
        call(builder, row);
        return;
      case "call_module":
        moduleCall(builder, row, hints.modules?.[row.target]);
        return;
      case "output":
        outputs(builder, row);
        return;
      default:
        throw new ModelError("program-malformed", `${row.opcode} is no instruction of torch.fx`);
    }
  });
}

function declare(builder: GraphBuilder, row: FxRow, hints: FxHints): void {
  const text = hints.types?.[row.target] ?? hints.types?.[row.name];
  const value = text === undefined ? undefined : parsePrintedType(text, () => {});
  if (value !== undefined) builder.value(row.name, value);
  else if (text !== undefined) throw new ModelError("operator-arguments", `${text} is no type; write it as f32[34, 8]`);
}

function call(builder: GraphBuilder, row: FxRow): void {
  const place = placeOf(row.span, row.name);
  const target = atenOf(row.target);
  const name = target.split(".")[1] ?? "";
  const [first, ...rest] = row.given.positional;
  if (name === "getattr" || name === "getitem") {
    if (!pairPart(builder, row)) (name === "getattr" ? getAttribute : getItem)(builder, row);
    return;
  }
  if (name === "size" && row.opcode === "call_method") {
    const shape = { op: "shape-of", inputs: [nameOf(first)], attributes: {}, place };
    if (rest.length === 0) builder.node({ ...shape, outputs: [row.name] });
    else builder.node({ ...shape, op: "size-of", attributes: { axis: rest[0] ?? 0 }, outputs: [row.name] });
    return;
  }
  let positional: readonly Attribute[] = row.given.positional;
  if (spreading.has(name) && rest.length > 0 && !Array.isArray(rest[0])) positional = [first ?? null, rest];
  if (gathering.has(name) && !Array.isArray(rest[0])) positional = [first ?? null, rest];
  // Without a dimension these have an overload of their own.
  const whole = rest.length === 0 && !row.given.named.has("dim");
  const overload = whole && ["sum", "mean", "prod"].includes(name) ? `aten.${name}.default` : target;
  const parameters = loweringOf(overload)?.parameters ?? [];
  const parts = byParameter(parameters, { positional, named: row.given.named });
  if (parts === undefined)
    throw new ModelError("operator-arguments", `${row.target} has too many arguments`, { place });
  // A call with values and indices: later rows take one of them by name or number.
  const outputs = pairs.has(name) && !whole ? [row.name, `${row.name}.indices`] : [row.name];
  lowerTorchCall(new TorchCall(builder, { target: overload, arguments: parts, outputs, place }));
}

const pairs = new Set(["max", "min", "topk", "sort"]);
const pairFields: readonly (Attribute | undefined)[] = ["values", "indices"];

// `pair.values`, `pair.indices`, `pair[0]` or `pair[1]` of a call with two results.
function pairPart(builder: GraphBuilder, row: FxRow): boolean {
  const [object, field] = row.given.positional;
  const pair = nameOf(object);
  if (!builder.has(`${pair}.indices`)) return false;
  const part = typeof field === "number" ? field : pairFields.indexOf(field);
  if (part !== 0 && part !== 1) return false;
  const inputs = [part === 0 ? pair : `${pair}.indices`];
  builder.node({ op: "identity", inputs, outputs: [row.name], place: placeOf(row.span, row.name) });
  return true;
}

function nameOf(argument: Attribute | undefined): string {
  if (isValue(argument)) return argument.value;
  throw new ModelError("operator-arguments", `expected a value, found ${JSON.stringify(argument)}`);
}

function getAttribute(builder: GraphBuilder, row: FxRow): void {
  const [object, field] = row.given.positional;
  if (field === "shape") {
    builder.node({ op: "shape-of", inputs: [nameOf(object)], outputs: [row.name], place: placeOf(row.span, row.name) });
  } else if (field === "T" || field === "mT") {
    const attributes = { axes: [-2, -1] };
    builder.node({
      op: "swap-axes",
      inputs: [nameOf(object)],
      attributes,
      outputs: [row.name],
      place: placeOf(row.span, row.name),
    });
  } else {
    throw new ModelError("operator-unknown", `attribute ${String(field)} of a tensor is not modelled`, {
      help: "trace the model with torch.export instead",
    });
  }
}

function getItem(builder: GraphBuilder, row: FxRow): void {
  const [object, index] = row.given.positional;
  if (typeof index !== "number" && !isValue(index)) {
    throw new ModelError("operator-unknown", "indexing with slices is not modelled in traced graphs", {
      help: "write it with select, narrow or index_select, or export the model with torch.export",
    });
  }
  const attributes = { axis: 0, index };
  builder.node({
    op: "select",
    inputs: [nameOf(object)],
    attributes,
    outputs: [row.name],
    place: placeOf(row.span, row.name),
  });
}

const unaryModules: ReadonlySet<string> = new Set<FxModule>(["relu", "gelu", "silu", "sigmoid", "tanh", "identity"]);

function moduleCall(builder: GraphBuilder, row: FxRow, module: string | undefined): void {
  const place = placeOf(row.span, row.target);
  if (module === undefined) {
    throw new ModelError("operator-unknown", `calls module ${row.target}, and the graph does not say what it is`, {
      help: `print the model in front of its graph, say it when importing, as modules: { ${JSON.stringify(row.target)}: "linear" }, or export the model with torch.export`,
    });
  }
  const printed = moduleCallOf(module);
  if (printed !== undefined) {
    wholeModule(builder, row, printed);
    return;
  }
  const param = (field: string): string => {
    const name = `${row.name}.${field}`;
    builder.param(name, { name: `${row.target}.${field}`, weight: undefined }, place);
    return name;
  };
  const input = nameOf(row.given.positional[0]);
  const outputs = [row.name];
  if (module === "linear")
    builder.node({ op: "linear", inputs: [input, param("weight"), param("bias")], outputs, place });
  else if (module === "embedding") builder.node({ op: "embedding", inputs: [param("weight"), input], outputs, place });
  else if (module === "layer-norm") {
    const attributes = { rank: 1, epsilon: 1e-5 };
    builder.node({ op: "layer-norm", inputs: [input, param("weight"), param("bias")], attributes, outputs, place });
  } else if (unaryModules.has(module)) builder.node({ op: module, inputs: [input], outputs, place });
  else {
    const near = nearest(module.split("(", 1)[0]!, [
      ...moduleNames,
      ...unaryModules,
      "linear",
      "embedding",
      "layer-norm",
    ]);
    const help = near === undefined ? "export the model with torch.export" : `the nearest known module is ${near}`;
    throw new ModelError("operator-unknown", `module ${row.target} is ${module}, which is not modelled`, { help });
  }
}

/** A module that PyTorch printed: its operator, with its tensors as parameters of the model. */
function wholeModule(builder: GraphBuilder, row: FxRow, module: ModuleCall): void {
  const place = placeOf(row.span, row.target);
  const given = new Map<string, Attribute>([[module.input, { value: nameOf(row.given.positional[0]) }]]);
  for (const field of module.tensors) {
    const name = `${row.target}.${field}`;
    const value = `${row.name}.${field}`;
    builder.param(value, { name, weight: undefined }, place);
    given.set(field, { value });
  }
  for (const [name, argument] of Object.entries(module.arguments)) given.set(name, argument);
  lowerTorchCall(new TorchCall(builder, { target: module.target, arguments: given, outputs: [row.name], place }));
}

function outputs(builder: GraphBuilder, row: FxRow): void {
  const [result] = row.given.positional;
  const items = Array.isArray(result) ? (result as readonly Attribute[]) : [result ?? null];
  for (const item of items.flat())
    if (isValue(item)) builder.output(item.value, item.value, placeOf(row.span, item.value));
}
