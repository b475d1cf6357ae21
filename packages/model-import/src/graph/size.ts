/**
 * Sizes of dimensions: integers, or expressions over symbols that the inputs decide.
 *
 * Sums and products are kept flat with their constant last, so equal expressions written alike compare equal.
 */
import { ModelError } from "../errors.ts";

/** How the operands of a size expression combine; all work on integers, `floor-divide` and `mod` towards minus infinity. */
export type SizeOperator = "add" | "multiply" | "floor-divide" | "mod" | "max" | "min";

/** A size that is not a plain integer. */
export type SizeExpression =
  | { readonly symbol: string }
  | { readonly operator: SizeOperator; readonly operands: readonly Size[] };

/** The extent of a dimension. */
export type Size = number | SizeExpression;

/** What symbols stand for. */
export type SizeBindings = ReadonlyMap<string, number>;

/** A symbol of the model's sizes and what the file promises about it. */
export interface SizeSymbol {
  readonly name: string;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  /** The value at export time. */
  readonly hint: number | undefined;
  /** Sizes that must equal it, as `A.size(1)`, from the file's own guards. */
  readonly equalTo: readonly string[];
}

/**
 * A size expression, with constants folded.
 *
 * @example
 * ```ts
 * printSize(combineSizes("add", [{ symbol: "s0" }, 1, 2])); // => "s0 + 3"
 * ```
 */
export function combineSizes(operator: SizeOperator, operands: readonly Size[]): Size {
  if (operands.every((operand) => typeof operand === "number")) return compute(operator, operands as number[]);
  if (operator === "add" || operator === "multiply") return flatten(operator, operands);
  return { operator, operands };
}

function flatten(operator: "add" | "multiply", operands: readonly Size[]): Size {
  const neutral = operator === "add" ? 0 : 1;
  const rest: Size[] = [];
  let constant = neutral;
  for (const operand of operands) {
    const parts =
      typeof operand !== "number" && "operator" in operand && operand.operator === operator
        ? operand.operands
        : [operand];
    for (const part of parts) {
      if (typeof part === "number") constant = compute(operator, [constant, part]);
      else rest.push(part);
    }
  }
  if (operator === "multiply" && constant === 0) return 0;
  if (constant !== neutral) rest.push(constant);
  return rest.length === 1 ? (rest[0] as Size) : { operator, operands: rest };
}

function compute(operator: SizeOperator, operands: readonly number[]): number {
  const [first = 0, ...rest] = operands;
  return rest.reduce((a, b) => combine(operator, a, b), first);
}

function combine(operator: SizeOperator, a: number, b: number): number {
  switch (operator) {
    case "add":
      return a + b;
    case "multiply":
      return a * b;
    case "floor-divide":
      return Math.floor(a / b);
    case "mod":
      return a - b * Math.floor(a / b);
    case "max":
      return Math.max(a, b);
    case "min":
      return Math.min(a, b);
  }
}

/** The number a size stands for, or `undefined` where a symbol of it is not bound. */
export function tryEvaluateSize(size: Size, bindings: SizeBindings): number | undefined {
  if (typeof size === "number") return size;
  if ("symbol" in size) return bindings.get(size.symbol);
  const operands = size.operands.map((operand) => tryEvaluateSize(operand, bindings));
  return operands.includes(undefined) ? undefined : compute(size.operator, operands as number[]);
}

/**
 * The number a size stands for.
 *
 * @throws {ModelError} `size-range` if a symbol of it is not bound.
 */
export function evaluateSize(size: Size, bindings: SizeBindings): number {
  const value = tryEvaluateSize(size, bindings);
  if (value === undefined) {
    const unbound = symbolsOfSize(size).filter((name) => !bindings.has(name));
    throw new ModelError("size-range", `size ${printSize(size)} needs a value for ${unbound.join(", ")}`, {
      help: "give inputs whose shapes decide it, or bind the symbol",
    });
  }
  return value;
}

/** The symbols of a size, each once, in order of appearance. */
export function symbolsOfSize(size: Size): string[] {
  if (typeof size === "number") return [];
  if ("symbol" in size) return [size.symbol];
  return [...new Set(size.operands.flatMap(symbolsOfSize))];
}

const infix: Partial<Record<SizeOperator, string>> = { add: " + ", multiply: "*", "floor-divide": "//", mod: " % " };

/** A size as text: `34`, `s29`, `2*s0 + 1`, `max(s0, s1)`. */
export function printSize(size: Size): string {
  if (typeof size === "number") return String(size);
  if ("symbol" in size) return size.symbol;
  const mark = infix[size.operator];
  if (mark === undefined) return `${size.operator}(${size.operands.map(printSize).join(", ")})`;
  const operands =
    size.operator === "multiply"
      ? [...size.operands].sort((a, b) => Number(typeof b === "number") - Number(typeof a === "number"))
      : size.operands;
  return operands
    .map((operand) =>
      typeof operand !== "number" && "operator" in operand && size.operator !== "add"
        ? `(${printSize(operand)})`
        : printSize(operand),
    )
    .join(mark);
}

/** Whether two sizes are written alike. */
export function sameSize(a: Size, b: Size): boolean {
  return a === b || printSize(a) === printSize(b);
}
