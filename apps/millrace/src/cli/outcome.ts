/**
 * What a command gives back: one result that can be printed for people or for programs.
 *
 * Commands compute and return; what is printed where, and what is kept in the `--out` folder, is decided here once.
 */
import type { CommandContext } from "@stricli/core";
import type { ExitStatus } from "../errors.ts";
import { RunFolder } from "../files/run-folder.ts";
import { writeWhole } from "../files/write.ts";
import { type JsonValue, writeJson } from "../terminal/json.ts";
import { Progress } from "../terminal/progress.ts";
import { type CommonFlags, checkWindow } from "./flags.ts";
import type { Host } from "./host.ts";

/** A finished command. */
export interface Outcome {
  /** 3 when a check failed; the result is printed all the same. */
  readonly status?: ExitStatus;
  /** Whether the command has kept in its `--out` folder what there is to keep. */
  readonly recorded?: boolean;
  /** The one JSON document of `--json`. */
  json(): JsonValue;
  /** What people read; ends with a line break. */
  text(): string;
}

/** What a command works with besides its flags and arguments. */
export interface Workplace {
  readonly host: Host;
  readonly progress: Progress;
  /** Prints a line that is not part of the result, on stderr; dropped with `--quiet`. */
  note(line: string): void;
  /** Names the work of reading a file on the live line; give the result to the reader, to be told how far it is. */
  reading(name: string): (done: number, total: number) => void;
  /** Writes a file, named from the folder the user works in, and returns its path. */
  write(name: string, content: string | Uint8Array): string;
  /** The `--out` folder as a run that the studio shows; absent where nothing is kept. */
  readonly kept?: RunFolder;
}

/** One run of the command line, as the argument scanner passes it to commands. */
export interface Invocation extends CommandContext {
  readonly host: Host;
  /** The command line, from the program's name on. */
  readonly command: readonly string[];
  /** Exit status of a command that was carried out. */
  status: ExitStatus;
}

/** A command's work: flags, the workplace, then the positional arguments. */
export type Work<Flags extends CommonFlags, Arguments extends readonly (string | undefined)[]> = (
  flags: Flags,
  place: Workplace,
  ...inputs: Arguments
) => Outcome | Promise<Outcome>;

/** Makes a command's function out of its work: runs it, prints the outcome, keeps it in the `--out` folder under `record`. */
export function presenting<Flags extends CommonFlags, Arguments extends readonly (string | undefined)[]>(
  record: string,
  work: Work<Flags, Arguments>,
): (this: Invocation, flags: Flags, ...inputs: Arguments) => Promise<void> {
  return async function (flags, ...inputs) {
    checkWindow(flags);
    const { host, command } = this;
    const progress = new Progress(host, flags.quiet === true);
    const place: Workplace = {
      host,
      progress,
      note(line) {
        if (flags.quiet) return;
        progress.clear();
        host.stderr.write(`${line}\n`);
      },
      reading(name) {
        progress.begin(`reading ${name}`);
        return (done, total) => progress.report(done / 1e6, total / 1e6, "MB");
      },
      write: (name, content) => writeWhole(host.folder, name, content),
      ...(flags.out !== undefined && { kept: new RunFolder(host.folder, flags.out, command) }),
    };
    let outcome: Outcome;
    try {
      outcome = await work(flags, place, ...inputs);
    } finally {
      progress.clear();
    }
    if (flags.out !== undefined && !outcome.recorded)
      place.write(`${flags.out}/${record}.json`, jsonText(outcome.json()));
    if (flags.json) writeJson((text) => host.stdout.write(text), outcome.json());
    else host.stdout.write(outcome.text());
    this.status = outcome.status ?? 0;
  };
}

/** A result as the text of its file. */
export function jsonText(value: JsonValue): string {
  const chunks: string[] = [];
  writeJson((text) => chunks.push(text), value);
  return chunks.join("");
}
