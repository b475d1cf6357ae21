import { StepError } from "../errors.ts";

/** @throws {StepError} `workload-options` unless all sizes are integers of at least 1. */
export function expectSizes(sizes: Readonly<Record<string, number>>): void {
  for (const [name, size] of Object.entries(sizes)) {
    if (Number.isSafeInteger(size) && size >= 1) continue;
    throw new StepError("workload-options", `${name} must be an integer of at least 1, not ${size}`);
  }
}

/** @throws {StepError} `workload-options` unless `size` divides `whole`. */
export function expectDivides(name: string, size: number, whole: number): void {
  if (whole % size !== 0) throw new StepError("workload-options", `${name} ${size} does not divide ${whole}`);
}
