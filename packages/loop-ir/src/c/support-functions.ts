/** Functions that C lacks or leaves undefined in places; each is written out only if a kernel uses it. */
import type { BinaryOperator, ReductionOperator, UnaryOperator } from "../nest/nest.ts";
import {
  type ElementType,
  elementBytes,
  isFloat,
  isMask,
  isNarrow,
  isVector,
  type LaneType,
  laneOf,
  lanesOf,
  type Type,
  typeName,
  valueTypeOf,
} from "../nest/types.ts";
import { bitsC, elementC, valueC } from "./names.ts";
import { reductionBody, scalarPair, scalarUnary } from "./scalar-functions.ts";
import { scalarWidening, vectorWidening } from "./widening.ts";

type Lanes = Exclude<Type, string>;
type Narrow = Extract<ElementType, "i8" | "f16" | "bf16">;

/** Collects the types and functions that the kernels of one translation unit use. */
export class SupportFunctions {
  readonly #types = new Map<string, string>();
  readonly #functions = new Map<string, string>();
  readonly #qualifiers: string;

  /** `qualifiers` stand before each function. */
  constructor(qualifiers = "static inline") {
    this.#qualifiers = qualifiers;
  }

  /** The definitions, in an order in which each comes before its uses. */
  text(): string {
    return [...this.#types.values(), ...this.#functions.values()].map((definition) => `${definition}\n`).join("");
  }

  /** Makes a type known. */
  type(type: Type): string {
    const name = valueC(type);
    if (typeof type === "object") {
      const lane = isMask(type) ? elementC[`i${type.bits}`] : elementC[type.lane];
      this.#define(name, lane, type);
      this.bits(type);
    }
    return name;
  }

  /** Makes known the integers as wide as the lanes of a type. */
  bits(type: Lanes): string {
    const name = bitsC(type);
    const bits = isMask(type) ? type.bits : elementBytes(type.lane) * 8;
    this.#define(name, `int${bits}_t`, type);
    return name;
  }

  /** The unsigned type in which a signed one wraps. */
  unsigned(type: Type): string {
    if (typeof type === "string") return `u${elementC[type]}`;
    const bits = isMask(type) ? type.bits : elementBytes(type.lane) * 8;
    const name = `u${bits}x${lanesOf(type)}`;
    this.#define(name, `uint${bits}_t`, type);
    return name;
  }

  splat(type: Type): string {
    const name = this.type(type);
    const lane = laneC(type);
    return this.#function(`splat_${name}`, name, `${lane} a`, perLane(name, type, "a"));
  }

  iota(type: Type): string {
    const name = this.type(type);
    return this.#function(`iota_${name}`, name, "void", perLane(name, type, "k"));
  }

  firstLanes(type: Type): string {
    const name = this.type(type);
    return this.#function(`first_${name}`, name, "int32_t count", perLane(name, type, "k < count ? -1 : 0"));
  }

  /** Widens an entry of 8 or 16 bits. */
  widen(element: Narrow): string {
    const result = elementC[valueTypeOf(element)];
    return this.#function(`widen_${element}`, result, `${elementC[element]} h`, scalarWidening(element));
  }

  /** Loads a vector; of a buffer with narrower entries, widened. */
  load(type: Type, element: ElementType): string {
    const name = this.type(type);
    if (isNarrow(element)) {
      const body = vectorWidening(element, lanesOf(type), name);
      return this.#function(`load_${element}_${name}`, name, `const ${elementC[element]} *p`, body);
    }
    const body = `${name} r; __builtin_memcpy(&r, p, sizeof r); return r;`;
    return this.#function(`load_${name}`, name, `const ${laneC(type)} *p`, body);
  }

  store(type: Type): string {
    const name = this.type(type);
    return this.#function(
      `store_${name}`,
      "void",
      `${laneC(type)} *p, ${name} a`,
      "__builtin_memcpy(p, &a, sizeof a);",
    );
  }

  maskedLoad(type: Type, mask: Type, element: ElementType): string {
    const name = this.type(type);
    const parameters = `const ${elementC[element]} *p, int64_t i, ${this.type(mask)} m`;
    const entry = isNarrow(element) ? `${this.widen(element)}(p[i + k])` : "p[i + k]";
    const own = isNarrow(element) ? `load_where_${element}_${name}` : `load_where_${name}`;
    return this.#function(own, name, parameters, perLane(name, type, `m[k] ? ${entry} : 0`));
  }

