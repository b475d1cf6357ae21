import { DiagnosticError } from "@millrace/ir-text";
import { TensorError } from "../errors.ts";
import { elementCount } from "../storage/element-count.ts";
import type { Access, Assignment, Expression } from "./expression.ts";
import { type Extents, inferExtents } from "./infer-extents.ts";
import type { NotationDiagnostic } from "./notation-diagnostic.ts";
import { type Reductions, reductionsOf } from "./reductions.ts";

/** All elements of a tensor in row-major order (the last mode varies fastest); a scalar has shape `[]` and one value. */
export interface DenseArray {
  readonly shape: readonly number[];
  /** As many values as the product of the shape. */
  readonly values: Float64Array;
}

/** How far {@link evaluateDense} may go. */
export interface EvaluateDenseOptions {
  /** Most steps to take: one for each node of the expression at each point it is evaluated at. 2^26 unless given (some seconds, 512 MiB). */
  readonly maximumSteps?: number;
}

const defaultMaximumSteps = 2 ** 26;

/**
 * The value of an assignment, by visiting every point of its index space: the reference that everything else is
 * checked against. Sums run over rising indices, the last index of {@link reductionsOf} fastest, in double precision.
 *
 * For `+=` the operands must hold the output, which is not changed; for `=` an output among them only gives its shape.
 *
 * @throws {DiagnosticError} as {@link inferExtents}.
 * @throws {TensorError} `notation-operands` if an operand's values do not fill its shape, `shape-invalid`, and
 *   `too-large` if the index space is larger than `maximumSteps` allows.
 *
 * @example
 * ```ts
 * const A = { shape: [2, 2], values: Float64Array.of(1, 2, 0, 3) };
 * const x = { shape: [2], values: Float64Array.of(10, 1) };
 * [...evaluateDense(parseAssignment("y(i) = A(i,j) * x(j)"), { A, x }).values]; // => [12, 3]
 * ```
 */
export function evaluateDense(
  assignment: Assignment,
  operands: Readonly<Record<string, DenseArray>>,
  options: EvaluateDenseOptions = {},
): DenseArray {
  const shapes = Object.fromEntries(Object.entries(operands).map(([name, { shape }]) => [name, shape]));
  const extents = inferExtents(assignment, shapes);
  for (const [name, operand] of Object.entries(operands)) checkFilled(name, operand);
  const initial = initialValues(assignment, operands);
  const reductions = reductionsOf(assignment);
  const names = assignment.output.indices.map(({ name }) => name);
  const steps = productOf(names, extents) * (1 + stepsOf(assignment.right, extents, reductions));
  const maximum = options.maximumSteps ?? defaultMaximumSteps;
  if (steps > maximum) {
    throw new TensorError("too-large", `dense evaluation would take ${steps} steps, above the limit of ${maximum}`);
  }

  const evaluator = new DenseEvaluator(extents, operands, reductions);
  const shape = names.map((name) => extents.get(name) as number);
  const values = initial?.slice() ?? new Float64Array(productOf(names, extents));
  const right = evaluator.compile(assignment.right);
  let at = 0;
  evaluator.forEachPoint(names, () => {
    values[at] = (values[at] as number) + right();
    at++;
  });
  return { shape, values };
}

/** The value of an expression at the present point. */
type Evaluate = () => number;

/** Turns each node into a function of the present point, which all of them share. */
class DenseEvaluator {
  readonly #extents: Extents;
  readonly #operands: Readonly<Record<string, DenseArray>>;
  readonly #reductions: Reductions;
  /** Value of each index at the present point, by its slot. */
  readonly #point: Int32Array;
  readonly #slots: ReadonlyMap<string, number>;

  constructor(extents: Extents, operands: Readonly<Record<string, DenseArray>>, reductions: Reductions) {
    this.#extents = extents;
    this.#operands = operands;
    this.#reductions = reductions;
    this.#slots = new Map([...extents.keys()].map((name, slot) => [name, slot]));
    this.#point = new Int32Array(extents.size);
  }

  /** Visits all values of the named indices, the last fastest. */
  forEachPoint(names: readonly string[], visit: () => void): void {
    const extents = names.map((name) => this.#extents.get(name) as number);
    // An extent of 0 deep inside would leave huge outer loops that visit nothing.
    if (extents.includes(0)) return;
    const slots = names.map((name) => this.#slotOf(name));
    const loop = (depth: number): void => {
      const slot = slots[depth];
      if (slot === undefined) {
        visit();
        return;
      }
      const extent = extents[depth] as number;
      for (let value = 0; value < extent; value++) {
        this.#point[slot] = value;
        loop(depth + 1);
      }
    };
    loop(0);
  }

  compile(node: Expression): Evaluate {
    const evaluate = this.#compileNode(node);
    const reduced = this.#reductions.get(node);
    if (reduced === undefined) return evaluate;
    return () => {
      let sum = 0;
      this.forEachPoint(reduced, () => {
        sum += evaluate();
      });
      return sum;
    };
  }

  #compileNode(node: Expression): Evaluate {
    if (node.kind === "literal") return () => node.value;
    if (node.kind === "access") return this.#compileAccess(node);
    if (node.kind === "neg") {
      const operand = this.compile(node.operand);
      return () => -operand();
    }
    const left = this.compile(node.left);
    const right = this.compile(node.right);
    switch (node.kind) {
      case "add":
        return () => left() + right();
      case "sub":
        return () => left() - right();
      case "mul":
        return () => left() * right();
      case "div":
        return () => left() / right();
    }
  }

  #compileAccess({ tensor, indices }: Access): Evaluate {
    const { shape, values } = this.#operands[tensor] as DenseArray;
    const slots = indices.map(({ name }) => this.#slotOf(name));
    const point = this.#point;
    return () => {
      let at = 0;
      for (let mode = 0; mode < slots.length; mode++) {
        at = at * (shape[mode] as number) + (point[slots[mode] as number] as number);
      }
      return values[at] as number;
    };
  }

  #slotOf(name: string): number {
    return this.#slots.get(name) as number;
  }
}

/** Nodes visited for one point of the output. */
function stepsOf(node: Expression, extents: Extents, reductions: Reductions): number {
  const visits = productOf(reductions.get(node) ?? [], extents);
  if (node.kind === "access" || node.kind === "literal") return visits;
  if (node.kind === "neg") return visits * (1 + stepsOf(node.operand, extents, reductions));
  return visits * (1 + stepsOf(node.left, extents, reductions) + stepsOf(node.right, extents, reductions));
}

function productOf(names: readonly string[], extents: Extents): number {
  return elementCount(names.map((name) => extents.get(name) as number));
}

function checkFilled(name: string, { shape, values }: DenseArray): void {
  const size = elementCount(shape);
  if (values.length === size) return;
  const message = `'${name}' of shape [${shape.join(", ")}] needs ${size} values, not ${values.length}`;
  throw new TensorError("notation-operands", message);
}

function initialValues(
  { output, operator }: Assignment,
  operands: Readonly<Record<string, DenseArray>>,
): Float64Array | undefined {
  if (operator === "=") return undefined;
  if (Object.hasOwn(operands, output.tensor)) return operands[output.tensor]?.values;
  const diagnostic: NotationDiagnostic = {
    severity: "error",
    code: "operand-missing",
    message: `'+=' needs the values that '${output.tensor}' has before`,
    span: output.span,
    help: "give them, or use '='",
  };
  throw new DiagnosticError([diagnostic]);
}
