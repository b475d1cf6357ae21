import { TensorError, type TensorErrorCode } from "../../src/index.ts";

/** The message of the error of class `TensorError` and code `code` that `run` throws. */
export function refusal(code: TensorErrorCode, run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof TensorError && error.code === code) return error.message;
    throw error;
  }
  throw new Error(`nothing was refused with ${code}`);
}
