/** What the body of a `linalg.generic` computes, where it is one of the common forms. */
import type { MlirOperation } from "../mlir-ast.ts";
import { plainOperators, predicates } from "../plain-operators.ts";

/** A body in the terms of its arguments. */
export interface Body {
  readonly arguments: readonly string[];
  /** Everything but the yield. */
  readonly steps: readonly MlirOperation[];
  readonly yielded: string;
  readonly usesOut: boolean;
  /** Whether every step is arithmetic on single numbers. */
  readonly plain: boolean;
  /** Numbers of the inputs whose product is added to the output. */
  readonly productPlusOut: readonly number[] | undefined;
  /** The operator that combines the only input with the output. */
  readonly reduction: "add" | "maximum" | "minimum" | "mul" | undefined;
  /** The neutral operator of a step. */
  readonly operatorOf: (step: MlirOperation) => string;
  /** The value whose relu a step is, written as a comparison with zero and a choice, or as a maximum with zero. */
  readonly reluOf: (step: MlirOperation) => string | undefined;
}

/** The body of an operation with one result, or `undefined` where it has no yield of one value. */
export function bodyOf(operation: MlirOperation, isZero: (name: string) => boolean): Body | undefined {
  const [region] = operation.regions;
  const last = region?.operations[region.operations.length - 1];
  if (region === undefined || last?.name !== "linalg.yield" || last.operands.length !== 1) return undefined;
  const names = region.arguments.map(({ name }) => name);
  const steps = region.operations.slice(0, -1);
  const [yielded = ""] = last.operands;
  const makers = new Map(
    steps.flatMap((step) => step.results.map((result): [string, MlirOperation] => [result, step])),
  );
  const out = names[names.length - 1] ?? "";
  const operatorOf = (step: MlirOperation) =>
    /^arith\.cmp[fi]$/.test(step.name)
      ? (predicates[String(step.attributes.predicate)] ?? "")
      : (plainOperators[step.name] ?? "");
  const final = makers.get(yielded);
  return {
    arguments: names,
    steps,
    yielded,
    usesOut: yielded === out || steps.some(({ operands }) => operands.includes(out)),
    plain: steps.every((step) => operatorOf(step) !== ""),
    productPlusOut:
      final === undefined || operatorOf(final) !== "add"
        ? undefined
        : factors(final, { names, out, makers, steps: steps.length }),
    reduction: final === undefined || steps.length !== 1 ? undefined : combined(operatorOf(final), final, names),
    operatorOf,
    reluOf: (step) => relu(step, makers, isZero),
  };
}

function combined(op: string, step: MlirOperation, names: readonly string[]): Body["reduction"] {
  const both = names.length === 2 && names.every((name) => step.operands.includes(name));
  return both && (op === "add" || op === "maximum" || op === "minimum" || op === "mul") ? op : undefined;
}

interface Factoring {
  readonly names: readonly string[];
  readonly out: string;
  readonly makers: ReadonlyMap<string, MlirOperation>;
  readonly steps: number;
}

// The inputs under a tree of products beside the output; at least two, each once, with no step left over.
function factors(sum: MlirOperation, { names, out, makers, steps }: Factoring): number[] | undefined {
  const other = sum.operands.find((operand) => operand !== out);
  if (other === undefined || !sum.operands.includes(out)) return undefined;
  const found: number[] = [];
  const open = [other];
  let used = 1;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const index = names.indexOf(next);
    const maker = makers.get(next);
    if (index >= 0 && next !== out) found.push(index);
    else if (maker !== undefined && /^arith\.mul[fi]$/.test(maker.name)) {
      used++;
      open.push(...[...maker.operands].reverse());
    } else return undefined;
  }
  return found.length >= 2 && used === steps ? found : undefined;
}

function relu(
  step: MlirOperation,
  makers: ReadonlyMap<string, MlirOperation>,
  isZero: (name: string) => boolean,
): string | undefined {
  if (step.name !== "arith.select") return undefined;
  const [condition = "", yes = "", no = ""] = step.operands;
  const comparison = makers.get(condition);
  const greater = comparison === undefined ? "" : predicates[String(comparison.attributes.predicate)];
  if (
    comparison === undefined ||
    greater !== "greater" ||
    comparison.operands[0] !== yes ||
    comparison.operands[1] !== no
  )
    return undefined;
  return isZero(no) ? yes : undefined;
}
