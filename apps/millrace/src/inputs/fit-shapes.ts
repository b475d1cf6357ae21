import type { CoordinateList } from "@millrace/tensor";
import { MillraceError } from "../errors.ts";
import type { GivenOperand } from "./operands.ts";

/** The extent of an index, and where it was learnt. */
interface Extent {
  readonly size: number;
  readonly exact: boolean;
  readonly place: string;
}

/**
 * Operands by name, with shapes that agree: an index has one extent wherever it occurs. A file that states no extents
 * takes them from the others.
 *
 * @throws {MillraceError} `operand-shape` where two operands state different extents, or an entry lies outside
 */
export function fitShapes(operands: readonly GivenOperand[]): Readonly<Record<string, CoordinateList>> {
  const extents = new Map<string, Extent>();
  for (const operand of operands) {
    for (const [mode, index] of operand.indices.entries()) {
      const found: Extent = {
        size: operand.list.shape[mode]!,
        exact: operand.exactShape,
        place: `mode ${mode} of ${operand.name}`,
      };
      if (index !== "") extents.set(index, agreed(index, extents.get(index), found));
    }
  }
  return Object.fromEntries(
    operands.map(({ name, indices, list }) => [
      name,
      { ...list, shape: indices.map((index, mode) => extents.get(index)?.size ?? list.shape[mode]!) },
    ]),
  );
}

function agreed(index: string, known: Extent | undefined, found: Extent): Extent {
  if (known === undefined) return found;
  if (known.exact && found.exact && known.size !== found.size) throw disagreement(index, known, found);
  const [exact, loose] = found.exact && !known.exact ? [found, known] : [known, found];
  if (exact.exact && loose.size > exact.size) throw disagreement(index, known, found);
  return exact.exact || exact.size >= loose.size ? exact : loose;
}

function disagreement(index: string, known: Extent, found: Extent): MillraceError {
  const message = `index ${index} takes ${known.size} values in ${known.place}, but ${found.size} in ${found.place}`;
  return new MillraceError("operand-shape", message, {
    help: "check that the files belong together and which is which",
  });
}
