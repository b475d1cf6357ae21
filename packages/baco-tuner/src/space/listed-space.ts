/** Spaces whose valid configurations are known as a list instead of by constraints. */
import { TunerError } from "../errors.ts";
import { checkParameters } from "./check-parameters.ts";
import { Scope } from "./constraint/scope.ts";
import type { Parameter } from "./parameter.ts";
import { Space } from "./space.ts";
import type { Point } from "./trees/tree.ts";
import { ValueTree, type ValueTreeArrays } from "./trees/value-tree.ts";

/**
 * Makes a space that holds exactly the points of a list; repeated ones count once.
 *
 * @throws {TunerError} `space` for an empty list or parameters that are not discrete
 */
export function createListedSpace(declared: readonly Parameter[], points: readonly Point[]): Space {
  const parameters = checkParameters(declared, []);
  if (points.length === 0) throw new TunerError("space", "a list of configurations must not be empty");
  if (parameters.some(({ kind }) => kind === "real")) {
    throw new TunerError("space", "configurations with real parameters cannot be listed");
  }
  const sorted = [...points].sort(compare);
  const order = [...parameters.keys()];
  const trees = [new ValueTree(order, triePacked(sorted, order.length))];
  return new Space({ parameters, trees, scope: new Scope(parameters), constraints: [] });
}

function compare(a: Point, b: Point): number {
  for (let p = 0; p < a.length; p++) if (a[p] !== b[p]) return a[p]! - b[p]!;
  return 0;
}

/** The trie of sorted points: node 0 is the leaf, nodes are numbered as they are finished. */
function triePacked(points: readonly Point[], depth: number): ValueTreeArrays {
  const firstEdge = [0, 0];
  const leaves = [1];
  const value: number[] = [];
  const child: number[] = [];
  const leavesBefore: number[] = [];
  const build = (level: number, low: number, high: number): number => {
    if (level === depth) return 0;
    const edges: { readonly value: number; readonly child: number }[] = [];
    for (let start = low, end = low; start < high; start = end) {
      while (end < high && points[end]![level] === points[start]![level]) end += 1;
      edges.push({ value: points[start]![level]!, child: build(level + 1, start, end) });
    }
    let below = 0;
    for (const edge of edges) {
      value.push(edge.value);
      child.push(edge.child);
      leavesBefore.push(below);
      below += leaves[edge.child]!;
    }
    firstEdge.push(value.length);
    return leaves.push(below) - 1;
  };
  const root = build(0, 0, points.length);
  return {
    firstEdge: Int32Array.from(firstEdge),
    value: Int32Array.from(value),
    child: Int32Array.from(child),
    leavesBefore: Float64Array.from(leavesBefore),
    leaves: Float64Array.from(leaves),
    root,
  };
}
