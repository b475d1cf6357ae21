/**
 * Where the bandwidth went: every tick of every data bus is booked as data or as lost to one cause.
 *
 * Between two bursts on a bus, time is walked backwards from the later one: until its last timing constraint allowed it
 * it was not chosen (head of line, or nothing to choose); before that it waited for the constraint; where that was the
 * opening of its row, the walk goes on with that command, and from there with the closing of the row before. What the
 * walk books is cut at the end of the earlier burst, so the parts add up to the whole.
 */
import type { CommandObserver, DramChannel, DramSystem, IssuedCommand } from "@millrace/sim-core";
import { peakOfPart } from "../peak-bandwidth.ts";
import { ACTIVATION_WINDOW, Binding, BUS, CLOSED, FREE, OPENED, REFRESHED, TURNAROUND } from "./binding.ts";
import { type LossCause, lossCauses } from "./loss-cause.ts";

/** Shares of the peak: `data` was moved, the others were lost. They add up to 1. */
export type LossShares = Readonly<Record<"data" | LossCause, number>>;

const cause = Object.fromEntries(lossCauses.map((name, at) => [name, at])) as Record<LossCause, number>;

/** Books the time of the buses of all channels: make it the observer of their commands. */
export class LossAccount implements CommandObserver {
  readonly #channels: readonly ChannelAccount[];

  constructor({ channels, configuration }: DramSystem) {
    const part = peakOfPart(configuration.spec);
    this.#channels = channels.map((channel) => new ChannelAccount(channel, part));
  }

  issued(command: IssuedCommand): void {
    this.#channels[command.channel]!.issued(command);
  }

  /** The shares of each channel in a run of `cycles` ticks, and of all of them together. */
  close(cycles: number): { readonly total: LossShares; readonly channels: readonly LossShares[] } {
    const booked = this.#channels.map((channel) => channel.close(cycles));
    const sum = new Float64Array(lossCauses.length + 1);
    for (const each of booked) for (let at = 0; at < sum.length; at++) sum[at]! += each[at]!;
    return { total: sharesOf(sum), channels: booked.map(sharesOf) };
  }
}

// The last entry is data. A run without a tick lost nothing and moved nothing.
function sharesOf(booked: Float64Array): LossShares {
  const whole = booked.reduce((sum, ticks) => sum + ticks, 0);
  const share = (at: number): number => (whole === 0 ? 0 : booked[at]! / whole);
  const losses = Object.fromEntries(lossCauses.map((name, at) => [name, share(at)])) as Record<LossCause, number>;
  return { data: share(lossCauses.length), ...losses };
}

class ChannelAccount {
  readonly #channel: DramChannel;
  readonly #binding: Binding;
  readonly #banksPerBus: number;
  readonly #burst: number;
  // Per cause, then data: ticks of all buses of the channel.
  readonly #booked: Float64Array = new Float64Array(lossCauses.length + 1);
  // Per bus: end of its last burst, and what it waits for while no constraint holds it.
  readonly #busEnd: Float64Array;
  readonly #waiting: Uint8Array;
  // Per bank: how it came to be closed; when its row was opened, and when that was allowed and why; the same of its close.
  readonly #reopening: Uint8Array;
  readonly #openedAt: Float64Array;
  readonly #openReady: Float64Array;
  readonly #openWhy: Uint8Array;
  readonly #closedAt: Float64Array;
  readonly #closeReady: Float64Array;
  // Of the gap that is being booked: its begin, and up to where it is not booked yet.
  #from = 0;
  #until = 0;

  constructor(channel: DramChannel, part: { readonly busLevel: number; readonly spacing: number }) {
    const { spec } = channel;
    this.#channel = channel;
    this.#binding = new Binding(spec);
    const below = (level: number): number =>
      spec.counts.slice(level + 1, spec.bankLevel + 1).reduce((product, count) => product * count, 1);
    const banks = below(0);
    this.#banksPerBus = below(part.busLevel);
    this.#burst = part.spacing;
    this.#busEnd = new Float64Array(banks / this.#banksPerBus);
    this.#waiting = new Uint8Array(this.#busEnd.length).fill(cause.noRequests);
    this.#reopening = new Uint8Array(banks).fill(cause.rowOpenings);
    this.#openedAt = new Float64Array(banks);
    this.#openReady = new Float64Array(banks);
    this.#openWhy = new Uint8Array(banks);
    this.#closedAt = new Float64Array(banks);
    this.#closeReady = new Float64Array(banks);
  }

