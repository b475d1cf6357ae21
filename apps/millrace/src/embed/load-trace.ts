/** Traces of row ids by file name. */
import { gunzipSync } from "node:zlib";
import { readTrace, type TraceFormat } from "@millrace/ember-dae";
import { MillraceError } from "../errors.ts";
import { readWhole } from "../files/read.ts";

/** A trace is expanded to at most so many bytes. */
const mostBytes = 2 ** 31 - 1;

/** Reads a trace; the ending tells the format unless it is given: `.u32le` and `.u64le` are binary, all else is text. Any may be gzipped. */
export function loadTrace(folder: string, file: string, format?: TraceFormat): Float64Array {
  const ending = /\.(u32le|u64le)(\.gz)?$/.exec(file)?.[1] as TraceFormat | undefined;
  const bytes = readWhole(folder, file);
  const gzipped = bytes[0] === 0x1f && bytes[1] === 0x8b && file.endsWith(".gz");
  return readTrace(gzipped ? expanded(bytes, file) : bytes, format ?? ending ?? "text", file);
}

function expanded(bytes: Uint8Array, file: string): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: mostBytes });
  } catch (cause) {
    throw new MillraceError("file-unreadable", `cannot expand ${file}: ${(cause as Error).message}`, { cause });
  }
}
