import { SieveError } from "../../src/index.ts";

/** The fault that `action` ends with. */
export function caught(action: () => unknown): SieveError {
  try {
    action();
  } catch (error) {
    if (error instanceof SieveError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
