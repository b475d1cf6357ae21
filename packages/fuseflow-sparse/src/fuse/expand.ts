/** Expands the statements of a region into fused expressions, one for each result that is used outside. */

import { programExtents } from "../program/extents.ts";
import { hasPattern, keepsZero, patternedTensors, patternSide } from "../program/patterns.ts";
import { accessesIn, type EinsumProgram, type ProgramExpression, type ProgramStatement } from "../program/program.ts";
import type { CombineNode, FusedNode } from "./fused-node.ts";

/** A result of a region. */
export interface FusedOutput {
  readonly tensor: string;
  /** Variable of each mode. */
  readonly indices: readonly string[];
  readonly node: FusedNode;
}

/** A region with its inner results gone. */
export interface FusedRegion {
  readonly name: string;
  readonly statements: readonly ProgramStatement[];
  readonly outputs: readonly FusedOutput[];
  /** All variables, in order of first use: creation order. */
  readonly variables: readonly string[];
  /** Extent of each variable where it is known. */
  readonly extents: ReadonlyMap<string, number>;
  /** For each statement the variables of its result under which it is computed: once for each different use. */
  readonly views: ReadonlyMap<string, readonly (readonly string[])[]>;
}

/** How shared results are treated. */
export interface ExpandOptions {
  /** `shared`: equal uses are one node, whose sums have one variable. `copies`: each use has sums of its own, as the paper counts. */
  readonly uses?: "shared" | "copies";
}

/** The fused expressions of the statements that compute `tensors`. */
export function expandRegion(
  program: EinsumProgram,
  region: { readonly name: string; readonly tensors: readonly string[] },
  options: ExpandOptions = {},
): FusedRegion {
  const inside = new Set(region.tensors);
  const statements = program.statements.filter(({ tensor }) => inside.has(tensor));
  const needed = new Set(program.outputs);
  for (const { tensor, expression } of program.statements) {
    if (!inside.has(tensor)) for (const access of accessesIn(expression)) needed.add(access.tensor);
  }
  const expander = new Expander(program, statements, options.uses ?? "shared");
  const wanted = statements.filter(({ tensor }) => needed.has(tensor));
  const outputs = wanted.map((statement) => expander.output(statement));
  const { variables, extents, views } = expander;
  return { name: region.name, statements, outputs, variables, extents, views };
}

class Expander {
  readonly extents = new Map<string, number>();
  readonly views = new Map<string, (readonly string[])[]>();
  readonly #statements: ReadonlyMap<string, ProgramStatement>;
  readonly #patterned: ReadonlySet<string>;
  readonly #exact: ReadonlySet<string>;
  readonly #share: boolean;
  readonly #sizes: ReturnType<typeof programExtents>["variables"];
  readonly #taken = new Set<string>();
  readonly #order = new Set<string>();
  readonly #made = new Map<string, FusedNode>();

  constructor(program: EinsumProgram, statements: readonly ProgramStatement[], uses: "shared" | "copies") {
    this.#statements = new Map(statements.map((statement) => [statement.tensor, statement]));
    this.#patterned = patternedTensors(program);
    this.#exact = exactTensors(program, this.#patterned);
    this.#share = uses === "shared";
    this.#sizes = programExtents(program).variables;
  }

