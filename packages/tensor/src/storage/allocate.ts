import { TensorError } from "../errors.ts";
import { maximumExtent } from "../limits.ts";

/** Most positions, coordinates or values any one array may have: what a signed 32-bit position can count. */
export const maximumLength: number = maximumExtent;

/**
 * Refuses an array length that 32-bit positions cannot address or that passes the caller's bound.
 *
 * @param what what the array holds, as in "positions of level 1"
 * @throws {TensorError} `too-large`
 */
export function checkLength(length: number, what: string, bound: number = maximumLength): void {
  if (length > maximumLength) {
    throw new TensorError(
      "too-large",
      `${what}: ${length} passes ${maximumLength}, the most that 32-bit positions can count`,
    );
  }
  if (length > bound) {
    const advice = "use a format that stores fewer, or raise maximumPositions";
    throw new TensorError("too-large", `${what}: ${length} passes the bound of ${bound} positions; ${advice}`);
  }
}

/** A zeroed array over an `ArrayBuffer`, or over a `SharedArrayBuffer` where `shared`. */
export function int32Array(length: number, shared: boolean): Int32Array {
  return shared ? new Int32Array(new SharedArrayBuffer(length * 4)) : new Int32Array(length);
}

/** A zeroed array over an `ArrayBuffer`, or over a `SharedArrayBuffer` where `shared`. */
export function uint32Array(length: number, shared: boolean): Uint32Array {
  return shared ? new Uint32Array(new SharedArrayBuffer(length * 4)) : new Uint32Array(length);
}
