/** Runs one node: its attributes resolved, its kernel called, its results kept. */
import { nearest } from "@millrace/ir-text";
import { ModelError } from "../errors.ts";
import type { Attribute, Node } from "../graph/model-graph.ts";
import { evaluateSize, type Size } from "../graph/size.ts";
import { controlKernels } from "./control-kernels.ts";
import type { Environment } from "./environment.ts";
import type { KernelCall } from "./kernel.ts";
import { kernels } from "./registry.ts";

/** @throws {ModelError} `operator-unsupported` and whatever the kernel refuses, with the node's place */
export function runNode(node: Node, environment: Environment): void {
  const control = controlKernels.get(node.op);
  try {
    if (control !== undefined) {
      control(node, environment, (inner) => runNode(inner, environment));
      return;
    }
    const kernel = kernels.get(node.op);
    if (kernel === undefined) throw unsupported(node);
    const results = kernel(callOf(node, environment));
    const list = Array.isArray(results) ? results : [results];
    for (const [index, name] of node.outputs.entries()) {
      const result = list[index];
      if (result !== undefined) environment.set(name, result);
    }
  } catch (cause) {
    if (!(cause instanceof ModelError) || cause.place !== undefined) throw cause;
    throw new ModelError(cause.code, `${node.op}: ${cause.message}`, { place: node.place, help: cause.help, cause });
  }
}

/** Whether the reference evaluator can run an operator. */
export function canEvaluate(op: string): boolean {
  return kernels.has(op) || controlKernels.has(op);
}

function unsupported(node: Node): ModelError {
  const similar = nearest(node.op, kernels.keys());
  return new ModelError("operator-unsupported", `operator ${node.op} is imported, but cannot be evaluated`, {
    place: node.place,
    help: similar === undefined ? "cut the model before this node" : `the nearest operator that can be is ${similar}`,
  });
}

function callOf(node: Node, environment: Environment): KernelCall {
  const attributes: Record<string, Attribute> = {};
  for (const [key, attribute] of Object.entries(node.attributes)) attributes[key] = resolved(attribute, environment);
  const inputs = node.inputs.map((name) => (name === null ? null : environment.get(name)));
  return { node, inputs, attributes };
}

function resolved(attribute: Attribute, environment: Environment): Attribute {
  if (Array.isArray(attribute)) return attribute.map((item: Attribute) => resolved(item, environment));
  if (typeof attribute !== "object" || attribute === null) return attribute;
  if ("value" in attribute) return environment.get(attribute.value).values[0] ?? 0;
  return evaluateSize(attribute as Size, environment.sizes);
}
