/** The browser of tests and benchmarks: a Chromium that this machine has. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** What `CHROME_PATH` says, or the first on PATH; undefined where there is none. */
export const chromiumProgram = [
  process.env.CHROME_PATH,
  ...(process.env.PATH ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name))),
].find((path) => path !== undefined && existsSync(path));

const quiet = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-sync",
];

/** Starts it without a window; nothing of it reaches the network. */
export function launchChromium(...more) {
  return chromium.launch({ executablePath: chromiumProgram, args: ["--no-sandbox", ...quiet, ...more] });
}