  issued(issued: IssuedCommand): void {
    const { command, bank, level, clk, kind } = issued;
    const { opens, closes, accesses } = this.#channel.spec.commands[command]!;
    const binding = this.#binding;
    // The wait of maintenance is part of what it is for.
    if (kind >= 0) binding.find(command, bank, level);
    if (accesses) this.#book(bank, clk);
    else if (opens) {
      this.#openedAt[bank] = clk;
      this.#openReady[bank] = binding.ready;
      this.#openWhy[bank] = binding.why;
    }
    if (closes) this.#noteClose(issued, accesses);
    binding.note(issued);
  }

  #noteClose({ bank, level, clk, kind }: IssuedCommand, accesses: boolean): void {
    const { spec } = this.#channel;
    const wide = level < spec.bankLevel;
    const inside = wide ? spec.counts.slice(level + 1, spec.bankLevel + 1).reduce((a, b) => a * b, 1) : 1;
    const policy = accesses || (!wide && this.#channel.options.rowPolicy === "closed");
    const why = kind >= 0 && !accesses ? cause.rowConflicts : policy ? cause.rowOpenings : cause.refresh;
    for (let each = bank; each < bank + inside; each++) {
      this.#reopening[each] = why;
      this.#closedAt[each] = clk;
      this.#closeReady[each] = kind >= 0 && !accesses ? this.#binding.ready : clk;
    }
  }

  /** Books the time of a bus from its last burst to the one that begins at `clk`. */
  #book(bank: number, clk: number): void {
    const bus = Math.floor(bank / this.#banksPerBus);
    this.#from = this.#busEnd[bus]!;
    this.#until = clk;
    const waiting = this.#waiting[bus]!;
    if (clk > this.#from) this.#walk(bank, waiting);
    // Bursts may come closer than the peak allows where a spec says so; then less than a burst is left to book.
    this.#booked[lossCauses.length]! += this.#burst - Math.max(0, this.#from - clk);
    this.#busEnd[bus] = clk + this.#burst;
    this.#waiting[bus] = this.#others() ? cause.headOfLine : cause.noRequests;
  }

  #walk(bank: number, waiting: number): void {
    const { ready, why } = this.#binding;
    this.#take(ready, waiting);
    if (why !== OPENED) {
      this.#take(0, reasons[why] ?? waiting);
      return;
    }
    const reopening = this.#reopening[bank]!;
    this.#take(this.#openedAt[bank]!, reopening);
    this.#take(this.#openReady[bank]!, waiting);
    const openWhy = this.#openWhy[bank]!;
    if (openWhy !== CLOSED) {
      this.#take(0, openWhy === FREE ? waiting : (reasons[openWhy] ?? reopening));
      return;
    }
    this.#take(this.#closedAt[bank]!, reopening);
    this.#take(this.#closeReady[bank]!, waiting);
    this.#take(0, reopening);
  }

  /** Books what is left of the gap after `time`. */
  #take(time: number, to: number): void {
    const start = Math.max(time, this.#from);
    if (start >= this.#until) return;
    this.#booked[to]! += this.#until - start;
    this.#until = start;
  }

  /** Whether the channel holds requests besides the one that is being served. */
  #others(): boolean {
    const { acceptedReads, acceptedWrites, forwarded, coalesced, readsServed, writesServed } = this.#channel.counters;
    return acceptedReads + acceptedWrites - forwarded - coalesced - readsServed - writesServed > 1;
  }

  /** Ticks per cause, then of data, of a run of `cycles` ticks. */
  close(cycles: number): Float64Array {
    const booked = this.#booked.slice();
    for (let bus = 0; bus < this.#busEnd.length; bus++) {
      const left = cycles - this.#busEnd[bus]!;
      // The data of a last burst may lie beyond the end of the run.
      if (left < 0) booked[lossCauses.length]! += left;
      else booked[this.#waiting[bus]!]! += left;
    }
    return booked;
  }
}

const reasons: Readonly<Record<number, number>> = {
  [TURNAROUND]: cause.turnaround,
  [BUS]: cause.bus,
  [ACTIVATION_WINDOW]: cause.activationWindow,
  [REFRESHED]: cause.refresh,
};
