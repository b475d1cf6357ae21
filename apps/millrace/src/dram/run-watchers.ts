/** All that watches the commands of a run: the account of losses always, the rest where it is asked for. */
import { type CommandObserver, type DramSystem, DramTimeline, type TimelineOptions } from "@millrace/sim-core";
import { BankActivity, observeAll } from "./bank-activity.ts";
import { CommandFiles } from "./command-files.ts";
import { LossAccount } from "./losses/loss-account.ts";
import type { TraceForm } from "./setup.ts";

/** What is to be kept of a run. */
export interface WatchedParts {
  /** Name of the command log. */
  readonly commands: string | undefined;
  readonly timeline: TimelineOptions | undefined;
  /** Whether to count what each bank does. */
  readonly banks: boolean;
}

/** The observers of one run; those that are asked for are there once it has begun. */
export class RunWatchers {
  timeline: DramTimeline | undefined;
  banks: BankActivity | undefined;
  readonly #parts: WatchedParts;
  readonly #files: CommandFiles | undefined;
  #losses: LossAccount | undefined;

  constructor(folder: string, parts: WatchedParts) {
    this.#parts = parts;
    this.#files = parts.commands === undefined ? undefined : new CommandFiles(folder, parts.commands);
  }

  /** The observer for the system of the run. */
  observe(system: DramSystem, form: TraceForm): CommandObserver | null {
    const { timeline, banks } = this.#parts;
    const { spec } = system.configuration;
    this.#losses = new LossAccount(system);
    const observers: CommandObserver[] = [this.#losses];
    if (timeline !== undefined) {
      this.timeline = new DramTimeline(spec, timeline);
      observers.push(this.timeline);
    }
    if (banks) {
      this.banks = new BankActivity(system);
      observers.push(this.banks);
    }
    if (this.#files !== undefined) observers.push(this.#files.observe(system, form));
    return observeAll(observers);
  }

  /** The account of losses; only after the run has begun. */
  get losses(): LossAccount {
    return this.#losses!;
  }

  /** Names of the command logs. */
  get commandLogs(): readonly string[] | undefined {
    return this.#files?.names;
  }

  finish(): void {
    this.#files?.finish();
  }

  discard(): void {
    this.#files?.discard();
  }
}
