import type { Nest } from "../nest/nest.ts";
import { type ElementType, elementBytes, isMask, type Type, typeName } from "../nest/types.ts";

/** The C type of what a buffer holds. */
export const elementC: Readonly<Record<ElementType, string>> = {
  bool: "uint8_t",
  i8: "int8_t",
  f16: "uint16_t",
  bf16: "uint16_t",
  i32: "int32_t",
  i64: "int64_t",
  f32: "float",
  f64: "double",
};

/** The C type of a value. Vectors are those of GCC and Clang; a mask is a vector of integers that are 0 or -1. */
export function valueC(type: Type): string {
  if (type === "bool") return "bool";
  if (typeof type === "string") return elementC[type];
  return isMask(type) ? `i${type.bits}x${type.lanes}` : typeName(type);
}

/** The vector of integers as wide as the lanes of a vector or mask: the type of its comparisons. */
export function bitsC(type: Exclude<Type, string>): string {
  return isMask(type) ? valueC(type) : `i${elementBytes(type.lane) * 8}x${type.lanes}`;
}

/** How the parts of a nest are called in C; the number keeps names apart from keywords and from each other. */
export class CNames {
  readonly #nest: Nest;

  constructor(nest: Nest) {
    this.#nest = nest;
  }

  buffer(buffer: number): string {
    return `${this.#nest.buffers[buffer]!.name}_b${buffer}`;
  }

  length(buffer: number): string {
    return `${this.buffer(buffer)}_n`;
  }

  scalar(scalar: number): string {
    return `${this.#nest.scalars[scalar]!.name}_s${scalar}`;
  }

  local(local: number): string {
    return `${this.#nest.locals[local]!.name.replaceAll(/\W/g, "_")}_${local}`;
  }
}
