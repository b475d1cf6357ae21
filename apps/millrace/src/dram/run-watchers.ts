/** All that watches the commands of a run, where it is asked for. */
import { BankTimeline, type BankTimelineOptions, type CommandObserver, type DramSystem } from "@millrace/sim-core";
import { BankActivity, observeAll } from "./bank-activity.ts";
import { CommandFiles } from "./command-files.ts";
import type { TraceForm } from "./setup.ts";

/** What is to be kept of a run. */
export interface WatchedParts {
  /** Name of the command log. */
  readonly commands: string | undefined;
  readonly timeline: BankTimelineOptions | undefined;
  /** Whether to count what each bank does. */
  readonly banks: boolean;
}

/** The observers of one run; those that are asked for are there once it has begun. */
export class RunWatchers {
  timeline: BankTimeline | undefined;
  banks: BankActivity | undefined;
  readonly #parts: WatchedParts;
  readonly #files: CommandFiles | undefined;

  constructor(folder: string, parts: WatchedParts) {
    this.#parts = parts;
    this.#files = parts.commands === undefined ? undefined : new CommandFiles(folder, parts.commands);
  }

  /** The observer for the system of the run. */
  observe(system: DramSystem, form: TraceForm): CommandObserver | null {
    const { timeline, banks } = this.#parts;
    const { spec } = system.configuration;
    const observers: CommandObserver[] = [];
    if (timeline !== undefined) {
      this.timeline = new BankTimeline(spec, timeline);
      observers.push(this.timeline);
    }
    if (banks) {
      this.banks = new BankActivity(system);
      observers.push(this.banks);
    }
    if (this.#files !== undefined) observers.push(this.#files.observe(system, form));
    return observeAll(observers);
  }

  finish(): void {
    this.#files?.finish();
  }

  discard(): void {
    this.#files?.discard();
  }
}
