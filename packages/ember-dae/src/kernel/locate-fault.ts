/** Where offsets and ids are wrong, once a kernel has found that they are. */
import type { BufferArray } from "@millrace/loop-ir";
import { EmberError } from "../errors.ts";

/** Offsets and ids as a kernel was given them. */
export interface LookupOperands {
  readonly ptr: BufferArray | undefined;
  readonly idx: BufferArray;
  /** Rows of the table, or blocks of rows. */
  readonly rows: number;
}

/**
 * The error for the first offset or id that is wrong; undefined if none is.
 */
export function locateFault({ ptr, idx, rows }: LookupOperands): EmberError | undefined {
  for (let bag = 0; ptr !== undefined && bag + 1 < ptr.length; bag++) {
    const [from, to] = [Number(ptr[bag]), Number(ptr[bag + 1])];
    if (from >= 0 && from <= to && to <= idx.length) continue;
    return new EmberError("offsets", `bag ${bag} goes from ${from} to ${to} of ${idx.length} ids`, {
      help: "offsets start at 0 or later, do not fall, and none exceeds the number of ids",
    });
  }
  for (let place = 0; place < idx.length; place++) {
    const id = Number(idx[place]);
    if (id >= 0 && id < rows) continue;
    return new EmberError("index-range", `indices[${place}] is ${id}, but the table has ${rows} rows`, {
      help: `ids lie between 0 and ${Math.max(0, rows - 1)}`,
    });
  }
  return undefined;
}
