/**
 * The outcomes of a sweep as they come in: a line each, with a checksum before it, only ever appended to.
 *
 * What was being written when a program was killed is cut off; a line that was damaged otherwise is an error.
 */
import { createHash } from "node:crypto";
import { SweepError } from "../errors.ts";
import type { JobOutcome } from "../job/job.ts";
import { canonicalJson, type Json } from "../job/json.ts";

/** Where the lines are kept. */
export interface LogFile {
  /** All of it; empty if there is none yet. */
  read(): string;
  /** Adds text at its end, and returns once that would outlive a crash. */
  append(text: string): void;
  /** Cuts it to its first characters. */
  truncate(length: number): void;
}

/** Outcomes by job, kept in a file. Of two for one job the first stays. */
export class ResultLog {
  readonly #file: LogFile;
  readonly #outcomes = new Map<string, JobOutcome>();

  /** `name` is what messages call the file. @throws {SweepError} `log-damaged` with the line. */
  constructor(file: LogFile, name = "log") {
    this.#file = file;
    const text = file.read();
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    if (whole.length < text.length) file.truncate(whole.length);
    for (const [at, line] of whole.split("\n").slice(0, -1).entries()) {
      const outcome = readLine(line, `${name}:${at + 1}`);
      if (!this.#outcomes.has(outcome.id)) this.#outcomes.set(outcome.id, outcome);
    }
  }

  /** Jobs with an outcome. */
  get size(): number {
    return this.#outcomes.size;
  }

  /** The outcome of a job, if it has one. */
  of(id: string): JobOutcome | undefined {
    return this.#outcomes.get(id);
  }

  /** Keeps an outcome; whether it is the first of its job. */
  add(outcome: JobOutcome): boolean {
    if (this.#outcomes.has(outcome.id)) return false;
    this.#file.append(`${lineOf(outcome)}\n`);
    this.#outcomes.set(outcome.id, outcome);
    return true;
  }
}

/** An outcome as a line of a log or of a list of results. */
export function lineOf(outcome: JobOutcome): string {
  const text = canonicalJson(outcome as unknown as Json);
  return `${sumOf(text)} ${text}`;
}

function readLine(line: string, place: string): JobOutcome {
  const [sum, text] = [line.slice(0, 8), line.slice(9)];
  if (line[8] === " " && sumOf(text) === sum) {
    const outcome = JSON.parse(text) as JobOutcome;
    if (typeof outcome.id === "string" && typeof outcome.ok === "boolean") return outcome;
  }
  throw new SweepError("log-damaged", `${place}: this line is damaged: its checksum is not that of its text`, {
    help: "take the line out to run its job again",
  });
}

function sumOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
