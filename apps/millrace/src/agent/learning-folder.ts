/** The folder of a learning run: what it is to do, its events, the recorded calls, the report. */
import { appendFileSync, existsSync } from "node:fs";
import { resolve } from "node:path";
import {
  type CassetteEntry,
  type LearningEvent,
  type LearningSpec,
  readCassette,
  readTasks,
  type Task,
} from "@millrace/aspl-agent";
import { MillraceError } from "../errors.ts";
import { readText } from "../files/read.ts";
import { wholeLines } from "../files/whole-lines.ts";
import { unwritable, writeWhole } from "../files/write.ts";
import type { ModelChoice } from "./model-source.ts";

/** What a run needs to be gone on with, beside its events. */
export interface LearningRecord {
  readonly choice: ModelChoice;
  readonly jobs: number;
  /** What the first event says too, which may not have come to the disk. */
  readonly spec?: LearningSpec;
}

/** The files of a run. Events and calls are appended as they happen; everything else is written whole. */
export class LearningFolder {
  readonly #workFolder: string;
  readonly name: string;

  constructor(workFolder: string, name: string) {
    this.#workFolder = workFolder;
    this.name = name;
  }

  /** Whether there is a run already. */
  get begun(): boolean {
    return existsSync(this.#path("learning.json"));
  }

  begin(record: LearningRecord, tasks: string): void {
    this.write("tasks.json", tasks);
    this.write("learning.json", `${JSON.stringify(record)}\n`);
  }

  /** @throws {MillraceError} `file-missing` if this is no folder of a run. */
  record(): LearningRecord {
    return JSON.parse(readText(this.#workFolder, `${this.name}/learning.json`)) as LearningRecord;
  }

  tasks(): readonly Task[] {
    return readTasks(JSON.parse(readText(this.#workFolder, `${this.name}/tasks.json`)));
  }

  /** All whole events; a torn last line is cut off the file. */
  events(): readonly LearningEvent[] {
    return wholeLines(this.#path("events.jsonl"))
      .split("\n")
      .slice(0, -1)
      .map((line, index) => parseEvent(line, `${this.name}/events.jsonl`, index + 1));
  }

  /** @throws {MillraceError} `file-unwritable` */
  append(event: LearningEvent): void {
    this.#append("events.jsonl", event);
  }

  /** Recorded calls; a torn last line is cut off. */
  calls(): readonly CassetteEntry[] {
    return readCassette(wholeLines(this.#path("cassette.jsonl")));
  }

  /** @throws {MillraceError} `file-unwritable` */
  recordCall(entry: CassetteEntry): void {
    this.#append("cassette.jsonl", entry);
  }

  write(name: string, text: string): string {
    return writeWhole(this.#workFolder, `${this.name}/${name}`, text);
  }

  #path(file: string): string {
    return resolve(this.#workFolder, this.name, file);
  }

  #append(file: string, entry: LearningEvent | CassetteEntry): void {
    try {
      appendFileSync(this.#path(file), `${JSON.stringify(entry)}\n`);
    } catch (cause) {
      throw unwritable(`${this.name}/${file}`, cause);
    }
  }
}

function parseEvent(line: string, file: string, number: number): LearningEvent {
  try {
    const event = JSON.parse(line) as LearningEvent;
    if (["run", "sample", "iteration", "enumerated", "optimized", "stop"].includes(event.type)) return event;
  } catch {
    // Told below.
  }
  throw new MillraceError("file-kind", `${file}:${number}: this is no event of a run`, {
    place: { file, line: number, column: 1 },
  });
}
