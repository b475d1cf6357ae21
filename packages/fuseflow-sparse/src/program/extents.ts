/** The extent of every variable and tensor of a program, as far as its inputs say. */
import type { Span } from "@millrace/ir-text";
import { accessesIn, type EinsumProgram, type ProgramExtent } from "./program.ts";

/** What is known of extents, and where inputs contradict each other. */
export interface ProgramExtents {
  /** Shape of every input and result. */
  readonly shapes: ReadonlyMap<string, readonly ProgramExtent[]>;
  /** Extent of each variable of each statement, by the statement's tensor. */
  readonly variables: ReadonlyMap<string, ReadonlyMap<string, ProgramExtent>>;
  readonly conflicts: readonly { readonly message: string; readonly span: Span | undefined }[];
}

/** Infers the extents; a size given by name equals any other named size until it is bound. */
export function programExtents(program: EinsumProgram): ProgramExtents {
  const shapes = new Map<string, readonly ProgramExtent[]>(program.inputs.map(({ name, shape }) => [name, shape]));
  const variables = new Map<string, ReadonlyMap<string, ProgramExtent>>();
  const conflicts: { message: string; span: Span | undefined }[] = [];
  for (const { tensor, indices, expression, span } of program.statements) {
    const extents = new Map<string, ProgramExtent>();
    const from = new Map<string, string>();
    for (const access of accessesIn(expression)) {
      for (const [mode, variable] of access.indices.entries()) {
        const extent = shapes.get(access.tensor)?.[mode];
        if (extent === undefined) continue;
        const known = extents.get(variable);
        if (known === undefined || (typeof known === "string" && typeof extent === "number")) {
          extents.set(variable, extent);
          from.set(variable, access.tensor);
        } else if (typeof known === "number" && typeof extent === "number" && known !== extent) {
          const message = `${variable} has extent ${known} in ${from.get(variable)} and ${extent} in ${access.tensor}`;
          conflicts.push({ message, span });
        }
      }
    }
    variables.set(tensor, extents);
    shapes.set(
      tensor,
      indices.map((index) => extents.get(index) ?? index),
    );
  }
  return { shapes, variables, conflicts };
}

/**
 * The program with every named size replaced by the number that `sizes` gives it; names without one stay.
 *
 * @example
 * const inputs = [{ name: "x", shape: ["n"], format: "d" }];
 * bindSizes({ name: "p", inputs, statements: [], outputs: [] }, { n: 4 }).inputs[0].shape; // => [4]
 */
export function bindSizes(program: EinsumProgram, sizes: Readonly<Record<string, number>>): EinsumProgram {
  const bind = (extent: ProgramExtent): ProgramExtent =>
    typeof extent === "string" && Object.hasOwn(sizes, extent) ? sizes[extent]! : extent;
  return { ...program, inputs: program.inputs.map((input) => ({ ...input, shape: input.shape.map(bind) })) };
}
