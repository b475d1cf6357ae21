/** Loop nests of MLIR (func, scf, arith, memref) as programs of the SCF level. */
import type { ModelGraph, Node } from "@millrace/model-import";
import { EmberError } from "../errors.ts";
import { append, type Block, makeBlock, makeOp, type Program, type Value } from "../ir/op.ts";
import { asMemory, type IrType, isFloat } from "../ir/types.ts";

/** A program and how it is called. */
export interface RaisedNest {
  readonly program: Program;
  /** Names of the model's inputs, parallel to the arguments; a descriptor of a sparse tensor is its number of rows. */
  readonly inputs: readonly string[];
  /** Which argument each output of the model is. */
  readonly outputs: readonly number[];
}

/** Whether a model is a loop nest over memories. */
export function isNest(graph: ModelGraph): boolean {
  return graph.nodes.some(({ op }) => op === "scf.for");
}

/**
 * Raises a loop nest.
 *
 * @throws {EmberError} `unsupported` at the first operation that no level has
 */
export function raiseNest(graph: ModelGraph): RaisedNest {
  const types = graph.inputs.map((input) => argumentType(graph, input));
  const body = makeBlock(types);
  const scope = new Map(graph.inputs.map((input, place) => [input, body.args[place] as Value]));
  for (const node of graph.nodes) convert(node, { graph, scope, block: body });
  body.ops.push(makeOp("func.return", []));
  const outputs = graph.outputs.map((output) => {
    const place = graph.inputs.indexOf(output);
    if (place < 0)
      throw new EmberError("unsupported", `result ${output} is no argument`, { help: "return memory arguments" });
    return place;
  });
  return { program: { name: graph.name.replace(/\W/g, "_") || "nest", body }, inputs: graph.inputNames, outputs };
}

interface Scope {
  readonly graph: ModelGraph;
  readonly scope: Map<string, Value>;
  readonly block: Block;
}

function argumentType(graph: ModelGraph, input: string): IrType {
  const type = graph.values.get(input)?.type ?? "";
  // The descriptor of a sparse tensor: only its first extent is read.
  return asMemory(type) === undefined ? "index" : type;
}

const binary: Readonly<Record<string, readonly [float: string, integer: string]>> = {
  add: ["arith.addf", "arith.addi"],
  sub: ["arith.subf", "arith.subi"],
  mul: ["arith.mulf", "arith.muli"],
  div: ["arith.divf", "arith.divsi"],
  maximum: ["arith.maxf", "arith.maxsi"],
  minimum: ["arith.minf", "arith.minsi"],
  remainder: ["arith.remf", "arith.remsi"],
};
const unary: Readonly<Record<string, string>> = {
  neg: "arith.negf",
  exp: "math.exp",
  sqrt: "math.sqrt",
  abs: "math.absf",
};

function convert(node: Node, place: Scope): void {
  const { scope, block } = place;
  const operands = node.inputs.filter((input) => input !== null).map((input) => find(input, node, scope));
  const define = (value: Value) => scope.set(node.outputs[0] ?? "", value);
  const [first] = operands;
  const arithmetic = binary[node.op];
  const single = unary[node.op];
  if (node.op === "full") define(constant(node, place));
  else if (arithmetic !== undefined && first !== undefined)
    define(append(block, arithmetic[isFloat(first.type) ? 0 : 1], operands, { type: first.type }));
  else if (single !== undefined && first !== undefined) define(append(block, single, operands, { type: first.type }));
  else if (node.op === "memref.load" && first !== undefined)
    define(append(block, "memref.load", operands, { type: asMemory(first.type)?.element ?? "index" }));
  else if (node.op === "memref.store") block.ops.push(makeOp("memref.store", operands));
  else if (node.op === "scf.for") convertLoop(node, place, operands);
  else if (node.op === "cast" && first !== undefined) define(cast(node, place, first));
  else if (node.op === "size-of" && first !== undefined) {
    const axis = append(block, "arith.constant", [], {
      type: "index",
      attributes: { value: Number(node.attributes.axis) },
    });
    define(append(block, "memref.dim", [first, axis], { type: "index" }));
  } else if (node.op === "select" && first?.type === "index" && node.attributes.index === 0) define(first);
  else {
    throw new EmberError(
      "unsupported",
      `line ${node.place.line ?? "?"}: ${node.op} has no place in a decoupled program`,
      {
        help: "loops, loads, stores, and arithmetic on numbers are compiled",
      },
    );
  }
}

function find(name: string, node: Node, scope: ReadonlyMap<string, Value>): Value {
  const value = scope.get(name);
  if (value === undefined)
    throw new EmberError("unsupported", `line ${node.place.line ?? "?"}: ${name} is not defined`);
  return value;
}

function typeOf(node: Node, { graph }: Scope): IrType {
  const { type, dtype } = graph.values.get(node.outputs[0] ?? "") ?? {};
  if (type === "index" || type === undefined) return dtype === undefined || dtype === "i64" ? "index" : dtype;
  return type;
}

function constant(node: Node, place: Scope): Value {
  const type = typeOf(node, place);
  const { value } = node.attributes;
  return append(place.block, "arith.constant", [], {
    type,
    attributes: { value: typeof value === "number" ? value : 0 },
  });
}

function cast(node: Node, place: Scope, from: Value): Value {
  const to = typeOf(node, place);
  if (to === from.type) return from;
  if (isFloat(from.type))
    return append(place.block, to === "f64" ? "arith.extf" : "arith.truncf", [from], { type: to });
  return append(place.block, isFloat(to) ? "arith.sitofp" : "arith.index_cast", [from], { type: to });
}

function convertLoop(node: Node, place: Scope, operands: readonly Value[]): void {
  const [region] = node.regions;
  if (region === undefined) return;
  const types = operands.slice(3).map(({ type }) => type);
  const block = makeBlock(["index", ...types]);
  const scope = new Map(place.scope);
  for (const [at, input] of region.inputs.entries()) scope.set(input, block.args[at] as Value);
  for (const inner of region.nodes) convert(inner, { ...place, scope, block });
  block.ops.push(
    makeOp(
      "scf.yield",
      region.outputs.map((output) => find(output, node, scope)),
    ),
  );
  const op = makeOp("scf.for", operands, { results: types, regions: [block] });
  place.block.ops.push(op);
  for (const [at, output] of node.outputs.entries())
    if (op.results[at] !== undefined) place.scope.set(output, op.results[at]);
}
