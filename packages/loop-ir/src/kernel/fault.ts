import { LoopError } from "../errors.ts";
import type { FaultReason, Nest } from "../nest/nest.ts";

/** The error for a run that ended early: it names the kernel, and the unit where that is known. */
export function faultError(nest: Nest, reason: FaultReason, unit?: number): LoopError {
  const where = `kernel ${nest.name}${unit === undefined ? "" : `, unit ${unit}`}`;
  switch (reason.code) {
    case "out-of-bounds": {
      const name = nest.buffers[reason.buffer]?.name ?? `buffer ${reason.buffer}`;
      return new LoopError("out-of-bounds", `${where}: an index lies outside ${name}`);
    }
    case "division":
      return new LoopError("division", `${where}: an integer was divided by zero, or past its range`);
    case "fault":
      return new LoopError("fault", `${where}: ${reason.message}`);
  }
}
