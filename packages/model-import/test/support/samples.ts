import { readFileSync } from "node:fs";

/** The bytes of a sample below `test/data`. */
export function sample(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../data/${path}`, import.meta.url)));
}
