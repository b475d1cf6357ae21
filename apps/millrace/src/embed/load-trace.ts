/** Traces of row ids by file name. */
import { readTrace, type TraceFormat } from "@millrace/ember-dae";
import { readWhole } from "../files/read.ts";

/** Reads a trace; the ending tells the format unless it is given: `.u32le` and `.u64le` are binary, all else is text. */
export function loadTrace(folder: string, file: string, format?: TraceFormat): Float64Array {
  const ending = /\.(u32le|u64le)$/.exec(file)?.[1] as TraceFormat | undefined;
  return readTrace(readWhole(folder, file), format ?? ending ?? "text", file);
}
