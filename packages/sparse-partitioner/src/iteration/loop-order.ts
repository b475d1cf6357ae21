/**
 * The iteration graph: in which order the variables of a statement are looped over, and which operands must be stored
 * otherwise for that.
 *
 * A sparse level can only be walked below the levels that it is stored under; dense tensors can be reached in any order.
 * Among all orders the one with the least estimated work is taken, transpositions included; ties fall to the order in
 * which the variables are written.
 */
import { isPresent } from "./sequence.ts";
import type { Formula } from "./statement.ts";

/** What the choice needs to know about an operand. */
export interface OperandShape {
  /** Variable of each level, outermost first. */
  readonly variables: readonly string[];
  readonly sparse: readonly boolean[];
  /** Positions of each level. */
  readonly positions: readonly number[];
}

/** What the choice needs to know about the result. */
export interface ResultShape {
  readonly variables: readonly string[];
  readonly sparse: readonly boolean[];
}

/** A statement, as far as the order of its loops depends on it. */
export interface OrderProblem {
  readonly formula: Formula;
  readonly operands: readonly OperandShape[];
  readonly result: ResultShape;
  readonly reduced: readonly string[];
  readonly extents: ReadonlyMap<string, number>;
  /** The only order that is considered, where one is asked for; it may name variables of other statements. */
  readonly order?: readonly string[] | undefined;
}

/** An order and what it asks for. */
export interface LoopOrder {
  readonly order: readonly string[];
  /** Operands that must be stored in the order of the loops first. */
  readonly transposed: readonly number[];
  /** Whether the result is computed in the order of the loops and transposed after. */
  readonly resultTransposed: boolean;
  readonly cost: number;
}

const transposeCost = 30;
const workspaceCost = 3;
const strideCost = 3;
/** Beyond this many variables only the written order is tried. */
const maximumPermuted = 7;

/** The cheapest order of the loops; one that cannot be done costs infinitely much. */
export function chooseLoopOrder(problem: OrderProblem): LoopOrder {
  const written = writtenOrder(problem);
  const asked = problem.order?.filter((name) => written.includes(name));
  if (asked !== undefined) return costOf(problem, asked);
  const orders = written.length <= maximumPermuted ? permutations(written) : [written];
  let best: LoopOrder | undefined;
  for (const order of orders) {
    const candidate = costOf(problem, order);
    if (best === undefined || candidate.cost < best.cost * (1 - 1e-9)) best = candidate;
  }
  return best!;
}

/** Output variables first, then the reduced ones, as they are written. */
function writtenOrder({ result, reduced, operands }: OrderProblem): string[] {
  return [...new Set([...result.variables, ...reduced, ...operands.flatMap(({ variables }) => variables)])];
}

function costOf(problem: OrderProblem, order: readonly string[]): LoopOrder {
  const { operands, result } = problem;
  const place = new Map(order.map((name, at) => [name, at]));
  const transposed = operands.flatMap((operand, at) => (followsStorage(operand, place) ? [] : [at]));
  const resultTransposed = !resultFollows(problem, order);
  let cost = loopCost(problem, order);
  for (const at of transposed) cost += transposeCost * (operands[at]!.positions.at(-1) ?? 1);
  if (resultTransposed) {
    cost += transposeCost * resultSize(problem, order);
    // A sparse result is packed anew, which sorts it.
    if (result.sparse.some(Boolean)) cost *= 1.5;
  }
  return { order, transposed, resultTransposed, cost };
}

/**
 * Whether the levels of an operand can be walked in an order: those down to the last sparse one as they are stored, dense
 * ones below that in any order.
 */
function followsStorage(
  { variables, sparse }: Pick<OperandShape, "variables" | "sparse">,
  place: ReadonlyMap<string, number>,
): boolean {
  const stored = sparse.lastIndexOf(true) + 1;
  for (let l = 0; l < variables.length; l++)
    for (let above = 0; above < Math.min(l, stored); above++)
      if (place.get(variables[above]!)! > place.get(variables[l]!)!) return false;
  return true;
}

/**
 * Loop variables of the result that lie inside a reduced one: they are gathered in a workspace, or added up in place.
 */
export function tailVariables(order: readonly string[], output: readonly string[]): string[] {
  const firstReduced = order.findIndex((name) => !output.includes(name));
  return firstReduced < 0 ? [] : order.slice(firstReduced).filter((name) => output.includes(name));
}

