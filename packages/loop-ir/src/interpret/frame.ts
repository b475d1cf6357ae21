import type { BufferArray } from "../kernel/arguments.ts";
import type { FaultReason } from "../nest/nest.ts";
import type { Scalar } from "./arithmetic.ts";

/** A value in the interpreter: a scalar, or the lanes of a vector or mask. */
export type Datum = Scalar | readonly Scalar[];

/** The state of one run. */
export class Frame {
  readonly arrays: readonly BufferArray[];
  readonly scalars: readonly Scalar[];
  /** By place in `Nest.locals`. */
  readonly locals: Datum[];
  unit = 0;
  units = 1;
  worker = 0;
  /** Steps that the present unit has counted. */
  steps = 0;

  constructor(parts: { arrays: readonly BufferArray[]; scalars: readonly Scalar[]; locals: number }) {
    this.arrays = parts.arrays;
    this.scalars = parts.scalars;
    this.locals = new Array<Datum>(parts.locals).fill(0);
  }
}

/** Ends a run from inside a unit. */
export class FaultSignal extends Error {
  readonly reason: FaultReason;

  constructor(reason: FaultReason) {
    super(reason.code);
    this.reason = reason;
  }
}
