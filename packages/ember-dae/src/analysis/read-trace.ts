/** Traces of row ids in files: little-endian 32-bit or 64-bit integers, or a text of numbers. */
import { EmberError } from "../errors.ts";

/** How ids stand in a file. */
export type TraceFormat = "u32le" | "u64le" | "text";

/**
 * Reads a trace.
 *
 * @throws {EmberError} `trace` where bytes do not make whole ids, or a text holds anything but non-negative integers
 */
export function readTrace(bytes: Uint8Array, format: TraceFormat, name: string): Float64Array {
  if (format === "text") return fromText(new TextDecoder().decode(bytes), name);
  const width = format === "u32le" ? 4 : 8;
  if (bytes.length % width !== 0) {
    throw new EmberError("trace", `${name}: ${bytes.length} bytes are no whole number of ${width}-byte ids`, {
      help: "a trace is little-endian 32-bit ids (.u32le), 64-bit ids (.u64le), or a text of ids",
    });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ids = new Float64Array(bytes.length / width);
  for (let at = 0; at < ids.length; at++) {
    ids[at] = width === 4 ? view.getUint32(at * 4, true) : Number(view.getBigUint64(at * 8, true));
    if (ids[at]! > Number.MAX_SAFE_INTEGER) throw new EmberError("trace", `${name}: id ${at} is 2^53 or larger`);
  }
  return ids;
}

function fromText(text: string, name: string): Float64Array {
  const ids: number[] = [];
  let line = 1;
  const words = /[^\s,;[\]]+|\n/g;
  for (let word = words.exec(text); word !== null; word = words.exec(text)) {
    if (word[0] === "\n") line += 1;
    else if (/^\d{1,15}$/.test(word[0])) ids.push(Number(word[0]));
    else {
      throw new EmberError(
        "trace",
        `${name}:${line}: expected a row id, found ${JSON.stringify(word[0].slice(0, 40))}`,
        {
          help: "a text of row ids has non-negative integers, with blanks, commas or line breaks between them",
        },
      );
    }
  }
  return Float64Array.from(ids);
}