/** Whether the loops produce the result in the order in which it is stored. */
function resultFollows({ result }: Pick<OrderProblem, "result">, order: readonly string[]): boolean {
  const { variables, sparse } = result;
  const looped = order.filter((name) => variables.includes(name));
  const same = looped.every((name, at) => name === variables[at]);
  if (same) return true;
  if (sparse.some(Boolean)) return false;
  // A dense result can be written anywhere; what is added up in place must lie together.
  const tail = tailVariables(order, variables);
  return tail.every((name, at) => name === variables[variables.length - tail.length + at]);
}

function resultSize(problem: OrderProblem, order: readonly string[]): number {
  const dense = problem.result.variables.reduce((size, name) => size * problem.extents.get(name)!, 1);
  return problem.result.sparse.some(Boolean) ? Math.min(dense, loopCost(problem, order)) : dense;
}

/** Estimated steps of the loops, were all coordinates spread evenly. */
function loopCost(problem: OrderProblem, order: readonly string[]): number {
  const { result, extents } = problem;
  const tail = tailVariables(order, result.variables);
  if (unsuitable(problem, order, tail)) return Number.POSITIVE_INFINITY;
  let bodies = 1;
  let cost = 0;
  order.forEach((name, at) => {
    const extent = extents.get(name)!;
    const density = densitiesAt(problem, name);
    const share = shareOf(problem.formula, (operand) => density[operand] ?? 1);
    const full = isPresent(problem.formula, (operand) => density[operand] === undefined);
    const merged = density.reduce((sum: number, each) => sum + extent * (each ?? 0), 0);
    let steps = full ? extent : Math.min(merged, extent * density.length);
    if (at === order.length - 1) steps *= strideOf(problem, name);
    cost += bodies * Math.max(steps, 1);
    bodies *= Math.max(extent * share, 1e-3);
  });
  const scattered = tail.some((name) => result.sparse[result.variables.indexOf(name)]);
  return scattered ? cost * workspaceCost : cost;
}

/** Orders that the lowering does not do: a result scattered from the outermost loop on, or by two sparse levels at once. */
function unsuitable(problem: OrderProblem, order: readonly string[], tail: readonly string[]): boolean {
  const { variables, sparse } = problem.result;
  if (tail.length === 0) return false;
  if (!variables.includes(order[0]!)) return true;
  // A sparse result that is transposed after is compressed at every level until then.
  const compressed = sparse.some(Boolean) && !resultFollows(problem, order);
  return tail.length > 1 && (compressed || tail.some((name) => sparse[variables.indexOf(name)]));
}

/** Share of the extent that each operand stores below one parent; undefined where it stores everything. */
function densitiesAt({ operands, extents }: OrderProblem, name: string): (number | undefined)[] {
  return operands.map(({ variables, sparse, positions }) => {
    const l = variables.indexOf(name);
    if (l < 0 || !sparse[l]) return undefined;
    const parents = l === 0 ? 1 : positions[l - 1]!;
    const children = parents === 0 ? 0 : positions[l]! / parents;
    return Math.min(1, children / Math.max(1, extents.get(name)!));
  });
}

function shareOf(formula: Formula, density: (operand: number) => number): number {
  switch (formula.kind) {
    case "literal":
      return 1;
    case "operand":
      return density(formula.operand);
    case "negate":
      return shareOf(formula.operand, density);
    case "divide":
      return shareOf(formula.left, density);
    case "multiply":
      return shareOf(formula.left, density) * shareOf(formula.right, density);
    default: {
      const left = shareOf(formula.left, density);
      const right = shareOf(formula.right, density);
      return left + right - left * right;
    }
  }
}

/** What it costs more that the innermost loop walks some dense tensor with a stride. */
function strideOf({ operands, result }: OrderProblem, innermost: string): number {
  const strided = [...operands, result].some(({ variables, sparse }) => {
    const l = variables.indexOf(innermost);
    return l >= 0 && !sparse[l] && l < variables.length - 1;
  });
  return strided ? strideCost : 1;
}

function permutations(names: readonly string[]): string[][] {
  if (names.length <= 1) return [[...names]];
  return names.flatMap((name, at) =>
    permutations([...names.slice(0, at), ...names.slice(at + 1)]).map((rest) => [name, ...rest]),
  );
}
