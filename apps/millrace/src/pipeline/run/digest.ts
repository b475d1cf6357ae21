import { createHash } from "node:crypto";

/** The digest of a text, or of bytes. */
export function digestOf(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 32);
}
