import { readFileSync } from "node:fs";

/** A window of the Azure trace. */
export interface Window {
  readonly firstRow: number;
  readonly lengths: readonly number[];
  /** Published cycles: coarse, interleaved, dynamic. */
  readonly cycles?: readonly [number, number, number];
}

/** All windows; see `test/data/README.md`. */
export const azureWindows: readonly Window[] = JSON.parse(
  readFileSync(new URL("../data/azure-lengths.json", import.meta.url), "utf8"),
);
