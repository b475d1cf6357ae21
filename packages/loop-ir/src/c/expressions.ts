import type { BinaryOperator, Expression, Nest, UnaryOperator } from "../nest/nest.ts";
import {
  isFloat,
  isNarrow,
  isVector,
  type LaneType,
  laneOf,
  type ScalarType,
  type Type,
  typeName,
} from "../nest/types.ts";
import { bitsC, CNames, elementC, valueC } from "./names.ts";
import type { SupportFunctions } from "./support-functions.ts";

const infix: Readonly<Record<string, string>> = {
  add: "+",
  subtract: "-",
  multiply: "*",
  divide: "/",
  and: "&",
  or: "|",
  "exclusive-or": "^",
  equal: "==",
  "not-equal": "!=",
  less: "<",
  "less-equal": "<=",
  greater: ">",
  "greater-equal": ">=",
};

/** Writes expressions of one nest in C, and asks for the functions that they need. */
export class CExpressions {
  readonly names: CNames;
  readonly #nest: Nest;
  readonly #support: SupportFunctions;

  constructor(nest: Nest, support: SupportFunctions) {
    this.#nest = nest;
    this.#support = support;
    this.names = new CNames(nest);
  }

  /** An expression, in parentheses wherever it is not a single term. */
  text(expression: Expression): string {
    this.#support.type(expression.type);
    switch (expression.kind) {
      case "constant":
        return constantC(expression.type, expression.value);
      case "local":
        return this.names.local(expression.local);
      case "scalar":
        return this.names.scalar(expression.scalar);
      case "unit":
      case "units":
      case "worker":
        return expression.kind;
      case "length":
        return this.names.length(expression.buffer);
      case "load":
        return this.#load(expression);
      case "unary":
        return this.#unary(expression.operator, expression.type, this.text(expression.operand));
      case "binary":
        return this.#binary(expression.operator, expression.type, [
          this.text(expression.left),
          this.text(expression.right),
        ]);
      case "compare": {
        const compared = `(${this.text(expression.left)} ${infix[expression.operator]} ${this.text(expression.right)})`;
        return typeof expression.type === "string" ? compared : `(${valueC(expression.type)})${compared}`;
      }
      default:
        return this.#other(expression);
    }
  }

  #other(expression: Expression): string {
    switch (expression.kind) {
      case "select":
        return this.#select(expression);
      case "convert":
        if (typeof expression.type === "object")
          return `__builtin_convertvector(${this.text(expression.operand)}, ${valueC(expression.type)})`;
        return this.#convert(expression.operand, expression.type as ScalarType);
      case "splat":
        return `${this.#support.splat(expression.type)}(${this.text(expression.operand)})`;
      case "iota":
        return `${this.#support.iota(expression.type)}()`;
      case "first-lanes":
        return `${this.#support.firstLanes(expression.type)}(${this.text(expression.count)})`;
      case "lane":
        return `(${this.text(expression.operand)})[${expression.lane}]`;
      case "reduce":
        return `${this.#support.reduce(expression.operator, expression.operand.type)}(${this.text(expression.operand)})`;
      default:
        throw new TypeError(`no such expression: ${expression.kind}`);
    }
  }

  /**
   * An index. The sum of two 32-bit terms is formed in 64 bits: where 32 bits would have wrapped, both lie outside of any
   * buffer, and without the wrapping a compiler sees that accesses follow one another.
   */
  index(expression: Expression): string {
    const sum = expression.kind === "binary" && expression.type === "i32" ? expression : undefined;
    if (sum?.operator !== "add" && sum?.operator !== "subtract") return this.text(expression);
    return `((int64_t)${this.text(sum.left)} ${infix[sum.operator]} (int64_t)${this.text(sum.right)})`;
  }

  /** The address of an entry. */
  address(buffer: number, index: Expression): string {
    return `&${this.names.buffer(buffer)}[${this.index(index)}]`;
  }

  #load(expression: Extract<Expression, { kind: "load" }>): string {
    const { buffer, index, mask, type } = expression;
    const { element } = this.#nest.buffers[buffer]!;
    if (typeof type === "object") {
      if (mask === undefined) return `${this.#support.load(type, element)}(${this.address(buffer, index)})`;
      const base = this.names.buffer(buffer);
      return `${this.#support.maskedLoad(type, mask.type, element)}(${base}, ${this.index(index)}, ${this.text(mask)})`;
    }
    const entry = `${this.names.buffer(buffer)}[${this.index(index)}]`;
    if (element === "bool") return `(${entry} != 0)`;
    return isNarrow(element) ? `${this.#support.widen(element)}(${entry})` : entry;
  }

  #unary(operator: UnaryOperator, type: Type, operand: string): string {
    const lane = laneOf(type);
    if (operator === "not") return lane === "bool" && typeof type === "string" ? `(!${operand})` : `(~${operand})`;
    if (operator === "negate" && isFloat(type)) return `(-${operand})`;
    if (operator === "negate") return this.#wrapping("-", type, [this.#zero(type), operand]);
    return `${this.#support.unary(operator, type)}(${operand})`;
  }

  #zero(type: Type): string {
    return typeof type === "string" ? "0" : `${this.#support.splat(type)}(0)`;
  }

  #binary(operator: BinaryOperator, type: Type, [left, right]: readonly [string, string]): string {
    if (operator === "minimum" || operator === "maximum")
      return `${this.#support.pair(operator, type)}(${left}, ${right})`;
    if (!isFloat(type) && ["add", "subtract", "multiply"].includes(operator)) {
      return this.#wrapping(infix[operator]!, type, [left, right]);
    }
    const sign = infix[operator];
    if (sign !== undefined) return `(${left} ${sign} ${right})`;
    return `${this.#support.pair(operator, type)}(${left}, ${right})`;
  }

  /** Signed integers wrap only by way of unsigned ones. */
  #wrapping(sign: string, type: Type, [left, right]: readonly [string, string]): string {
    const unsigned = this.#support.unsigned(type);
    return `(${valueC(type)})((${unsigned})${left} ${sign} (${unsigned})${right})`;
  }

  #select(expression: Extract<Expression, { kind: "select" }>): string {
    const { condition, type } = expression;
    const [first, second] = [this.text(expression.whenTrue), this.text(expression.whenFalse)];
    if (condition.type === "bool") {
      if (typeof type === "object" || !isFloat(type) || decidedByFloats(condition))
        return `(${this.text(condition)} ? ${first} : ${second})`;
      return `${this.#support.choose(type as "f32" | "f64")}(${this.text(condition)}, ${first}, ${second})`;
    }
    const bits = bitsC(type as Exclude<Type, string>);
    this.#support.bits(type as Exclude<Type, string>);
    return `${this.#support.blend(type)}((${bits})${this.text(condition)}, ${first}, ${second})`;
  }

  #convert(operand: Expression, to: ScalarType): string {
    const from = operand.type as ScalarType;
    const text = this.text(operand);
    if (to === "bool") return `(${text} != 0)`;
    if (isFloat(from) && !isFloat(to)) return `${this.#support.saturate(from as LaneType, to as LaneType)}(${text})`;
    return `(${elementC[to]})${text}`;
  }

  /** The statement that stores a value. */
  store(statement: { buffer: number; index: Expression; value: Expression; mask?: Expression }): string {
    const { buffer, index, value, mask } = statement;
    const { element } = this.#nest.buffers[buffer]!;
    if (isVector(value.type)) {
      if (mask === undefined) {
        return `${this.#support.store(value.type)}(${this.address(buffer, index)}, ${this.text(value)});`;
      }
      const parts = [this.names.buffer(buffer), this.index(index), this.text(value), this.text(mask)];
      return `${this.#support.maskedStore(value.type, mask.type)}(${parts.join(", ")});`;
    }
    const cast = element === "i8" || element === "bool" ? `(${elementC[element]})` : "";
    return `${this.names.buffer(buffer)}[${this.index(index)}] = ${cast}${this.text(value)};`;
  }
}

