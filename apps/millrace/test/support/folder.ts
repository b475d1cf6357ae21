import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** The folder of the example inputs. */
export const examples: string = new URL("../../../../examples", import.meta.url).pathname;

/** A fresh folder with the given files in it, removed when the test ends. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "millrace-"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A Matrix Market text of 1-based rows `[row, column, value]`. */
export function matrixText(rows: number, columns: number, entries: readonly (readonly number[])[]): string {
  const lines = entries.map((entry) => entry.join(" "));
  return ["%%MatrixMarket matrix coordinate real general", `${rows} ${columns} ${entries.length}`, ...lines, ""].join(
    "\n",
  );
}

/** The folder of this package's test data. */
export const testData: string = new URL("../data", import.meta.url).pathname;
