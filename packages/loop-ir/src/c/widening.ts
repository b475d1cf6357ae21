/** Bodies of C functions that widen entries of 8 and 16 bits, in vectors as wide as compilers find good. */
import type { ElementType } from "../nest/types.ts";

type Narrow = Extract<ElementType, "i8" | "f16" | "bf16">;

/**
 * The body of a function that widens `h`, an entry, into a `float` or an `int32_t`.
 *
 * A half whose exponent is moved by 112 is a single; a subnormal one becomes a single with a leading one too many, which a
 * subtraction takes away, exactly and without touching subnormal singles.
 */
export function scalarWidening(element: Narrow): string {
  if (element === "i8") return "return (int32_t)h;";
  const bits = element === "bf16" ? "uint32_t o = (uint32_t)h << 16;" : halfBits("uint32_t", "float");
  return `${bits}\n  float r; __builtin_memcpy(&r, &o, 4); return r;`;
}

/** Types and the body of a function that widens the `lanes` entries from `p` on. */
export function vectorWidening(element: Narrow, lanes: number, result: string): string {
  const entry = element === "i8" ? "int8_t" : "uint16_t";
  const bytes = (element === "i8" ? 1 : 2) * lanes;
  const read = `typedef ${entry} narrow __attribute__((vector_size(${bytes})));
  typedef uint32_t wide __attribute__((vector_size(${4 * lanes})));
  narrow n; __builtin_memcpy(&n, p, sizeof n);`;
  if (element === "i8") return `${read}\n  return __builtin_convertvector(n, ${result});`;
  const convert = "wide h = __builtin_convertvector(n, wide);";
  const bits = element === "bf16" ? "wide o = h << 16;" : halfBits("wide", result);
  return `${read}\n  ${convert}\n  ${bits}\n  return (${result})o;`;
}

function halfBits(word: string, float: string): string {
  const scalar = word === "uint32_t";
  const all = (condition: string): string => (scalar ? `(0u - (uint32_t)${condition})` : `(wide)${condition}`);
  const less = scalar
    ? "float s; __builtin_memcpy(&s, &z, 4); s -= 6.103515625e-05f; __builtin_memcpy(&z, &s, 4);"
    : `z = (wide)((${float})z - 6.103515625e-05f);`;
  return `const ${word} e = (h & 0x7fff) << 13;
  const ${word} exponent = e & 0x0f800000;
  ${word} z = e + 0x38800000;
  ${less}
  const ${word} zero = ${all("(exponent == 0)")}, most = ${all("(exponent == 0x0f800000)")};
  ${word} o = (z & zero) | ((e + 0x38000000 + (most & 0x38000000)) & ~zero);
  o |= (h & 0x8000) << 16;`;
}
