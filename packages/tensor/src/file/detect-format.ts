import { TensorError } from "../errors.ts";
import { latin1 } from "./file-fault.ts";
import type { TensorFileFormat } from "./header.ts";
import { isNpy } from "./numpy/npy-header.ts";
import { isZip } from "./numpy/zip-directory.ts";

/** A format that can be asked for; `tns` leaves the dialect to the first lines. */
export type ReadableFormat = TensorFileFormat | "tns";

/** Bytes that {@link detectFormat} wants to see. */
export const HEAD_BYTES = 512;

const EXTENSIONS = new Map<string, ReadableFormat>([
  ["mtx", "matrix-market"],
  ["mm", "matrix-market"],
  ["tns", "tns"],
  ["smtx", "smtx"],
  ["npy", "npy"],
  ["npz", "npz"],
]);

/**
 * The format of a file: by its first bytes where they are telling, else by its name (`.gz` aside), else by a look at its
 * first line.
 *
 * @throws {TensorError} `file-unsupported` if nothing fits.
 */
export function detectFormat(head: Uint8Array, name: string): ReadableFormat {
  if (isNpy(head)) return "npy";
  if (isZip(head)) return "npz";
  const text = latin1(head, 0, Math.min(head.length, HEAD_BYTES));
  if (/^%%?MatrixMarket/i.test(text)) return "matrix-market";
  const extension = /\.([^.]+)$/.exec(name.replace(/\.gz$/i, ""))?.[1]?.toLowerCase() ?? "";
  const named = EXTENSIONS.get(extension);
  if (named !== undefined) return named;
  if (/^%.*smtx/i.test(text)) return "smtx";
  if (/^(#[^\r\n]*[\r\n]\s*)*(sptensor\b|\d+[\s\d])/.test(text)) return "tns";
  const known = "Matrix Market (.mtx), .tns, .smtx, .npy and .npz files are read, gzipped or not";
  throw new TensorError("file-unsupported", `${name}: neither the name nor the first bytes tell the format; ${known}`);
}
