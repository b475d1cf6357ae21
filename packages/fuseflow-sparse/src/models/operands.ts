/** Seeded operands for programs: sparse where the program stores them so, dense elsewhere. */
import { pack, parseFormat, type Tensor, uniformTensor } from "@millrace/tensor";
import { FuseflowError } from "../errors.ts";
import { isSparse } from "../program/patterns.ts";
import type { EinsumProgram } from "../program/program.ts";

/** How operands are made. */
export interface RandomOperandOptions {
  readonly seed: number;
  /** Fraction of entries that a sparse input stores, by name; 0.1 unless given. */
  readonly density?: Readonly<Record<string, number>>;
  /** Inputs that are there already. */
  readonly given?: Readonly<Record<string, Tensor>>;
}

/**
 * An operand for every input that is not given, with values from -2 to 2.
 *
 * @throws {FuseflowError} `program-unbound` while an extent is a name
 */
export function randomOperands(
  program: EinsumProgram,
  { seed, density = {}, given = {} }: RandomOperandOptions,
): Record<string, Tensor> {
  return Object.fromEntries(
    program.inputs.map((input, at) => {
      const { name, shape, format } = input;
      const known = Object.hasOwn(given, name) ? given[name] : undefined;
      if (known !== undefined) return [name, known];
      const extents = shape.map((extent) => {
        if (typeof extent === "number") return extent;
        throw new FuseflowError("program-unbound", `size ${extent} of ${name} is not known`);
      });
      const volume = extents.reduce((product, extent) => product * extent, 1);
      const part = isSparse(input) ? (density[name] ?? 0.1) : 1;
      const entries = Math.min(volume, Math.max(1, Math.round(part * volume)));
      const list = uniformTensor({ shape: extents, entries, values: "quarters", seed: seed + at });
      return [name, pack(list, parseFormat(format, extents.length))];
    }),
  );
}
