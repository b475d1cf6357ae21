/** The command logs of a run: one file, or one for each channel. */
import { CommandLog, type CommandObserver, commandLogHeader, type DramSystem } from "@millrace/sim-core";
import { TextFile } from "../files/text-file.ts";
import type { TraceForm } from "./setup.ts";

/** Names of the logs called `name` of a memory with so many channels. */
export function commandLogNames(name: string, channels: number): string[] {
  return channels === 1 ? [name] : Array.from({ length: channels }, (_, at) => `${name}.ch${at}`);
}

/** Writes what Ramulator writes, to `NAME` for one channel and to `NAME.ch0`, `NAME.ch1`, … for several. */
export class CommandFiles {
  readonly #folder: string;
  readonly #name: string;
  // By channel.
  readonly #files: TextFile[] = [];

  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#name = name;
  }

  /** Opens the files for a run on the channels of a system, which may be some of a memory's. */
  observe({ channels, configuration }: DramSystem, form: TraceForm): CommandObserver {
    const names = commandLogNames(this.#name, configuration.channels);
    for (const { index } of channels) this.#files[index] = new TextFile(this.#folder, names[index]!);
    // The original writes the header with the first command, so that the log of an idle channel is empty.
    const header = commandLogHeader(configuration.spec);
    const begun = new Uint8Array(configuration.channels);
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
    this.#files.forEach((file) => {
      file.finish();
    });
  }

  discard(): void {
    this.#files.forEach((file) => {
      file.discard();
    });
  }
}
