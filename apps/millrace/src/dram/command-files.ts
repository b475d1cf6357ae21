/** The command logs of a run: one file, or one for each channel. */
import { CommandLog, type CommandObserver, commandLogHeader, type DramSystem } from "@millrace/sim-core";
import { TextFile } from "../files/text-file.ts";
import type { TraceForm } from "./setup.ts";

/** Writes what Ramulator writes, to `NAME` for one channel and to `NAME.ch0`, `NAME.ch1`, … for several. */
export class CommandFiles {
  readonly #folder: string;
  readonly #name: string;
  readonly #files: TextFile[] = [];
  readonly names: string[] = [];

  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#name = name;
  }

  /** Opens the files for a run. */
  observe({ channels, configuration }: DramSystem, form: TraceForm): CommandObserver {
    for (let at = 0; at < channels.length; at++) {
      this.names.push(channels.length === 1 ? this.#name : `${this.#name}.ch${at}`);
      this.#files.push(new TextFile(this.#folder, this.names[at]!));
    }
    // The original writes the header with the first command, so that the log of an idle channel is empty.
    const header = commandLogHeader(configuration.spec);
    const begun = new Uint8Array(channels.length);
    const write = (channel: number, line: string): void => {
      if (begun[channel] === 0) {
        begun[channel] = 1;
        this.#files[channel]!.write(header);
      }
      this.#files[channel]!.write(line);
    };
    return new CommandLog(configuration.spec, write, form === "timed" || form === "dramsim3" ? 0 : -1);
  }

  finish(): void {
    for (const file of this.#files) file.finish();
  }

  discard(): void {
    for (const file of this.#files) file.discard();
  }
}
