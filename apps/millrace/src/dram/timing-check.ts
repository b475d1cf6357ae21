import type { CommandObserver, DramSystem, IssuedCommand } from "@millrace/sim-core";
import { ConstraintTimes } from "./constraint-times.ts";

/**
 * Holds every command against the constraint table of its part, by the times of the commands before it: a second opinion
 * on the engine, which keeps ready times instead.
 */
export class TimingCheck implements CommandObserver {
  /** Commands seen. */
  commands = 0;
  /** Commands that came before a constraint allowed them. */
  early = 0;
  readonly #channels: readonly ConstraintTimes[];

  constructor({ channels, configuration }: DramSystem) {
    this.#channels = channels.map(() => new ConstraintTimes(configuration.spec));
  }

  issued(issued: IssuedCommand): void {
    const times = this.#channels[issued.channel]!;
    this.commands += 1;
    if (issued.clk < times.earliest(issued)) this.early += 1;
    times.note(issued);
  }
}
