/** Errors on their way from a thread, which would lose their class and code otherwise. */
import { SimError, type SimErrorCode } from "@millrace/sim-core";
import { MillraceError, type MillraceErrorCode } from "../../errors.ts";

/** An error as plain values. */
export interface PortedFault {
  readonly name: string;
  readonly message: string;
  readonly code?: string | undefined;
  readonly help?: string | undefined;
  readonly place?: MillraceError["place"];
}

/** The plain values of `error`. */
export function portedFault(error: unknown): PortedFault {
  if (error instanceof MillraceError) {
    const { name, message, code, help, place } = error;
    return { name, message, code, help, place };
  }
  if (error instanceof SimError) return { name: error.name, message: error.message, code: error.code };
  return { name: "Error", message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

/** The error again. */
export function errorOf({ name, message, code, help, place }: PortedFault): Error {
  if (name === "SimError") return new SimError(code as SimErrorCode, message);
  if (name !== "MillraceError") return new Error(message);
  const options = { ...(help === undefined ? {} : { help }), ...(place === undefined ? {} : { place }) };
  return new MillraceError(code as MillraceErrorCode, message, options);
}
