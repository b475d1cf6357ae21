// The ways in which a run may end before its time, as tooling/ended-hard.mjs tries them.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, truncateSync, watch } from "node:fs";
import { join } from "node:path";

/** Numbers from 0 to 1 from a seed: xorshift. */
export function randomFrom(seed) {
  let state = seed * 2654435761 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/**
 * Runs a command in a folder. `end` says how it ends, if not by itself: `{signal, after}` milliseconds, `{signal, changes}` of
 * files in the folder, just after a log was written or amid a rename, or `{kilobytes}` that a file may have, as on a full disk.
 */
export function run(command, folder, end = {}) {
  return new Promise((resolve) => {
    const started = performance.now();
    const limited = end.kilobytes === undefined ? command : ["bash", "-c", limit, String(end.kilobytes), ...command];
    const child = spawn(limited[0], limited.slice(1), { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    const printed = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"]) {
      child[name].on("data", (text) => {
        printed[name] += text;
      });
    }
    let changes = 0;
    const kill = () => child.kill(end.signal);
    const watcher = watch(folder, { recursive: true }, () => {
      changes += 1;
      if (changes === end.changes) kill();
    });
    // A folder may be gone again before it can be watched.
    watcher.on("error", () => {});
    const timer = end.after === undefined ? undefined : setTimeout(kill, end.after);
    child.on("close", (status, signal) => {
      clearTimeout(timer);
      watcher.close();
      resolve({ ...printed, status, signal, changes, ms: performance.now() - started });
    });
  });
}

// The limit is in blocks of 1,024 bytes.
const limit = 'ulimit -f "$0"; exec "$@"';

/** A way to end a run that takes `ms` and changes files so often: hard in four of five, at a moment or at a change. */
export function anyEnd(random, { ms, changes }) {
  const kind = random();
  if (kind < 0.4) return { signal: "SIGKILL", after: 100 + random() * 0.8 * ms };
  if (kind < 0.8) return { signal: "SIGKILL", changes: 1 + Math.floor(random() * changes) };
  if (kind < 0.9) return { signal: random() < 0.5 ? "SIGINT" : "SIGTERM", after: 100 + random() * 0.8 * ms };
  return { kilobytes: 1 + Math.floor(random() * 24) };
}

/** Whether a run ended before its time and said no more than it should: a signal, status 130, or one error of a full disk. */
export function endedEarly({ status, signal, stderr }, end) {
  if (end.kilobytes !== undefined) {
    if (status === 2 && !/^error: cannot write [^\n]*file too large/m.test(stderr)) throw new Error(stderr);
    return status === 2;
  }
  if (end.signal === "SIGKILL") return signal === "SIGKILL";
  return status === 130 || signal === end.signal;
}

/** Tears the last lines of logs, as a power cut may: up to so many bytes fewer. */
export function tear(folder, random) {
  for (const name of filesIn(folder)) {
    if (!/\.(log|jsonl)$/.test(name) || random() < 0.5) continue;
    const path = join(folder, name);
    const { length } = readFileSync(path);
    truncateSync(path, Math.max(0, length - Math.floor(random() * 40)));
  }
}

/** Names of the files below a folder; what was cut off a torn log is kept beside it, and does not count. */
export function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".cut"))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
    .sort();
}
