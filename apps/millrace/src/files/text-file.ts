/** A text file written bit by bit: under a temporary name until it is complete. */
import { closeSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { writeFully } from "./descriptor.ts";
import { makeFolder } from "./make-folder.ts";
import { partialName, removePartials } from "./partial.ts";
import { unwritable } from "./write.ts";

const CHUNK_CHARACTERS = 1 << 16;

/** Removes what is left of a file that a thread of this process was writing when it ended. */
export function removePartial(folder: string, name: string): void {
  rmSync(partialName(resolve(folder, name)), { force: true });
}

/** A file that is being written. */
export class TextFile {
  readonly #name: string;
  readonly #path: string;
  readonly #temporary: string;
  readonly #file: number;
  #chunk = "";

  /** @throws {MillraceError} `file-unwritable` */
  constructor(folder: string, name: string) {
    this.#name = name;
    this.#path = resolve(folder, name);
    this.#temporary = partialName(this.#path);
    try {
      makeFolder(dirname(this.#path));
      removePartials(this.#path);
      this.#file = openSync(this.#temporary, "w");
    } catch (cause) {
      throw unwritable(name, cause);
    }
  }

  /** @throws {MillraceError} `file-unwritable` */
  write(text: string): void {
    this.#chunk += text;
    if (this.#chunk.length >= CHUNK_CHARACTERS) this.#flush();
  }

  /**
   * Completes the file: from now on it has its name.
   *
   * @throws {MillraceError} `file-unwritable`
   */
  finish(): void {
    this.#flush();
    closeSync(this.#file);
    try {
      renameSync(this.#temporary, this.#path);
    } catch (cause) {
      rmSync(this.#temporary, { force: true });
      throw unwritable(this.#name, cause);
    }
  }

  /** Gives the file up. */
  discard(): void {
    closeSync(this.#file);
    rmSync(this.#temporary, { force: true });
  }

  #flush(): void {
    try {
      writeFully(this.#file, this.#chunk);
    } catch (cause) {
      throw unwritable(this.#name, cause);
    }
    this.#chunk = "";
  }
}
