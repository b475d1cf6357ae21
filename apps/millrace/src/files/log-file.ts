/** A log as a file: every line is on the disk before the work goes on, and one process at a time writes. */
import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, rmSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { LogStore } from "@millrace/baco-tuner";
import { MillraceError } from "../errors.ts";
import { writeFully } from "./descriptor.ts";
import { makeFolder } from "./make-folder.ts";
import { processNamed, runs } from "./running-process.ts";
import { unwritable, writeWhole } from "./write.ts";

const LOCK_ROUNDS = 5;
const never = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/** A log that is open for writing. */
export class LogFile implements LogStore {
  readonly #name: string;
  readonly #path: string;
  readonly #lock: string;
  readonly #file: number;

  /**
   * Opens a log, or begins one. An existing one is gone on with only where `resume` says so.
   *
   * @throws {MillraceError} `file-unwritable`; `argument` if there is a log already, or another process writes it
   */
  constructor(folder: string, name: string, resume: boolean) {
    this.#name = name;
    this.#path = resolve(folder, name);
    this.#lock = `${this.#path}.lock`;
    if (!resume && existsSync(this.#path)) {
      throw new MillraceError("argument", `there is a study in ${name} already`, {
        help: "go on with it with --resume, or name another file",
      });
    }
    try {
      makeFolder(dirname(this.#path));
      this.#takeLock();
      this.#file = openSync(this.#path, "a+");
    } catch (cause) {
      throw cause instanceof MillraceError ? cause : unwritable(name, cause);
    }
  }

  read(): string {
    return readFileSync(this.#path, "utf8");
  }

  append(line: string): void {
    try {
      writeFully(this.#file, line);
      fsyncSync(this.#file);
    } catch (cause) {
      throw unwritable(this.#name, cause);
    }
  }

  /** Cuts the log; what is cut off is kept beside it. */
  truncate(length: number): void {
    const text = this.read();
    writeWhole("", `${this.#path}.cut`, text.slice(length));
    ftruncateSync(this.#file, Buffer.byteLength(text.slice(0, length)));
  }

  /** Lets others write. */
  close(): void {
    closeSync(this.#file);
    rmSync(this.#lock, { force: true });
  }

  #takeLock(): void {
    for (let round = 0; ; round++) {
      try {
        const lock = openSync(this.#lock, "wx");
        writeFully(lock, processNamed(process.pid));
        closeSync(lock);
        return;
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== "EEXIST" || round === LOCK_ROUNDS) throw cause;
        const holder = existsSync(this.#lock) ? readFileSync(this.#lock, "utf8") : "";
        if (runs(holder)) {
          throw new MillraceError("argument", `process ${Number.parseInt(holder, 10)} is writing ${this.#name}`, {
            help: `wait for it; if it is nothing of ours, remove ${this.#name}.lock`,
          });
        }
        // A lock without a name may be one whose holder is about to write it.
        if (holder === "" && round < LOCK_ROUNDS - 2) Atomics.wait(never, 0, 0, 20);
        else rmSync(this.#lock, { force: true });
      }
    }
  }
}

/** A log that is kept nowhere. */
export class MemoryLog implements LogStore {
  #text = "";

  read(): string {
    return this.#text;
  }

  append(line: string): void {
    this.#text += line;
  }

  truncate(length: number): void {
    this.#text = this.#text.slice(0, length);
  }

  close(): void {}
}
