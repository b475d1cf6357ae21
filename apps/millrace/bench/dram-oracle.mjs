// The oracle of the package's tests, one literal cycle after the other, compiled into a temporary folder.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const sources = fileURLToPath(new URL("../../../packages/sim-core", import.meta.url));
const entry = "test/dram/oracle/run-literal.js";

/** Compiles the oracle; returns the folder it stands in, which is the caller's to remove. */
export function compileOracle() {
  const folder = mkdtempSync(join(tmpdir(), "dram-oracle-"));
  const options = ["--noEmit", "false", "--outDir", folder, "--declaration", "false", "--sourceMap", "false"];
  const compiled = spawnSync("npx", ["tsc", "-p", "tsconfig.test.json", ...options], {
    cwd: sources,
    encoding: "utf8",
  });
  if (!existsSync(join(folder, entry))) {
    rmSync(folder, { recursive: true });
    throw new Error(`the oracle was not compiled: ${compiled.stdout}${compiled.stderr}`);
  }
  symlinkSync(join(sources, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  return folder;
}

/** A function that runs requests on a setup and tells the cycles; `null` where that would take too long. */
export async function loadOracle(folder) {
  const { runLiteralLoadStore, runLiteralTimed } = await import(pathToFileURL(join(folder, entry)).href);
  return (setup, requests, timed) => {
    const { spec, channels, mapping, refresh, rowPolicy, cap, scheduler } = setup.configuration;
    const run = { spec, channels, mapping, settings: { refresh, rowPolicy, cap, scheduler }, longest: 5e6 };
    if (timed && requests.at(-1).arrival > 2e6) return null;
    return (timed ? runLiteralTimed(run, requests) : runLiteralLoadStore(run, requests, setup.ratio)).cycles;
  };
}
