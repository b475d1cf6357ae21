/** Runs the points of an experiment one after the other; what was finished before an interruption is not run again. */
import { appendFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Workplace } from "../../cli/outcome.ts";
import { MillraceError } from "../../errors.ts";
import { makeFolder } from "../../files/make-folder.ts";
import { wholeLines } from "../../files/whole-lines.ts";
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
  const known = new Map<string, FinishedPoint>();
  for (const line of wholeLines(resolve(folder, name)).split("\n")) {
    const point = parsed(line);
    if (point !== undefined) known.set(keyOf(point), point);
  }
  return known;
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
    makeFolder(dirname(path));
    appendFileSync(path, `${JSON.stringify(point)}\n`);
  } catch (cause) {
    throw unwritable(name, cause);
  }
}
