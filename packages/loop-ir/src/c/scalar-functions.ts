/** Bodies of C functions on scalars, with the meaning that the interpreter gives the operators. */
import type { BinaryOperator, ReductionOperator, UnaryOperator } from "../nest/nest.ts";
import { isFloat, type LaneType } from "../nest/types.ts";

/** The body of a function of `a`. */
export function scalarUnary(operator: UnaryOperator, lane: LaneType): string {
  const suffix = lane === "f32" ? "f" : "";
  const long = lane === "i64" ? "ll" : "";
  const width = lane === "i64" ? 64 : 32;
  const unsigned = `uint${width}_t`;
  switch (operator) {
    case "absolute":
      return isFloat(lane)
        ? `return __builtin_fabs${suffix}(a);`
        : `return a < 0 ? (int${width}_t)(0 - (${unsigned})a) : a;`;
    case "square-root":
      return `return __builtin_sqrt${suffix}(a);`;
    case "floor":
      return `return __builtin_floor${suffix}(a);`;
    case "ceiling":
      return `return __builtin_ceil${suffix}(a);`;
    case "truncate":
      return `return __builtin_trunc${suffix}(a);`;
    case "nearest":
      return `return __builtin_rint${suffix}(a);`;
    case "population-count":
      return `return __builtin_popcount${long}((${unsigned})a);`;
    case "trailing-zeros":
      return `return a == 0 ? ${width} : __builtin_ctz${long}((${unsigned})a);`;
    default:
      return isFloat(lane) ? "return -a;" : `return (int${width}_t)(0 - (${unsigned})a);`;
  }
}

/** The body of a function of `a` and `b`. */
export function scalarPair(operator: BinaryOperator, lane: LaneType): string {
  const width = lane === "i64" ? 64 : 32;
  switch (operator) {
    case "minimum":
      return isFloat(lane) ? extreme("<", "a : b") : "return b < a ? b : a;";
    case "maximum":
      return isFloat(lane) ? extreme(">", "b : a") : "return b > a ? b : a;";
    case "remainder":
      return "return b == -1 ? 0 : a % b;";
    case "shift-left":
      return `return (int${width}_t)((uint${width}_t)a << (b & ${width - 1}));`;
    case "shift-right":
      return `return a >> (b & ${width - 1});`;
    default:
      return `return (int${width}_t)((uint${width}_t)a >> (b & ${width - 1}));`;
  }
}

/** NaN if either is NaN; of two zeros the one that the sign decides. */
function extreme(sign: string, ofEqual: string): string {
  return `if (a ${sign} b) return a;
  if (b ${sign} a) return b;
  return a == b ? (__builtin_signbit(a) ? ${ofEqual}) : a + b;`;
}

/** The body of a function that joins the lanes of `a` from lane 0 upwards. */
export function reductionBody(options: {
  readonly operator: ReductionOperator;
  readonly lane: LaneType;
  readonly lanes: number;
  /** The function that joins two lanes, if it is not an operator. */
  readonly join: string | undefined;
}): string {
  const { operator, lane, lanes, join } = options;
  const type = isFloat(lane) ? (lane === "f32" ? "float" : "double") : lane === "i64" ? "uint64_t" : "uint32_t";
  const result = isFloat(lane) ? type : type.slice(1);
  const sign = operator === "add" ? "+" : "*";
  if (join !== undefined) {
    return `${result} r = a[0];\n  for (int k = 1; k < ${lanes}; k++) r = ${join}(r, a[k]);\n  return r;`;
  }
  return `${type} r = (${type})a[0];\n  for (int k = 1; k < ${lanes}; k++) r = r ${sign} (${type})a[k];\n  return (${result})r;`;
}
