/** JSON of programs: bounded in depth before it is parsed, with faults placed. */
import { ModelError } from "../errors.ts";
import type { Place } from "../graph/place.ts";

const deepest = 512;

/**
 * Parses UTF-8 JSON.
 *
 * @throws {ModelError} `program-malformed`, `nesting-too-deep`
 */
export function parseJson(bytes: Uint8Array, place: Place): unknown {
  const depth = depthOf(bytes);
  if (depth > deepest) {
    throw new ModelError("nesting-too-deep", `its JSON nests ${depth} deep; at most ${deepest} is read`, { place });
  }
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    const help = "the file may be cut off or edited by hand";
    throw new ModelError("program-malformed", `not JSON: ${(cause as Error).message}`, { place, help, cause });
  }
}

function depthOf(bytes: Uint8Array): number {
  let depth = 0;
  let most = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === 0x22) {
      for (at++; at < bytes.length && bytes[at] !== 0x22; at++) if (bytes[at] === 0x5c) at++;
    } else if (byte === 0x7b || byte === 0x5b) {
      depth++;
      if (depth > most) most = depth;
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return most;
}