/** Whether a condition compares floats, for which machines have instructions that choose between floats. */
function decidedByFloats(condition: Expression): boolean {
  return condition.kind === "constant" || (condition.kind === "compare" && isFloat(condition.left.type));
}

/** A constant in C. */
function constantC(type: Type, value: number | bigint | boolean): string {
  switch (typeName(type)) {
    case "bool":
      return value ? "true" : "false";
    case "i32":
      return Number(value) === -(2 ** 31) ? "INT32_MIN" : signed(String(value));
    case "i64":
      return BigInt(value) === -(2n ** 63n) ? "INT64_MIN" : signed(`${value}`, "INT64_C");
    default:
      return floatC(Number(value), type === "f32" ? "f" : "");
  }
}

function signed(text: string, wrapper?: string): string {
  if (wrapper !== undefined) return `${wrapper}(${text})`;
  return text.startsWith("-") ? `(${text})` : text;
}

function floatC(value: number, suffix: string): string {
  if (Number.isNaN(value)) return `__builtin_nan${suffix}("")`;
  if (!Number.isFinite(value)) return value > 0 ? `__builtin_inf${suffix}()` : `(-__builtin_inf${suffix}())`;
  if (Object.is(value, -0)) return `(-0.0${suffix})`;
  const digits = String(value);
  return signed(`${/[.e]/.test(digits) ? digits : `${digits}.0`}${suffix}`);
}
