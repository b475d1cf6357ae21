/** What `--out` keeps for the studio: views, and the `run.json` that names them. The same run leaves the same bytes. */
import { basename } from "node:path";
import type { RunRecord, RunView, ViewDocuments, ViewKind } from "@millrace/studio";
import { packageVersion } from "../cli/version.ts";
import { writeWhole } from "./write.ts";

/** Where a view stands beside its kind. */
export interface ViewPlace {
  /** What it is called in its run; the kind unless given. A view with the name of an earlier one takes its place. */
  readonly id?: string;
}

/** The folder of a run. Every view is on the disk, and named in `run.json`, once `view` has returned. */
export class RunFolder {
  /** The folder, as the user named it. */
  readonly name: string;
  readonly #workFolder: string;
  readonly #command: readonly string[];
  readonly #views = new Map<string, RunView>();

  /** `command` is the command line that runs, from the program's name on; `name` is relative to `workFolder`. */
  constructor(workFolder: string, name: string, command: readonly string[]) {
    this.#workFolder = workFolder;
    this.name = name;
    this.#command = command;
  }

  /**
   * Keeps a view.
   *
   * @throws {MillraceError} `file-unwritable`
   */
  view<Kind extends ViewKind>(kind: Kind, title: string, document: ViewDocuments[Kind], place: ViewPlace = {}): void {
    const { id = kind } = place;
    const file = this.#views.get(id)?.file ?? this.#fileFor(id, document instanceof Uint8Array ? "pftrace" : "json");
    const content = document instanceof Uint8Array ? document : `${JSON.stringify(document)}\n`;
    writeWhole(this.#workFolder, `${this.name}/${file}`, content);
    this.#views.set(id, { id, kind, title, file });
    this.#writeRecord();
  }

  #writeRecord(): void {
    const record: RunRecord = {
      format: "millrace-run-1",
      title: titleOf(this.#command),
      command: this.#command,
      version: packageVersion,
      views: [...this.#views.values()],
    };
    writeWhole(this.#workFolder, `${this.name}/run.json`, `${JSON.stringify(record, null, 2)}\n`);
  }

  // Names of views become names of files on every system; of two that become the same, the second gets a number.
  #fileFor(id: string, extension: string): string {
    const path = id
      .split("/")
      .map((part) => part.replaceAll(/[^\w.-]+/g, "-").replace(/^\.*$/, "-"))
      .join("/");
    const taken = new Set([...this.#views.values()].map(({ file }) => file.toLowerCase()));
    for (let number = 1; ; number++) {
      const file = `views/${path}${number === 1 ? "" : `-${number}`}.${extension}`;
      if (!taken.has(file.toLowerCase())) return file;
    }
  }
}

// The words up to the first flag, paths by their last names: `sam run spmv.gv`.
function titleOf(command: readonly string[]): string {
  const words = command.slice(1);
  const flags = words.findIndex((word) => word.startsWith("-"));
  return (flags < 0 ? words : words.slice(0, flags)).map((word) => basename(word) || word).join(" ");
}