  get variables(): readonly string[] {
    return [...this.#order];
  }

  output(statement: ProgramStatement): FusedOutput {
    const { tensor, indices } = statement;
    const extents = this.#sizes.get(tensor);
    const own = indices.map((index) => {
      const known = this.extents.get(index);
      const extent = extents?.get(index);
      // Results share the names of their variables where nothing else stands in the way.
      const free = !this.#taken.has(index) || (known !== undefined && known === extent && this.#results.has(index));
      const name = free ? index : this.#fresh(index);
      this.#taken.add(name);
      this.#results.add(name);
      return name;
    });
    return { tensor, indices: own, node: this.#result(statement, own) };
  }

  readonly #results = new Set<string>();

  #fresh(base: string): string {
    if (!this.#taken.has(base)) {
      this.#taken.add(base);
      return base;
    }
    for (let n = 1; ; n++) {
      const name = `${base}${n}`;
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      return name;
    }
  }

  #result(statement: ProgramStatement, actual: readonly string[]): FusedNode {
    const key = `${statement.tensor}(${actual.join()})`;
    const made = this.#share ? this.#made.get(key) : undefined;
    if (made !== undefined) return made;
    this.views.set(statement.tensor, [...(this.views.get(statement.tensor) ?? []), actual]);
    const names = new Map(statement.indices.map((index, at) => [index, actual[at]!]));
    const sizes = this.#sizes.get(statement.tensor);
    for (const [index, name] of names) this.#size(name, sizes?.get(index));
    const scope = { names, sizes, tensor: statement.tensor };
    const node = this.#node(statement.expression, scope, this.#exact.has(statement.tensor));
    this.#made.set(key, node);
    return node;
  }

  #size(variable: string, extent: number | string | undefined): void {
    if (typeof extent === "number") this.extents.set(variable, extent);
  }

  #node(expression: ProgramExpression, scope: Scope, exact: boolean): FusedNode {
    switch (expression.kind) {
      case "access":
        return this.#access(expression, scope);
      case "unary": {
        const { operation, constant, operand } = expression;
        const whole = !keepsZero(operation, constant);
        return map(this.#node(operand, scope, exact && !whole), scope.tensor, { operation, constant, whole });
      }
      case "binary":
        return this.#binary(expression, scope, exact);
      case "reduction":
        return this.#reduction(expression, scope);
      case "softmax":
        return this.#softmax(expression, scope);
    }
  }

  #access(
    { tensor, indices }: Extract<ProgramExpression, { readonly kind: "access" }>,
    { names, sizes }: Scope,
  ): FusedNode {
    const actual = indices.map((index) => names.get(index)!);
    const inner = this.#statements.get(tensor);
    if (inner !== undefined) return this.#result(inner, actual);
    for (const [at, variable] of actual.entries()) {
      this.#order.add(variable);
      this.#size(variable, sizes?.get(indices[at]!));
    }
    return { kind: "leaf", tensor, indices: actual, variables: actual };
  }

  #binary(
    expression: Extract<ProgramExpression, { readonly kind: "binary" }>,
    scope: Scope,
    exact: boolean,
  ): FusedNode {
    const { operation } = expression;
    const side = exact ? patternSide(expression, this.#patterned) : null;
    const left = this.#node(expression.left, scope, side === "left");
    const right = this.#node(expression.right, scope, side === "right");
    const { tensor } = scope;
    if (side !== null) {
      return combine([left, right], tensor, { operation, meeting: "pattern", pattern: side === "left" ? 0 : 1 });
    }
    if (operation === "div") return combine([left, right], tensor, { operation, meeting: "pattern", pattern: 0 });
    const meeting = operation === "mul" ? "all" : "any";
    const same = (node: FusedNode): node is CombineNode =>
      node.kind === "combine" && node.operation === operation && node.meeting === meeting && operation !== "sub";
    const flat = (node: FusedNode): readonly FusedNode[] => (same(node) ? node.operands : [node]);
    const inner = same(left) ? left.results : [];
    return combine([...flat(left), ...flat(right)], tensor, { operation, meeting, pattern: 0 }, inner);
  }

  #reduction(
    { operation, over, operand }: Extract<ProgramExpression, { readonly kind: "reduction" }>,
    scope: Scope,
  ): FusedNode {
    const names = new Map(scope.names);
    for (const variable of over) {
      const fresh = this.#fresh(variable);
      names.set(variable, fresh);
      this.#size(fresh, scope.sizes?.get(variable));
    }
    const inner = this.#node(operand, { ...scope, names }, false);
    const reducedOver = over.map((variable) => names.get(variable)!);
    // A maximum counts zeros too.
    return reduce(operation === "max" ? whole(inner, scope.tensor) : inner, scope.tensor, {
      operation,
      over: reducedOver,
    });
  }

  // Maximum, difference, exponential, sum, quotient; the reduced variable is that of the result.
  #softmax(expression: Extract<ProgramExpression, { readonly kind: "softmax" }>, scope: Scope): FusedNode {
    const { tensor } = scope;
    const patterned = hasPattern(expression.operand, this.#patterned);
    const use = (): FusedNode => {
      const operand = this.#node(expression.operand, scope, patterned);
      return patterned ? operand : whole(operand, tensor);
    };
    const over = [scope.names.get(expression.over)!];
    const stored = { meeting: "pattern", pattern: 0 } as const;
    const exponential = (): FusedNode => {
      const largest = reduce(use(), tensor, { operation: "max", over });
      const difference = combine([use(), largest], tensor, { operation: "sub", ...stored });
      return map(difference, tensor, { operation: "exp", whole: false });
    };
    const numerator = exponential();
    const sum = reduce(this.#share ? numerator : exponential(), tensor, { operation: "add", over });
    return combine([numerator, sum], tensor, { operation: "div", ...stored });
  }
}

