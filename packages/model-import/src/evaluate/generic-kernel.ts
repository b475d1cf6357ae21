/** A `generic` node: its body at every point of its loops, on single numbers. */
import { ModelError } from "../errors.ts";
import type { Node, Region } from "../graph/model-graph.ts";
import { denseStrides } from "../graph/weight.ts";
import type { Environment } from "./environment.ts";
import type { ModelTensor } from "./model-tensor.ts";

const mostPoints = 2 ** 27;

/** Stands for an entry that a sparse operand does not have. */
const absent: ModelTensor = { dtype: "f64", shape: [0], values: new Float64Array(0) };

interface Access {
  readonly tensor: ModelTensor;
  readonly argument: string;
  /** How far the element moves with each loop. */
  readonly steps: readonly number[];
  readonly offset: number;
  readonly sparse: boolean;
}

/** Runs a generic node; outputs start from what their operands hold. */
export function genericKernel(node: Node, environment: Environment, run: (inner: Node) => void): void {
  const [body] = node.regions;
  if (body === undefined) return;
  const loops = Number(node.attributes.loops);
  const split = Number(node.attributes.inputs);
  const maps = node.attributes.maps as readonly (readonly number[])[];
  const tensors = node.inputs.map((name, index) => {
    const tensor = environment.get(name ?? "");
    return index < split ? tensor : { ...tensor, values: tensor.values.slice() };
  });
  const extents = new Array<number>(loops).fill(1);
  for (const [index, map] of maps.entries()) {
    for (const [axis, loop] of map.entries()) if (loop >= 0) extents[loop] = tensors[index]?.shape[axis] ?? 1;
  }
  const accesses = tensors.map((tensor, index) =>
    accessOf(tensor, maps[index] ?? [], {
      loops,
      argument: body.inputs[index] ?? "",
      sparse: isSparse(environment, node.inputs[index] ?? ""),
    }),
  );
  const points = extents.reduce((a, b) => a * b, 1);
  if (!(points <= mostPoints))
    throw new ModelError("too-large", `${points} points; at most ${mostPoints} are evaluated`, { place: node.place });
  const index = new Array<number>(loops).fill(0);
  for (let point = 0; point < points; point++) {
    atPoint({ body, accesses, split, index }, environment, run);
    for (let loop = loops - 1; loop >= 0; loop--) {
      index[loop] = (index[loop] ?? 0) + 1;
      if ((index[loop] ?? 0) < (extents[loop] ?? 1)) break;
      index[loop] = 0;
    }
  }
  for (const [at, name] of node.outputs.entries()) {
    const result = tensors[split + at];
    if (result !== undefined) environment.set(name, result);
  }
}

function isSparse(environment: Environment, name: string): boolean {
  return environment.graph.values.get(name)?.encoding !== undefined;
}

function accessOf(
  tensor: ModelTensor,
  map: readonly number[],
  parts: { loops: number; argument: string; sparse: boolean },
): Access {
  const strides = denseStrides(tensor.shape);
  const steps = new Array<number>(parts.loops).fill(0);
  let offset = 0;
  for (const [axis, loop] of map.entries()) {
    if (loop >= 0) steps[loop] = (steps[loop] ?? 0) + (strides[axis] ?? 0);
    else offset += (-1 - loop) * (strides[axis] ?? 0);
  }
  return { tensor, argument: parts.argument, steps, offset, sparse: parts.sparse };
}

interface Point {
  readonly body: Region;
  readonly accesses: readonly Access[];
  readonly split: number;
  readonly index: readonly number[];
}

function atPoint({ body, accesses, split, index }: Point, environment: Environment, run: (inner: Node) => void): void {
  const places = accesses.map(({ steps, offset }) =>
    steps.reduce((sum, step, loop) => sum + step * (index[loop] ?? 0), offset),
  );
  for (const [at, { tensor, argument, sparse }] of accesses.entries()) {
    const value = tensor.values[places[at] ?? 0] ?? 0;
    const missing = sparse && at < split && value === 0;
    environment.share(argument, missing ? absent : { dtype: tensor.dtype, shape: [], values: Float64Array.of(value) });
  }
  for (const inner of body.nodes) scalarStep(inner, environment, { index, run });
  for (const [at, name] of body.outputs.entries()) {
    const access = accesses[split + at];
    const result = environment.get(name);
    if (access !== undefined && result !== absent)
      access.tensor.values[places[split + at] ?? 0] = result.values[0] ?? 0;
  }
}

/** Where the loops stand, and what runs a step that is plain arithmetic. */
interface Stepping {
  readonly index: readonly number[];
  readonly run: (inner: Node) => void;
}

// Arithmetic takes an absent entry as zero; the semiring operators look at it.
function scalarStep(node: Node, environment: Environment, at: Stepping): void {
  if (node.op.startsWith("semiring-")) {
    semiring(node, environment, at);
    return;
  }
  if (node.op === "loop-index") {
    const loop = at.index[Number(node.attributes.axis)] ?? 0;
    environment.share(node.outputs[0] ?? "", { dtype: "i64", shape: [], values: Float64Array.of(loop) });
    return;
  }
  const missing = node.inputs.filter((name): name is string => name !== null && environment.find(name) === absent);
  for (const name of missing) environment.share(name, { dtype: "f64", shape: [], values: Float64Array.of(0) });
  at.run(node);
  for (const name of missing) environment.share(name, absent);
}

function semiring(node: Node, environment: Environment, at: Stepping): void {
  const [a = "", b = ""] = node.inputs.map((name) => name ?? "");
  const [hasA, hasB] = [environment.get(a) !== absent, b !== "" && environment.get(b) !== absent];
  const [output = ""] = node.outputs;
  const give = (tensor: ModelTensor) => environment.share(output, tensor);
  const apply = (form: unknown, operands: readonly string[]) => {
    const region = typeof form === "number" ? node.regions[form] : undefined;
    if (region === undefined) {
      give(form === "identity" ? environment.get(operands[0] ?? "") : absent);
      return;
    }
    for (const [index, input] of region.inputs.entries())
      environment.share(input, environment.get(operands[index] ?? ""));
    for (const inner of region.nodes) scalarStep(inner, environment, at);
    give(environment.get(region.outputs[0] ?? ""));
  };
  if (node.op === "semiring-unary") apply(hasA ? node.attributes.present : node.attributes.absent, [a]);
  else if (node.op === "semiring-reduce") {
    if (hasA && hasB) apply(0, [a, b]);
    else give(environment.get(hasA ? a : b));
  } else if (hasA && hasB) apply(node.attributes.overlap, [a, b]);
  else if (hasA) apply(node.attributes.left, [a]);
  else if (hasB) apply(node.attributes.right, [b]);
  else give(absent);
}
