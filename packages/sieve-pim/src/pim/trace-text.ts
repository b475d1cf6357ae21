/** PIM requests as text: a line for each, `NAME 0xADDRESS`. */
import { SieveError } from "../errors.ts";
import { PimRequests, requestNames } from "./pim-requests.ts";

/**
 * Reads a trace.
 *
 * @throws {SieveError} `pim-trace` with file and line where a line is something else.
 *
 * @example
 * ```ts
 * readPimTrace("PIM_MAC_AB 0x40000420\n").row[0]; // => 1
 * ```
 */
export function readPimTrace(text: string, name = "trace"): PimRequests {
  const requests = new PimRequests();
  for (const [at, line] of text.split("\n").entries()) {
    const trimmed = line.trim();
    if (trimmed === "") continue;
    const [, kind = "", digits = ""] = /^(\w+)\s+0x([0-9a-fA-F]{1,13})$/.exec(trimmed) ?? [];
    const known = requestNames.indexOf(kind as (typeof requestNames)[number]);
    const address = Number.parseInt(digits, 16);
    if (known < 0 || !Number.isSafeInteger(address)) {
      throw new SieveError(
        "pim-trace",
        `${name}:${at + 1}: expected one of ${requestNames.join(", ")} and an address, not "${trimmed.slice(0, 60)}"`,
        {
          path: `${name}:${at + 1}`,
          hint: "for example PIM_MAC_AB 0x420",
        },
      );
    }
    requests.addAddress(known, address);
  }
  return requests;
}

/** Writes a trace that reads back as `requests`. */
export function writePimTrace(requests: PimRequests): string {
  const lines: string[] = [];
  for (let at = 0; at < requests.size; at++) {
    lines.push(`${requestNames[requests.kind[at]!]} 0x${requests.address(at).toString(16).padStart(8, "0")}\n`);
  }
  return lines.join("");
}
