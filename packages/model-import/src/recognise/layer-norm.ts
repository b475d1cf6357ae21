import type { Node, Tag } from "../graph/model-graph.ts";
import { type Matcher, operandOf, resultOf, tagOf } from "./matcher.ts";

/** Layer norm: whole, or as (x - mean) / sqrt(variance + epsilon), scaled and shifted or not. */
export function recogniseLayerNorm(matcher: Matcher): Tag[] {
  return matcher.graph.nodes.flatMap((node) => {
    if (node.op === "layer-norm") return [whole(matcher, node)];
    const found = node.op === "div" || node.op === "mul" ? decomposed(matcher, node) : undefined;
    return found === undefined ? [] : [found];
  });
}

function whole(matcher: Matcher, node: Node): Tag {
  const [data, weight, bias] = node.inputs;
  const roles = {
    data: data ?? "",
    result: resultOf(node),
    ...(typeof weight === "string" ? { weight } : {}),
    ...(typeof bias === "string" ? { bias } : {}),
  };
  return tagOf(matcher, "layer-norm", {
    nodes: [node],
    roles,
    attributes: { epsilon: node.attributes.epsilon ?? 1e-5 },
  });
}

function decomposed(matcher: Matcher, node: Node): Tag | undefined {
  const root =
    node.op === "div"
      ? operandOf(node, 1)
      : matcher.either(node, (value) => inverse(matcher, value) !== undefined)?.hit;
  if (root === undefined) return undefined;
  const centred = node.op === "div" ? operandOf(node, 0) : matcher.either(node, (value) => value === root)?.other;
  const square = node.op === "div" ? matcher.producer(matcher.through(root).value, "sqrt") : inverse(matcher, root);
  const sum = square === undefined ? undefined : matcher.producer(operandOf(square, 0), "add");
  const stabilised =
    sum === undefined ? undefined : matcher.either(sum, (value) => matcher.constant(value) !== undefined);
  const difference = matcher.producer(centred, "sub");
  if (stabilised === undefined || sum === undefined || square === undefined || difference === undefined)
    return undefined;
  const data = operandOf(difference, 0);
  const mean = matcher.producer(matcher.through(operandOf(difference, 1)).value, "mean");
  const variance = varianceOf(matcher, stabilised.other, data, centred ?? "");
  if (mean === undefined || operandOf(mean, 0) !== data || variance === undefined) return undefined;
  const scaled = affine(matcher, node);
  const epsilon = matcher.constant(stabilised.hit) ?? 0;
  const nodes = [mean, difference, ...variance, sum, square, node, ...scaled.nodes];
  return tagOf(matcher, "layer-norm", { nodes, roles: { data, ...scaled.roles }, attributes: { epsilon } });
}

// 1/sqrt as one node, or as a reciprocal of a root.
function inverse(matcher: Matcher, value: string): Node | undefined {
  const behind = matcher.through(value).value;
  return (
    matcher.producer(behind, "rsqrt") ?? matcher.producer(matcher.producer(behind, "reciprocal")?.inputs[0], "sqrt")
  );
}

function varianceOf(matcher: Matcher, value: string, data: string, centred: string): Node[] | undefined {
  const behind = matcher.through(value).value;
  const whole = matcher.producer(behind, "variance");
  if (whole !== undefined) return operandOf(whole, 0) === data ? [whole] : undefined;
  const mean = matcher.producer(behind, "mean");
  const square = mean === undefined ? undefined : matcher.producer(operandOf(mean, 0), "square", "mul", "pow");
  if (mean === undefined || square === undefined || operandOf(square, 0) !== centred) return undefined;
  const twice =
    square.op === "mul"
      ? operandOf(square, 1) === centred
      : square.op === "square" || matcher.constant(square.inputs[1]) === 2;
  return twice ? [square, mean] : undefined;
}

// What follows: a product with a weight, then a sum with one.
function affine(matcher: Matcher, node: Node): { nodes: Node[]; roles: Record<string, string> } {
  const next = (value: string, op: string) => {
    const [user, ...more] = matcher.users(value);
    const found =
      more.length === 0 && user?.op === op
        ? matcher.either(user, (other) => other !== value && matcher.isParam(other))
        : undefined;
    return found === undefined || user === undefined ? undefined : { user, param: found.hit };
  };
  const weight = next(resultOf(node), "mul");
  const bias = weight === undefined ? undefined : next(resultOf(weight.user), "add");
  const last = bias?.user ?? weight?.user ?? node;
  return {
    nodes: [weight?.user, bias?.user].filter((user): user is Node => user !== undefined),
    roles: {
      result: resultOf(last),
      ...(weight === undefined ? {} : { weight: weight.param }),
      ...(bias === undefined ? {} : { bias: bias.param }),
    },
  };
}