  maskedStore(type: Type, mask: Type): string {
    const name = this.type(type);
    const parameters = `${laneC(type)} *p, int64_t i, ${name} a, ${this.type(mask)} m`;
    const body = `for (int k = 0; k < ${lanesOf(type)}; k++) if (m[k]) p[i + k] = a[k];`;
    return this.#function(`store_where_${name}`, "void", parameters, body);
  }

  blend(type: Type): string {
    const name = this.type(type);
    const bits = this.bits(type as Lanes);
    const body = `return (${name})((m & (${bits})a) | (~m & (${bits})b));`;
    return this.#function(`blend_${name}`, name, `${bits} m, ${name} a, ${name} b`, body);
  }

  /** One of two floats by a condition that may follow no pattern: without a branch. */
  choose(lane: "f32" | "f64"): string {
    const [type, bits] = [elementC[lane], `int${elementBytes(lane) * 8}_t`];
    const body = `${bits} m = -(${bits})c, x, y;
  __builtin_memcpy(&x, &a, sizeof a), __builtin_memcpy(&y, &b, sizeof b);
  x = ((x ^ y) & m) ^ y;
  __builtin_memcpy(&a, &x, sizeof a);
  return a;`;
    return this.#function(`choose_${lane}`, type, `bool c, ${type} a, ${type} b`, body);
  }

  unary(operator: UnaryOperator, type: Type): string {
    const lane = laneOf(type) as LaneType;
    const scalar = this.#function(
      `${identifier(operator)}_${lane}`,
      elementC[lane],
      `${elementC[lane]} a`,
      scalarUnary(operator, lane),
    );
    if (typeof type === "string") return scalar;
    const name = this.type(type);
    return this.#function(`${identifier(operator)}_${name}`, name, `${name} a`, perLane(name, type, `${scalar}(a[k])`));
  }

  pair(operator: BinaryOperator, type: Type): string {
    const lane = laneOf(type) as LaneType;
    const scalar = this.#function(
      `${identifier(operator)}_${lane}`,
      elementC[lane],
      `${elementC[lane]} a, ${elementC[lane]} b`,
      scalarPair(operator, lane),
    );
    if (typeof type === "string") return scalar;
    const name = this.type(type);
    const body = perLane(name, type, `${scalar}(a[k], b[k])`);
    return this.#function(`${identifier(operator)}_${name}`, name, `${name} a, ${name} b`, body);
  }

  reduce(operator: ReductionOperator, type: Type): string {
    const name = this.type(type);
    const lane = laneOf(type) as LaneType;
    const extreme = operator === "minimum" || operator === "maximum";
    const join = extreme ? this.pair(operator, lane) : undefined;
    const body = reductionBody({ operator, lane, lanes: lanesOf(type), join });
    return this.#function(`reduce_${operator}_${name}`, elementC[lane], `${name} a`, body);
  }

  saturate(from: LaneType, to: LaneType): string {
    const least = to === "i32" ? "-2147483648.0" : "-9223372036854775808.0";
    const body = `if (!(a > ${least})) return a != a ? 0 : ${to === "i32" ? "INT32_MIN" : "INT64_MIN"};
  return a >= ${least.slice(1)} ? ${to === "i32" ? "INT32_MAX" : "INT64_MAX"} : (${elementC[to]})a;`;
    return this.#function(`saturate_${from}_${to}`, elementC[to], `${elementC[from]} a`, body);
  }

  #define(name: string, lane: string, type: Lanes): void {
    const bytes = (isVector(type) ? elementBytes(type.lane) : type.bits / 8) * type.lanes;
    this.#types.set(name, `typedef ${lane} ${name} __attribute__((vector_size(${bytes})));`);
  }

  #function(name: string, result: string, parameters: string, body: string): string {
    if (!this.#functions.has(name)) {
      this.#functions.set(name, `${this.#qualifiers} ${result} ${name}(${parameters}) {\n  ${body}\n}`);
    }
    return name;
  }
}

function identifier(operator: string): string {
  return operator.replaceAll("-", "_");
}

/** The C type of one lane. */
function laneC(type: Type): string {
  if (isMask(type)) return `int${type.bits}_t`;
  return elementC[laneOf(type)];
}

function perLane(name: string, type: Type, value: string): string {
  const cast = isFloat(type) || typeName(type) === "bool" ? "" : `(${laneC(type)})`;
  return `${name} r;\n  for (int k = 0; k < ${lanesOf(type)}; k++) r[k] = ${cast}(${value});\n  return r;`;
}
