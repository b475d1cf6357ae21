/** Texts of modules, run in a process of their own, where packages are what was built. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mustRun } from "./run-tool.ts";

// Each module is told apart from the others' output by the last line alone.
const program = `
  const outcomes = [];
  for (const file of process.argv.slice(1)) {
    try {
      const { default: value = null } = await import(file);
      outcomes.push({ value });
    } catch (error) {
      outcomes.push({ error: String(error?.message ?? error) });
    }
  }
  console.log("\\n" + JSON.stringify(outcomes));
`;

/** What a module exports as its default, as JSON carries it, or the message of what it threw. */
export type ModuleOutcome = { readonly value: unknown } | { readonly error: string };

/** Runs modules one after another in one process: starting one for each would take longer than they do. */
export async function runModules(texts: readonly string[]): Promise<ModuleOutcome[]> {
  const folder = mkdtempSync(join(tmpdir(), "millrace-modules-"));
  try {
    const files = texts.map((text, at) => {
      const file = join(folder, `${at}.mjs`);
      writeFileSync(file, text);
      return file;
    });
    const { stdout } = await mustRun("node", ["--input-type=module", "--eval", program, ...files]);
    return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as ModuleOutcome[];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
