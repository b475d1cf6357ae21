/** Runs the points of an experiment one after the other; what was finished before an interruption is not run again. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Workplace } from "../../cli/outcome.ts";
import { MillraceError } from "../../errors.ts";
import { readText } from "../../files/read.ts";
import { unwritable } from "../../files/write.ts";
import { type FinishedPoint, finish, type Point } from "./point.ts";

/** The log of finished points in an `--out` folder: one JSON document a line. */
const logName = "points.jsonl";

/**
 * Runs `points` that the log in `out` does not have yet, and logs each as it ends.
 *
 * @throws {MillraceError} `interrupted` between two points if the user asked to stop, `file-unwritable`
 */
export function runPoints(points: readonly Point[], place: Workplace, out: string | undefined): FinishedPoint[] {
  const { host, progress } = place;
  const log = out === undefined ? undefined : `${out}/${logName}`;
  if (log !== undefined) cutTornLine(host.folder, log);
  const known = log === undefined ? new Map<string, FinishedPoint>() : readLog(host.folder, log);
  return points.map((point, at) => {
    const before = known.get(keyOf(point));
    if (before !== undefined) return { ...before, label: point.label, candidate: point.candidate };
    if (host.stopRequested()) {
      throw new MillraceError("interrupted", `interrupted after ${at} of ${points.length} points`, {
        ...(log === undefined ? {} : { help: "the same command goes on where it stopped" }),
      });
    }
    progress.begin(`${at + 1}/${points.length} ${point.label}`);
    const finished = finish(point);
    if (log !== undefined) append(host.folder, log, finished);
    return finished;
  });
}

function keyOf({ key }: Pick<Point, "key">): string {
  return JSON.stringify(key);
}

function readLog(folder: string, name: string): Map<string, FinishedPoint> {
  if (!existsSync(resolve(folder, name))) return new Map();
  const known = new Map<string, FinishedPoint>();
  for (const line of readText(folder, name).split("\n")) {
    const point = parsed(line);
    if (point !== undefined) known.set(keyOf(point), point);
  }
  return known;
}

/** Cuts off what is left of a line that was being written when the program was killed, so that the next one starts a line. */
function cutTornLine(folder: string, name: string): void {
  const path = resolve(folder, name);
  if (!existsSync(path)) return;
  const bytes = readFileSync(path);
  const whole = bytes.lastIndexOf("\n") + 1;
  if (whole < bytes.length) truncateSync(path, whole);
}

/** A line of the log; nothing for one that is not of ours. */
function parsed(line: string): FinishedPoint | undefined {
  try {
    const point = JSON.parse(line) as FinishedPoint;
    return typeof point.cycles === "number" && typeof point.key === "object" ? point : undefined;
  } catch {
    return undefined;
  }
}

function append(folder: string, name: string, point: FinishedPoint): void {
  const path = resolve(folder, name);
  try {
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(path, `${JSON.stringify(point)}\n`);
  } catch (cause) {
    throw unwritable(name, cause);
  }
}
