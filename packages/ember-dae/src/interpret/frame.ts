/** What a running program sees: a slot for every value. */
import { EmberError } from "../errors.ts";
import type { Op, Value } from "../ir/op.ts";
import type { Memory } from "./memory.ts";

/** A number, the lanes of a vector, a memory, or the vectors in a buffer. */
export type Slot = number | Float64Array | Memory | Float64Array[] | undefined;

/** Slots by number. */
export type Frame = Slot[];

/** A compiled operation or block. */
export type Step = (frame: Frame) => void;

/** Gives every value of a program its slot. */
export class Slots {
  readonly #numbers = new Map<Value, number>();

  of(value: Value): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    this.#numbers.set(value, this.#numbers.size);
    return this.#numbers.size - 1;
  }

  operands(op: Op): number[] {
    return op.operands.map((operand) => this.of(operand));
  }

  result(op: Op): number {
    return this.of(op.results[0] as Value);
  }
}

/** The place of an element, checked against the extents. @throws {EmberError} `memory-range` */
export function placeIn(memory: Memory, indices: readonly number[]): number {
  let place = 0;
  for (let axis = 0; axis < indices.length; axis++) {
    const index = indices[axis] as number;
    const extent = memory.shape[axis] as number;
    if (!(index >= 0 && index < extent)) {
      throw new EmberError(
        "memory-range",
        `index ${index} on axis ${axis} of a memory of ${memory.shape.join(" x ")}`,
        {
          help: "row ids lie between 0 and the rows of the table, offsets between 0 and the number of ids",
        },
      );
    }
    place = place * extent + index;
  }
  return place;
}
