import type { CommandObserver, DramSystem, IssuedCommand } from "@millrace/sim-core";

/** What each bank did. Banks are numbered through all channels, in tree order. */
export interface BankCounts {
  readonly banksPerChannel: number;
  /** Per bank: reads and writes, and rows opened. */
  readonly accesses: Float64Array;
  readonly activations: Float64Array;
}

/** The counts of channels one after the other; there is at least one. */
export function joinedBanks(parts: readonly BankCounts[]): BankCounts {
  const joined = (of: (part: BankCounts) => Float64Array): Float64Array =>
    Float64Array.from(parts.flatMap((part) => [...of(part)]));
  return {
    banksPerChannel: parts[0]!.banksPerChannel,
    accesses: joined((part) => part.accesses),
    activations: joined((part) => part.activations),
  };
}

/** Counts what each bank of a system's channels does. */
export class BankActivity implements BankCounts, CommandObserver {
  readonly banksPerChannel: number;
  readonly accesses: Float64Array;
  readonly activations: Float64Array;
  readonly #first: number;
  readonly #accesses: readonly boolean[];
  readonly #opens: readonly boolean[];

  constructor({ channels, configuration: { spec } }: DramSystem) {
    this.#first = channels[0]!.index;
    this.banksPerChannel = spec.counts.slice(1, spec.bankLevel + 1).reduce((product, count) => product * count, 1);
    this.accesses = new Float64Array(channels.length * this.banksPerChannel);
    this.activations = new Float64Array(channels.length * this.banksPerChannel);
    this.#accesses = spec.commands.map(({ accesses }) => accesses);
    this.#opens = spec.commands.map(({ opens }) => opens);
  }

  issued({ channel, bank, command }: IssuedCommand): void {
    const at = (channel - this.#first) * this.banksPerChannel + bank;
    if (this.#accesses[command]) this.accesses[at]! += 1;
    else if (this.#opens[command]) this.activations[at]! += 1;
  }
}

/** An observer that tells several. */
export function observeAll(observers: readonly CommandObserver[]): CommandObserver | null {
  if (observers.length < 2) return observers[0] ?? null;
  return {
    issued(command) {
      for (const observer of observers) observer.issued(command);
    },
  };
}
