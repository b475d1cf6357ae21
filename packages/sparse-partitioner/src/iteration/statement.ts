/**
 * Statements: an assignment as a list of kernels, each of which sums one expression over one set of variables.
 *
 * Where terms of a sum have reductions of their own, each becomes a temporary tensor first: `y(i) = b(i) - A(i,j) * x(j)`
 * is `t1(i) = A(i,j) * x(j)`, then `y(i) = b(i) - t1(i)`.
 */
import { type Access, type Assignment, type Expression, indicesOf, reductionsOf, termsOf } from "@millrace/tensor";
import { PartitionError } from "../errors.ts";

/** A use of a tensor: the variable of each of its modes. */
export interface OperandUse {
  readonly tensor: string;
  readonly variables: readonly string[];
}

/** The right side of a statement; operands are numbers into its list. */
export type Formula =
  | { readonly kind: "operand"; readonly operand: number }
  | { readonly kind: "literal"; readonly value: number }
  | { readonly kind: "negate"; readonly operand: Formula }
  | {
      readonly kind: "add" | "subtract" | "multiply" | "divide";
      readonly left: Formula;
      readonly right: Formula;
    };

/** `output(variables) = sum over reduced of formula`. */
export interface Statement {
  readonly output: string;
  readonly variables: readonly string[];
  readonly operands: readonly OperandUse[];
  readonly formula: Formula;
  readonly reduced: readonly string[];
  /** Whether the output is a tensor of the compiler's own, used by a later statement. */
  readonly temporary: boolean;
}

/** The statements that compute an assignment, in order; the last one gives its result. */
export function statementsOf(assignment: Assignment): Statement[] {
  return new Decomposition(assignment).statements();
}

class Decomposition {
  readonly #assignment: Assignment;
  readonly #reductions: ReadonlyMap<Expression, readonly string[]>;
  readonly #statements: Statement[] = [];
  readonly #names: Set<string>;

  constructor(assignment: Assignment) {
    this.#assignment = assignment;
    this.#reductions = reductionsOf(assignment);
    this.#names = new Set([assignment.output.tensor, ...namesOf(assignment.right)]);
  }

  statements(): Statement[] {
    const { output, right, operator } = this.#assignment;
    const operands: OperandUse[] = [];
    const [only, ...others] = termsOf(right);
    const own = others.length === 0 && only !== undefined ? only.expression : undefined;
    let formula = this.#formula(right, operands, own);
    const reduced = own === undefined ? [] : (this.#reductions.get(own) ?? []);
    if (operator === "+=") {
      if (reduced.length > 0) return this.#accumulate(formula, operands, reduced);
      operands.push(useOf(output));
      formula = { kind: "add", left: { kind: "operand", operand: operands.length - 1 }, right: formula };
    }
    this.#push({ output: output.tensor, variables: useOf(output).variables, operands, formula, reduced });
    return this.#statements;
  }

  /** `y += sum`: the sum is a temporary, then added. */
  #accumulate(formula: Formula, operands: OperandUse[], reduced: readonly string[]): Statement[] {
    const output = useOf(this.#assignment.output);
    const temporary = this.#freshName();
    this.#push({ output: temporary, variables: output.variables, operands, formula, reduced, temporary: true });
    const sum: Formula = {
      kind: "add",
      left: { kind: "operand", operand: 0 },
      right: { kind: "operand", operand: 1 },
    };
    const addends = [output, { tensor: temporary, variables: output.variables }];
    this.#push({ output: output.tensor, variables: output.variables, operands: addends, formula: sum, reduced: [] });
    return this.#statements;
  }

  #push(statement: Omit<Statement, "temporary"> & { readonly temporary?: boolean }): void {
    this.#statements.push({ temporary: false, ...statement });
  }

  /** `own` is the term whose reduction the statement itself does. */
  #formula(node: Expression, operands: OperandUse[], own: Expression | undefined): Formula {
    const reduced = this.#reductions.get(node);
    if (reduced !== undefined && node !== own) return this.#temporary(node, operands, reduced);
    switch (node.kind) {
      case "literal":
        return { kind: "literal", value: node.value };
      case "access":
        operands.push(useOf(node));
        return { kind: "operand", operand: operands.length - 1 };
      case "neg":
        return { kind: "negate", operand: this.#formula(node.operand, operands, own) };
      default: {
        const left = this.#formula(node.left, operands, own);
        const right = this.#formula(node.right, operands, own);
        return { kind: operations[node.kind], left, right };
      }
    }
  }

  #temporary(node: Expression, operands: OperandUse[], reduced: readonly string[]): Formula {
    const inner: OperandUse[] = [];
    const formula = this.#formula(node, inner, node);
    const output = this.#freshName();
    const variables = indicesOf(node).filter((name) => !this.#boundWithin(node, name));
    this.#push({ output, variables, operands: inner, formula, reduced, temporary: true });
    operands.push({ tensor: output, variables });
    return { kind: "operand", operand: operands.length - 1 };
  }

  /** Whether a variable is summed at this node or below it. */
  #boundWithin(node: Expression, name: string): boolean {
    if (this.#reductions.get(node)?.includes(name)) return true;
    if (node.kind === "neg") return this.#boundWithin(node.operand, name);
    if (node.kind === "access" || node.kind === "literal") return false;
    return this.#boundWithin(node.left, name) || this.#boundWithin(node.right, name);
  }

  #freshName(): string {
    let at = 1;
    while (this.#names.has(`t${at}`)) at += 1;
    this.#names.add(`t${at}`);
    return `t${at}`;
  }
}

const operations = { add: "add", sub: "subtract", mul: "multiply", div: "divide" } as const;

function useOf({ tensor, indices }: Access): OperandUse {
  return { tensor, variables: indices.map(({ name }) => name) };
}

function namesOf(expression: Expression): string[] {
  if (expression.kind === "access") return [expression.tensor];
  if (expression.kind === "literal") return [];
  if (expression.kind === "neg") return namesOf(expression.operand);
  return [...namesOf(expression.left), ...namesOf(expression.right)];
}

/** A formula as text, for plans. @throws {PartitionError} `operand-missing` for a number that is no operand. */
export function printFormula(formula: Formula, operands: readonly OperandUse[]): string {
  switch (formula.kind) {
    case "literal":
      return String(formula.value);
    case "negate":
      return `-(${printFormula(formula.operand, operands)})`;
    case "operand": {
      const use = operands[formula.operand];
      if (use === undefined) throw new PartitionError("operand-missing", `there is no operand ${formula.operand}`);
      return use.variables.length === 0 ? use.tensor : `${use.tensor}(${use.variables.join(",")})`;
    }
    default: {
      const symbol = { add: "+", subtract: "-", multiply: "*", divide: "/" }[formula.kind];
      return `(${printFormula(formula.left, operands)} ${symbol} ${printFormula(formula.right, operands)})`;
    }
  }
}