/** What names in an expression stand for. */
interface Scope {
  readonly names: ReadonlyMap<string, string>;
  readonly sizes: ReadonlyMap<string, number | string> | undefined;
  readonly tensor: string;
}

function map(
  operand: FusedNode,
  tensor: string,
  { operation, constant, whole: all }: { operation: FusedMapOperation; constant?: number | undefined; whole: boolean },
): FusedNode {
  const { variables } = operand;
  return {
    kind: "map",
    operation,
    whole: all,
    operand,
    variables,
    tensor,
    ...(constant === undefined ? {} : { constant }),
  };
}

type FusedMapOperation = Extract<FusedNode, { readonly kind: "map" }>["operation"];

/** The same values with zeros where nothing is stored. */
function whole(operand: FusedNode, tensor: string): FusedNode {
  return map(operand, tensor, { operation: "scalar-add", constant: 0, whole: true });
}

function combine(
  operands: readonly FusedNode[],
  tensor: string,
  how: Pick<CombineNode, "operation" | "meeting" | "pattern">,
  first: readonly string[] = [],
): FusedNode {
  const variables = [...new Set(operands.flatMap((operand) => operand.variables))];
  const results = operands.slice(1).map((_, at) => first[at] ?? tensor);
  return { kind: "combine", ...how, operands, results, variables, tensor };
}

function reduce(
  operand: FusedNode,
  tensor: string,
  { operation, over }: { operation: "add" | "max"; over: readonly string[] },
): FusedNode {
  const variables = operand.variables.filter((variable) => !over.includes(variable));
  return { kind: "reduce", operation, over, operand, variables, tensor };
}

/** The tensors whose stored entries must be exactly their pattern, because a softmax runs over them. */
export function exactTensors(program: EinsumProgram, patterned: ReadonlySet<string>): ReadonlySet<string> {
  const exact = new Set<string>();
  const need = (expression: ProgramExpression): void => {
    if (expression.kind === "access") exact.add(expression.tensor);
    else if (expression.kind === "unary" || expression.kind === "softmax") need(expression.operand);
    else if (expression.kind === "binary") {
      const side = patternSide(expression, patterned);
      if (side !== null) need(expression[side]);
    }
  };
  const search = (expression: ProgramExpression): void => {
    if (expression.kind === "softmax" && hasPattern(expression.operand, patterned)) need(expression.operand);
    if (expression.kind === "binary") {
      search(expression.left);
      search(expression.right);
    } else if (expression.kind !== "access") search(expression.operand);
  };
  for (const { tensor, expression } of program.statements.toReversed()) {
    search(expression);
    if (exact.has(tensor)) need(expression);
  }
  return exact;
}
