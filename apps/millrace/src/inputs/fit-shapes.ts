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
export function fitShapes(
  operands: readonly GivenOperand[],
  sizes: ReadonlyMap<string, number> = new Map(),
): Readonly<Record<string, CoordinateList>> {
  const extents = new Map([...sizes].map(([index, size]): [string, Extent] => [index, stated(size)]));
  for (const operand of operands) {
    refuseOtherExtents(operand);
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
    operands.map(({ name, indices, list, extents: own }) => [
      name,
      { ...list, shape: indices.map((index, mode) => own?.[mode] ?? extents.get(index)?.size ?? list.shape[mode]!) },
    ]),
  );
}

const stated = (size: number): Extent => ({ size, exact: true, place: "the sizes that are given" });

/** Refuses an operand whose extents are not those that the model states. */
function refuseOtherExtents({ name, indices, list, extents = [], exactShape }: GivenOperand): void {
  const differs = extents.some((extent, mode) => {
    const found = list.shape[mode]!;
    return extent !== undefined && (exactShape ? found !== extent : found > extent);
  });
  if (!differs) return;
  const wanted = extents.map((extent, mode) => extent ?? (indices[mode] || "?")).join(" x ");
  throw new MillraceError("operand-shape", `${name} is ${wanted} in the model, but ${list.shape.join(" x ")} as given`);
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
